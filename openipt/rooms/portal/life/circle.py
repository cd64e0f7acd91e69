"""The circle under a finger: which ring was touched, at which angle, and the circle as it stands after it."""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, degrees, hypot
from typing import Any

from openipt.casebook.queries.own import Own
from openipt.exchange.drawing import circles, draw_one_circle
from openipt.pictures import Picture
from openipt.pictures.circle_values import RINGS, roomiest
from openipt.pictures.seats import Ground

CIRCLE = "closeness-circle"
SIDE = 360.0  # of the drawing, in its own units
BOARDS = ("at280", "at340")  # widths of the board on the page, in pixels: the browser sends where it was touched


def draw(own: Own, title: str, about: str = "") -> Picture | None:
    """Draw the newest circle, whoever it is about marked; None before the first."""
    drawn = circles(own.known)
    return draw_one_circle(own.known, drawn[-1], title, "circle", width=SIDE, about=about) if drawn else None


def places_of(own: Own) -> dict[str, Mapping[str, Any]]:
    """Return the rows of the newest circle by their people."""
    drawn = circles(own.known)
    rows = drawn[-1].answers.get("places") or () if drawn else ()
    return {str(row.get("person")): row for row in rows}


def touched(said: Mapping[str, str]) -> tuple[int, float] | None:
    """Return the ring and the angle that a finger touched; None where none did, or a key was pressed.

    Args:
        said: The fields of the page: `at280.x` and `at280.y` are pixels from the corner of a board 280 pixels wide.
    """
    for board in BOARDS:
        x, y = said.get(f"{board}.x", ""), said.get(f"{board}.y", "")
        if x.isdigit() and y.isdigit() and len(x) < 5 and len(y) < 5 and (x, y) != ("0", "0"):
            scale = SIDE / int(board.removeprefix("at"))
            return place_at(int(x) * scale, int(y) * scale)
    return None


def place_at(x: float, y: float) -> tuple[int, float]:
    """Return the ring nearest to a point of the drawing, and the angle from the top."""
    ground = Ground(SIDE, 0.0)
    middle = ground.middle
    away = hypot(x - middle[0], y - middle[1])
    ring = min(range(1, RINGS + 1), key=lambda one: abs(ground.radius(one) - away))
    return ring, round(degrees(atan2(x - middle[0], middle[1] - y)) % 360.0, 1)


def moved(
    own: Own, person: str, *, ring: int | None = None, angle: float | None = None, wished: int | None = None
) -> dict[str, Any]:
    """Return the circle with one person in another place, or wished in another; all others stay.

    Args:
        own: Whose circle.
        person: Who.
        ring: Where they stand now; as before if not given.
        angle: At which angle; as before, or where there is most room.
        wished: Where the client would like them.
    """
    drawn = circles(own.known)
    before = drawn[-1].answers if drawn else {}
    rows = [dict(row) for row in before.get("places") or ()]
    row = next((one for one in rows if one.get("person") == person), None)
    if row is None:
        taken = [one["angle"] for one in rows if one.get("angle") is not None]
        row = {"person": person, "ring": ring or wished or RINGS, "angle": roomiest(taken)}
        rows.append(row)
    row |= {"ring": ring} if ring else {}
    row |= {"angle": angle} if angle is not None else {}
    row |= {"wished_ring": wished} if wished else {}
    out = [one for one in before.get("lost_or_out") or () if one != person]
    return {"places": rows, **({"lost_or_out": out} if out else {})}
