"""Heads: the outlines of many people, each in strokes behind the features and strokes before them."""

# ruff: noqa: E501 - a stroke stands on one line, however many steps it has
from __future__ import annotations

from openipt.pictures import svg
from openipt.pictures.svg import Node

_OVAL = "M100 34C142 34 158 66 156 104C154 150 130 192 100 192C70 192 46 150 44 104C42 66 58 34 100 34Z"
_ROUND = "M100 38C146 38 162 74 158 112C154 156 130 188 100 188C70 188 46 156 42 112C38 74 54 38 100 38Z"
_SQUARE = "M100 36C138 36 154 60 154 100C154 142 146 166 128 182C112 194 88 194 72 182C54 166 46 142 46 100C46 60 62 36 100 36Z"
_EARS = ("M45 96C34 90 30 104 34 116C37 126 44 130 49 126", "M155 96C166 90 170 104 166 116C163 126 156 130 151 126")
_NECK = ("M78 184V206", "M122 184V206")


def _line(steps: str, fill: str = "f-none", width: float = 3.2) -> Node:
    return svg.node(
        "path", d=steps, class_=f"c-ink {fill}", stroke_width=width, stroke_linecap="round", stroke_linejoin="round"
    )


def _head(outline: str, ears: bool = True) -> list[Node]:
    return [*(_line(one) for one in _NECK), *(_line(one, "f-surface") for one in (_EARS if ears else ())),
            _line(outline, "f-surface")]  # fmt: skip


def _dark(steps: str) -> Node:
    return _line(steps, "f-edge")


# Hair, cloth and glass; each pair is what lies behind the features and what lies before them.
HEADS: dict[str, tuple[list[Node], list[Node]]] = {
    "short": (
        [*_head(_SQUARE), _dark("M46 96C40 44 68 20 104 22C142 22 162 50 154 96C150 82 148 72 138 62C112 66 84 62 70 54C56 66 50 80 46 96Z")],
        [],
    ),
    "long": (
        [_dark("M100 22C40 22 34 78 36 120C37 156 32 178 30 198Q64 204 100 200Q136 204 170 198C168 178 163 156 164 120C166 78 160 22 100 22Z"),
         *_head(_OVAL, ears=False), _dark("M100 34C70 38 52 62 46 100C36 60 54 24 100 24C146 24 164 60 154 100C150 66 128 40 100 34Z")],
        [],
    ),
    "bun": (
        [_dark("M100 2C118 2 124 14 120 26H80C76 14 82 2 100 2Z"), *_head(_OVAL),
         _dark("M45 92C40 50 64 24 100 24C136 24 160 50 155 92C150 62 130 48 100 48C70 48 50 62 45 92Z")],
        [],
    ),
    "curly": (
        [_dark("M40 110C22 104 20 84 32 76C22 60 36 42 50 46C52 26 76 16 88 28C100 12 126 16 130 32C148 26 164 42 158 56C176 62 180 84 166 92C172 102 168 110 160 110Z"),
         *_head(_ROUND), _dark("M44 92C44 76 52 64 60 62C64 54 76 50 84 56C92 48 108 48 114 56C124 50 136 54 140 62C150 66 156 78 156 92C162 60 142 32 100 32C58 32 38 60 44 92Z")],
        [],
    ),
    "scarf": (
        [_line("M100 14C44 14 30 66 34 112C36 154 30 184 24 206H176C170 184 164 154 166 112C170 66 156 14 100 14Z", "f-band"),
         _line("M100 46C136 46 150 74 149 108C147 150 126 188 100 188C74 188 53 150 51 108C50 74 64 46 100 46Z", "f-surface")],
        [_line("M62 170C78 196 122 200 140 172"), _line("M84 192C92 200 98 204 104 206")],
    ),
    "beard": (
        [*_head(_SQUARE), _dark("M46 94C42 46 66 22 100 22C134 22 158 46 154 94C152 72 142 56 128 50C110 46 90 46 72 50C58 56 48 72 46 94Z"),
         _dark("M47 112C50 150 58 198 100 202C142 198 150 150 153 112C148 132 140 142 128 144C112 136 88 136 72 144C60 142 52 132 47 112Z"),
         _line("M76 158C84 146 116 146 124 158C116 168 84 168 76 158Z", "f-surface", 2)],
        [],
    ),
    "glasses": (
        [_dark("M100 24C48 22 36 66 40 112C40 138 44 152 50 160H150C156 152 160 138 160 112C164 66 152 22 100 24Z"), *_head(_OVAL, ears=False),
         _dark("M46 104C38 58 66 24 104 26C146 26 162 60 154 104C152 76 140 58 118 54C92 62 62 66 46 104Z")],
        [_line("M54 84H94V104C94 116 58 116 54 104Z", "f-none", 2.6), _line("M106 84H146V104C142 116 106 116 106 104Z", "f-none", 2.6),
         _line("M94 92Q100 88 106 92", "f-none", 2.6)],
    ),
    "grey": (
        [*_head(_OVAL), _line("M45 100C30 70 44 34 78 32C92 20 132 22 146 44C160 60 162 80 155 100C150 76 140 60 120 56C100 66 66 54 45 100Z", "f-sunk"),
         _line("M56 112Q62 116 68 115", "f-none", 2), _line("M144 112Q138 116 132 115", "f-none", 2),
         _line("M74 138Q68 146 68 154", "f-none", 2), _line("M126 138Q132 146 132 154", "f-none", 2)],
        [],
    ),
}  # fmt: skip
