"""The marks of a circle: dots, the way to a wished place, and the lines between people."""

from __future__ import annotations

from math import hypot

from openipt.pictures import svg
from openipt.pictures.circle_values import Kind
from openipt.pictures.key import Sample
from openipt.pictures.seats import Seat
from openipt.pictures.svg import Node

Point = tuple[float, float]
_WISHED = 6.0
_AWAY = 34.0  # lines between people keep clear of "me"


def person_mark(seat: Seat) -> list[Node]:
    """A dot; a diamond for someone who has died; a dotted outline for someone lost or out of contact.

    A second line stands around whoever the page is about.
    """
    dot = _mark(seat.x, seat.y, seat.radius, seat.person.died, seat.person.lost_or_out)
    return [*_around(seat.x, seat.y, seat.radius), *dot] if seat.person.marked else dot


def _around(x: float, y: float, radius: float) -> list[Node]:
    return [svg.circle(x, y, radius + 5, "f-none c-ink", stroke_width=2)]


def _mark(x: float, y: float, radius: float, died: bool, lost: bool) -> list[Node]:
    more: dict[str, svg.Value] = {"stroke_width": 2.5}
    if lost:
        more["stroke_dasharray"] = "2 3"
    if not died:
        return [svg.circle(x, y, radius, "f-paper c-accent", **more)]
    far = radius + 2
    return [svg.path([(x, y - far), (x + far, y), (x, y + far), (x - far, y)], "f-paper c-ink", closed=True, **more)]


def wished_way(seat: Seat) -> list[Node]:
    """A dashed way to the wished place, an open dot at its end."""
    if seat.wished is None:
        return []
    return _way((seat.x, seat.y), seat.wished)


def _way(start: Point, end: Point) -> list[Node]:
    return [
        svg.line(*start, *end, "c-accent", stroke_width=1.5, stroke_dasharray="4 4"),
        svg.circle(*end, _WISHED, "f-paper c-accent", stroke_width=1.5),
    ]


def draw_tie(kind: Kind, one: Seat, other: Seat, middle: Point) -> list[Node]:
    """The line of a tie, from the edge of one dot to the edge of the other, bowed away from the middle."""
    start, end = (one.x, one.y), (other.x, other.y)
    bend = _bend(start, end, middle)
    return _stroke(kind, _toward(start, bend, one.radius + 3), bend, _toward(end, bend, other.radius + 3))


def _bend(start: Point, end: Point, middle: Point) -> Point:
    """The control point of the curve: half way, pushed out when the straight line would run through "me"."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = hypot(along_x, along_y) or 1.0
    normal = (-along_y / length, along_x / length)
    away = (x - middle[0]) * normal[0] + (y - middle[1]) * normal[1]
    if abs(away) >= _AWAY:
        return x, y
    # The curve reaches half as far out as its control point.
    push = 2 * ((_AWAY if away >= 0 else -_AWAY) - away)
    return x + normal[0] * push, y + normal[1] * push


def _toward(start: Point, end: Point, step: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return start[0] + (end[0] - start[0]) / length * step, start[1] + (end[1] - start[1]) / length * step


def _at(start: Point, bend: Point, end: Point, share: float) -> Point:
    rest = 1 - share
    return (
        rest * rest * start[0] + 2 * rest * share * bend[0] + share * share * end[0],
        rest * rest * start[1] + 2 * rest * share * bend[1] + share * share * end[1],
    )


def _curve(start: Point, bend: Point, end: Point, width: float, dashes: str = "", class_: str = "c-edge") -> Node:
    more: dict[str, svg.Value] = {"stroke_dasharray": dashes} if dashes else {}
    steps = f"M{_pair(start)}Q{_pair(bend)} {_pair(end)}"
    return svg.node("path", d=steps, class_=f"{class_} f-none", stroke_width=width, **more)


def _pair(point: Point) -> str:
    return f"{svg.number(round(point[0], 2))} {svg.number(round(point[1], 2))}"


def _shifted(points: tuple[Point, Point, Point], by: float) -> tuple[Point, Point, Point]:
    (ax, ay), _, (bx, by_) = points
    length = hypot(bx - ax, by_ - ay) or 1.0
    across = (-(by_ - ay) / length * by, (bx - ax) / length * by)
    one, two, three = ((x + across[0], y + across[1]) for x, y in points)
    return one, two, three


def _stroke(kind: Kind, start: Point, bend: Point, end: Point) -> list[Node]:
    if kind == "sides_with":
        way = (start, bend, end)
        return [_curve(*_shifted(way, side), 1.2) for side in (-2.0, 2.0)]
    if kind == "messenger":
        return [_curve(start, bend, end, 1.5), _arrow(_at(start, bend, end, 0.9), end)]
    if kind == "family_line":
        return [_curve(start, bend, end, 1.5, "1 4", "c-ink")]
    if kind == "cut_off":
        return _broken(start, bend, end)
    return [_curve(start, bend, end, 1.8)]


def _arrow(before: Point, tip: Point) -> Node:
    length = hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    along = ((tip[0] - before[0]) / length, (tip[1] - before[1]) / length)
    back = (tip[0] - along[0] * 9, tip[1] - along[1] * 9)
    wing = (-along[1] * 4.5, along[0] * 4.5)
    return svg.path(
        [tip, (back[0] + wing[0], back[1] + wing[1]), (back[0] - wing[0], back[1] - wing[1])], "f-edge", closed=True
    )


def _broken(start: Point, bend: Point, end: Point) -> list[Node]:
    """Two halves with a gap between two short bars."""
    halves: list[Node] = []
    for near, far in ((0.0, 0.42), (1.0, 0.58)):
        stop = _at(start, bend, end, far)
        turn = _at(start, bend, end, (near + far) / 2)
        halves.append(_curve(_at(start, bend, end, near), turn, stop, 1.5))
        before = _at(start, bend, end, far - 0.02 if near == 0 else far + 0.02)
        length = hypot(stop[0] - before[0], stop[1] - before[1]) or 1.0
        wing = (-(stop[1] - before[1]) / length * 5, (stop[0] - before[0]) / length * 5)
        bar = (stop[0] - wing[0], stop[1] - wing[1], stop[0] + wing[0], stop[1] + wing[1])
        halves.append(svg.line(*bar, "c-edge", stroke_width=1.5))
    return halves


def tie_sample(kind: str) -> Sample:
    """The mark beside its word in the legend."""

    def draw(x: float, y: float) -> tuple[Node, ...]:
        if kind == "wished":
            return tuple(_way((x, y), (x + 17, y)))
        if kind == "marked":
            return (*_around(x + 11, y, 4), *_mark(x + 11, y, 4, False, False))
        if kind in ("died", "lost"):
            return tuple(_mark(x + 11, y, 6, kind == "died", kind == "lost"))
        known: dict[str, Kind] = {
            "sides_with": "sides_with",
            "messenger": "messenger",
            "family_line": "family_line",
            "cut_off": "cut_off",
        }
        return tuple(_stroke(known.get(kind, "close"), (x, y), (x + 11, y), (x + 22, y)))

    return draw
