"""Faces: drawn to be read in more than one way. What there is to see in each stands in `library/pictures.yaml`."""

from __future__ import annotations

from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.faces_heads import HEADS
from openipt.pictures.svg import Node

LEFT, RIGHT, EYES = 76.0, 124.0, 98.0  # a face stands on a ground of 200 by 220
_LINE, _THICK = 3.2, 4.6


@dataclass(frozen=True)
class Face:
    """One face: whose head it is, and how brows, eyes and mouth stand in it. Lengths are in units of the drawing."""

    head: str
    inner: tuple[float, float] = (80, 80)  # height of the inner end of the left and the right brow
    outer: tuple[float, float] = (80, 80)
    arch: tuple[float, float] = (-6, -6)  # how far a brow bends: less than 0 is upward
    together: float = 0  # how far the brows come towards each other
    eyes: str = "open"  # open, narrow, wide, down, arcs
    look: tuple[float, float] = (0, 0)  # where the eyes look
    mouth: str = "M80 156Q100 159 120 156"
    open_mouth: bool = False
    tilt: float = 0
    more: tuple[str, ...] = ()  # further strokes


FACES: dict[str, Face] = {
    "face-brows-together": Face(
        "short",
        inner=(86, 86), outer=(74, 74), arch=(0, 0), together=7, eyes="narrow",
        mouth="M84 157Q100 153 116 157", more=("M96 84V75", "M104 84V75", "M93 165Q100 167 107 165"),
    ),
    "face-eyes-down": Face(
        "long",
        inner=(76, 76), outer=(82, 82), arch=(-4, -4), eyes="down",
        mouth="M86 157Q100 152 114 157Q100 165 86 157Z", open_mouth=True, tilt=8,
    ),
    "face-mouth-smiles": Face(
        "bun",
        inner=(80, 80), outer=(82, 82), arch=(-5, -5),
        mouth="M78 150Q100 166 122 150", more=("M75 147Q77 150 76 153", "M125 147Q123 150 124 153"),
    ),
    "face-eyes-smile": Face(
        "curly",
        inner=(78, 78), outer=(80, 80), arch=(-9, -9), eyes="arcs",
        mouth="M74 144Q100 150 126 144Q120 174 100 174Q80 174 74 144Z", open_mouth=True,
        more=("M78 151Q100 156 122 151", "M54 94L47 90", "M54 99L46 99", "M146 94L153 90", "M146 99L154 99",
              "M66 132Q62 138 64 146", "M134 132Q138 138 136 146"),
    ),
    "face-eyes-wide": Face(
        "scarf",
        inner=(72, 72), outer=(80, 80), arch=(-12, -12), eyes="wide",
        mouth="M100 146C109 146 111 152 111 159C111 167 107 172 100 172C93 172 89 167 89 159C89 152 91 146 100 146Z",
        open_mouth=True, more=("M84 62Q100 58 116 62",),
    ),
    "face-looks-aside": Face(
        "beard",
        inner=(81, 81), outer=(80, 80), arch=(-5, -5), look=(8, 1), mouth="M84 156H116",
    ),
    "face-one-brow": Face(
        "glasses",
        inner=(81, 70), outer=(81, 71), arch=(-1, -9), eyes="open", look=(2, 0),
        mouth="M82 159Q106 161 121 149", more=("M124 145Q126 149 124 153",),
    ),
    "face-tears": Face(
        "grey",
        inner=(71, 71), outer=(84, 84), arch=(0, 0), eyes="open", look=(0, 2),
        mouth="M82 161Q100 151 118 161",
        more=("M72 109Q66 119 72 122Q78 119 72 109Z", "M70 128Q65 137 70 140Q75 137 70 128Z",
              "M128 109Q122 119 128 122Q134 119 128 109Z", "M94 169Q100 167 106 169", "M88 66Q100 63 112 66"),
    ),
}  # fmt: skip


def parts_of(face: Face) -> list[Node]:
    """Return the strokes of a face, back to front."""
    behind, before = HEADS[face.head]
    inside = [*_brows(face), *_eyes(face), *_rest(face)]
    return [svg.node("g", *behind, *inside, *before, transform=f"rotate({face.tilt:g} 100 190)")]


def stroke(steps: str, width: float = _LINE, fill: str = "f-none") -> Node:
    """Return one soft stroke."""
    return svg.node(
        "path", d=steps, class_=f"c-ink {fill}", stroke_width=width, stroke_linecap="round", stroke_linejoin="round"
    )


def _brows(face: Face) -> list[Node]:
    found = []
    for place, (middle, way) in enumerate(((LEFT, 1), (RIGHT, -1))):
        start = middle - way * 19
        end = middle + way * (14 + face.together)
        peak = min(face.inner[place], face.outer[place]) + face.arch[place]
        bend = (face.inner[place] + face.outer[place]) / 2 if face.arch[place] == 0 else peak
        found.append(
            stroke(f"M{start:g} {face.outer[place]:g}Q{middle:g} {bend:g} {end:g} {face.inner[place]:g}", _THICK)
        )
    return found


def _eyes(face: Face) -> list[Node]:
    return [part for middle in (LEFT, RIGHT) for part in _eye(face, middle)]


def _eye(face: Face, x: float) -> list[Node]:
    y = EYES
    if face.eyes == "arcs":
        return [stroke(f"M{x - 15:g} {y + 3:g}Q{x:g} {y - 13:g} {x + 15:g} {y + 3:g}", _THICK)]
    if face.eyes == "down":
        lashes = [stroke(f"M{x + step:g} {y + 9 - abs(step) / 4:g}L{x + step * 1.2:g} {y + 14 - abs(step) / 4:g}", 2)
                  for step in (-8, 0, 8)]  # fmt: skip
        return [
            stroke(f"M{x - 14:g} {y + 2:g}Q{x:g} {y + 15:g} {x + 14:g} {y + 2:g}"),
            stroke(f"M{x - 13:g} {y - 3:g}Q{x:g} {y - 11:g} {x + 13:g} {y - 3:g}", 2.2),
            *lashes,
        ]
    high, low, wide = {"open": (11, 10, 15), "narrow": (6, 6, 15), "wide": (19, 18, 15)}[face.eyes]
    outline = (
        f"M{x - wide:g} {y:g}Q{x:g} {y - 1.7 * high:g} {x + wide:g} {y:g}Q{x:g} {y + 1.7 * low:g} {x - wide:g} {y:g}Z"
    )
    across, down = face.look
    pupil = 4.6 if face.eyes == "narrow" else 5.6
    return [stroke(outline, 2.6, "f-surface"), svg.circle(x + across, y + down, pupil, "f-ink")]


def _rest(face: Face) -> list[Node]:
    nose = stroke("M101 104Q97 118 93 125Q97 130 104 128", 2.6)
    mouth = stroke(face.mouth, _LINE, "f-sunk" if face.open_mouth else "f-none")
    return [nose, mouth, *(stroke(one, 2.4) for one in face.more)]
