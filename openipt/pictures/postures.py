"""Postures: drawn to be read in more than one way. Each is some people, back to front, and the things around them."""

# ruff: noqa: E501 - a stroke stands on one line, however many steps it has
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openipt.pictures import svg
from openipt.pictures.svg import Node

Spot = tuple[float, float]
_EDGE = 5.0  # both sides of the line around a limb together
_ARM, _LEG, _BODY, _LINE = 15.0, 18.0, 38.0, 3.2


@dataclass(frozen=True)
class Body:
    """One person by their joints, in units of a ground of 260 by 240. What is named later stands in front."""

    head: Spot
    back: tuple[Spot, ...]  # from the shoulders to the hips
    behind: tuple[tuple[Spot, ...], ...] = ()  # arms behind the body: shoulder, elbow, hand
    legs: tuple[tuple[Spot, ...], ...] = ()  # hip, knee, ankle, toes
    before: tuple[tuple[Spot, ...], ...] = ()  # arms before the body
    nose: Spot = (0, 0)  # how far the face is turned to a side, and down
    eyes: str = "dot"  # dot or down
    hair: str = "short"  # short, long, bun
    cloth: str = "band"


def parts_of(people: tuple[Body, ...], under: tuple[str, ...], over: tuple[str, ...]) -> list[Node]:
    """Return the strokes of a posture, back to front: the things under, the people, the things over them."""
    return [*map(_stroke, under), *(part for body in people for part in _body(body)), *map(_stroke, over)]


def _body(body: Body) -> list[Node]:
    found: list[Node] = []
    for arm in body.behind:
        found += _arm(arm, body.cloth)
    for leg in body.legs:
        found += [*_limb(leg[:3], _LEG, "c-edge"), *_limb(leg[2:], 11, "c-ink")]
    found += _limb(body.back, _BODY, f"c-{body.cloth}")
    found += _head(body)
    for arm in body.before:
        found += _arm(arm, body.cloth)
    return found


def _arm(joints: tuple[Spot, ...], cloth: str) -> list[Node]:
    x, y = joints[-1]
    hand = svg.circle(x, y, 8, "c-ink f-surface", stroke_width=_LINE)
    return [*_limb((*joints[:-1], _short(joints[-2], joints[-1], 11)), _ARM, f"c-{cloth}"), hand]


def _short(start: Spot, end: Spot, by: float) -> Spot:
    """Return a point a little before the end of a line."""
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1
    share = max(0.0, 1 - by / length)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _limb(joints: tuple[Spot, ...], width: float, colour: str) -> list[Node]:
    """A limb is a thick line of its colour on a thicker one of ink."""
    how: dict[str, Any] = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return [
        svg.path(joints, "c-ink f-none", stroke_width=width + _EDGE, **how),
        svg.path(joints, f"{colour} f-none", stroke_width=width, **how),
    ]


def _head(body: Body) -> list[Node]:
    x, y = body.head
    neck = _limb((body.back[0], (x, y)), 12, "c-surface")
    face = svg.circle(x, y, 25, "c-ink f-surface", stroke_width=_LINE)
    return [*_fall(body), *neck, face, _cap(body), *_features(body)]


def _fall(body: Body) -> list[Node]:
    """What of the hair lies behind the head."""
    x, y = body.head
    side = body.nose[0]
    if body.hair == "bun":
        return [svg.circle(x - 20 * (side or 0.3), y - 25, 10, "c-ink f-edge", stroke_width=_LINE)]
    if body.hair == "long":
        middle = x - 7 * side
        drawn = (
            f"M{middle:g} {y - 27:g}C{middle - 40:g} {y - 28:g} {middle - 32:g} {y + 14:g} {middle - 28:g} {y + 42:g}"
        )
        return [
            _stroke(
                f"{drawn}H{middle + 28:g}C{middle + 32:g} {y + 14:g} {middle + 40:g} {y - 28:g} {middle:g} {y - 27:g}Z|f-edge"
            )
        ]
    return []


def _cap(body: Body) -> Node:
    x, y = body.head
    side = body.nose[0]
    lean, left, right = -9 * side, y + (8 if side > 0 else -4), y + (8 if side < 0 else -4)
    crown = f"M{x - 25:g} {left:g}C{x - 28:g} {y - 34:g} {x + 28:g} {y - 34:g} {x + 25:g} {right:g}"
    brow = f"Q{x + 12 + lean:g} {y - 12:g} {x + lean:g} {y - 13:g}Q{x - 12 + lean:g} {y - 12:g} {x - 25:g} {left:g}Z"
    return _stroke(f"{crown}{brow}|f-edge")


def _features(body: Body) -> list[Node]:
    x, y = body.head
    side, down = body.nose
    found: list[Node] = []
    apart = 9 if not side else 7
    for eye in (-apart, apart):
        at = x + eye + side * 9
        if body.eyes == "down":
            found.append(_stroke(f"M{at - 4:g} {y + 2 + down:g}Q{at:g} {y + 6 + down:g} {at + 4:g} {y + 2 + down:g}"))
        else:
            found.append(svg.circle(at, y + down, 2.6, "f-ink"))
    found.append(_stroke(f"M{x + side * 11 - 5:g} {y + 13 + down:g}H{x + side * 11 + 5:g}"))
    return found


def _stroke(steps: str) -> Node:
    drawn, _, fill = steps.partition("|")
    return svg.node("path", d=drawn, class_=f"c-ink {fill or 'f-none'}", stroke_width=_LINE,
                    stroke_linecap="round", stroke_linejoin="round")  # fmt: skip


_FLOOR = "M20 226H240"

POSTURES: dict[str, tuple[tuple[Body, ...], tuple[str, ...], tuple[str, ...]]] = {
    "posture-arms-crossed": (
        (
            Body(
                head=(104, 48), back=((102, 88), (112, 138)), nose=(0.8, 0),
                legs=(((114, 146), (166, 150), (176, 214), (192, 218)), ((112, 150), (154, 156), (158, 216), (176, 220))),
                before=(((94, 92), (90, 126), (134, 106)), ((112, 92), (134, 122), (92, 114))),
            ),
        ),
        (_FLOOR, "M74 84L92 160|f-none", "M84 164H146V172H84Z|f-sunk", "M90 172L84 226", "M140 172L146 226"),
        (),
    ),
    "posture-leans-in": (
        (
            Body(
                head=(190, 62), back=((190, 100), (192, 148)), nose=(-0.6, 0), hair="long", cloth="sunk",
                legs=(((196, 156), (198, 188), (196, 218), (184, 222)), ((184, 156), (184, 188), (180, 218), (166, 222))),
                behind=(((202, 104), (212, 132), (208, 160)),),
                before=(((178, 104), (172, 132), (176, 160)),),
            ),
            Body(
                head=(122, 58), back=((106, 92), (84, 142)), nose=(0.9, 2),
                legs=(((82, 150), (66, 184), (46, 216), (58, 222)), ((86, 152), (104, 182), (98, 216), (114, 222))),
                behind=(((100, 98), (84, 122), (98, 146)),),
                before=(((112, 96), (126, 126), (150, 108)),),
            ),
        ),
        (_FLOOR,),
        (),
    ),
    "posture-looks-at-phone": (
        (
            Body(
                head=(176, 58), back=((180, 96), (182, 146)), nose=(0.9, 6), eyes="down",
                legs=(((186, 154), (188, 186), (186, 218), (202, 222)), ((176, 154), (174, 186), (172, 218), (188, 222))),
                before=(((176, 100), (186, 132), (212, 112)),),
            ),
            Body(
                head=(78, 58), back=((76, 96), (74, 146)), nose=(0.8, 0), hair="bun", cloth="sunk",
                legs=(((80, 154), (82, 186), (82, 218), (98, 222)), ((68, 154), (66, 186), (64, 218), (80, 222))),
                before=(((80, 100), (84, 130), (108, 144)),),
            ),
        ),
        (_FLOOR,),
        ("M208 88L226 92L221 116L204 112Z|f-paper",),
    ),
    "posture-head-in-hands": (
        (
            Body(
                head=(150, 92), back=((120, 106), (92, 150)), nose=(0.5, 8), eyes="down",
                legs=(((96, 156), (150, 158), (148, 214), (166, 220)), ((94, 158), (138, 164), (132, 216), (150, 222))),
                behind=(((126, 108), (158, 146), (166, 106)),),
                before=(((116, 112), (142, 152), (142, 112)),),
            ),
        ),
        (_FLOOR, "M54 168H126V176H54Z|f-sunk", "M62 176L56 226", "M118 176L124 226"),
        (),
    ),
    "posture-open-arms": (
        (
            Body(
                head=(130, 54), back=((130, 92), (130, 144)), nose=(0, 0), hair="long",
                legs=(((138, 152), (142, 186), (144, 216), (156, 222)), ((122, 152), (118, 186), (116, 216), (104, 222))),
                behind=(((114, 96), (86, 116), (58, 98)), ((146, 96), (174, 116), (202, 98))),
            ),
        ),
        (_FLOOR,),
        (),
    ),
    "posture-hands-on-hips": (
        (
            Body(
                head=(130, 50), back=((130, 90), (130, 142)), nose=(0, -4),
                legs=(((140, 150), (150, 184), (154, 216), (168, 222)), ((120, 150), (110, 184), (106, 216), (92, 222))),
                before=(((114, 94), (84, 114), (110, 138)), ((146, 94), (176, 114), (150, 138))),
            ),
        ),
        (_FLOOR,),
        (),
    ),
}  # fmt: skip
