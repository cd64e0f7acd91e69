"""Where people sit on the circle, and where their names find room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, radians, sin

from openipt.pictures.circle_values import RINGS, Person, inner
from openipt.pictures.lettering import NAME, SMALL, Box, clear, shorten, text_box, text_width
from openipt.pictures.svg import clean
from openipt.pictures.words import Words

DOT = 8.0
NUMBERED = 11.0
ME = 17.0
_ASIDE = (0.0, -7.0, 7.0, -12.0, 12.0)
_SHORTEST = 46.0


@dataclass(frozen=True)
class Ground:
    """The drawing's ground: its size, the middle and the outermost ring."""

    width: float
    top: float

    @property
    def middle(self) -> tuple[float, float]:
        """Where "me" stands."""
        return self.width / 2, self.top + self.width / 2 - 8

    @property
    def outer(self) -> float:
        """Radius of the outermost ring."""
        return self.width / 2 - 26

    @property
    def box(self) -> Box:
        """Edges that nothing may cross."""
        return Box(3, self.top + 3, self.width - 3, self.bottom)

    @property
    def bottom(self) -> float:
        """The foot of the ground."""
        return self.top + self.width

    def radius(self, ring: int) -> float:
        """Radius of a ring."""
        first = self.outer * 0.31
        return first + (self.outer - first) * (inner(ring) - 1) / (RINGS - 1)

    def point(self, angle: float, radius: float) -> tuple[float, float]:
        """A point at an angle from the top, clockwise."""
        x, y = self.middle
        return x + radius * sin(radians(angle)), y - radius * cos(radians(angle))


@dataclass(frozen=True)
class Seat:
    """A person's dot, wished dot and name; a number instead of a name where there was no room for it."""

    person: Person
    x: float
    y: float
    wished: tuple[float, float] | None = None
    label: str = ""
    at: tuple[float, float, str] = (0.0, 0.0, "middle")
    box: Box | None = None
    number: str = ""

    @property
    def radius(self) -> float:
        """Radius of the dot."""
        return NUMBERED if self.number else DOT

    def ground(self) -> Box:
        """What the dot covers."""
        return around(self.x, self.y, self.radius)


def around(x: float, y: float, r: float) -> Box:
    """The square about a point."""
    return Box(x - r, y - r, x + r, y + r)


def seats(people: Sequence[Person], turned: Mapping[str, float], ground: Ground, words: Words) -> tuple[Seat, ...]:
    """Everyone's seat: first the dots, then the wished dots, then names where they touch nothing."""
    taken: list[tuple[float, float]] = []
    sitting: list[Seat] = []
    for person in people:
        if person.ring is not None:
            x, y = _spot(turned[person.key], person.ring, ground, taken)
            taken.append((x, y))
            sitting.append(Seat(person, x, y))
    for index, seat in enumerate(sitting):
        wish = seat.person.wished
        if wish is not None and seat.person.ring is not None and inner(wish) != inner(seat.person.ring):
            spot = _spot(turned[seat.person.key], wish, ground, taken)
            taken.append(spot)
            sitting[index] = replace(seat, wished=spot)
    return _named(sitting, ground, words)


def _spot(angle: float, ring: int, ground: Ground, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """On the ring; a little inside or outside when someone sits there."""
    spots = [ground.point(angle, min(ground.radius(ring) + aside, ground.outer + 7)) for aside in _ASIDE]
    room = [min((hypot(x - a, y - b) for a, b in taken), default=99.0) for x, y in spots]
    free = next((spot for spot, near in zip(spots, room, strict=True) if near >= 2 * DOT + 3), None)
    return free or spots[room.index(max(room))]


def _named(sitting: Sequence[Seat], ground: Ground, words: Words) -> tuple[Seat, ...]:
    """Names for those who have least room first; who finds none gets a number, in the order of the people."""
    me = around(*ground.middle, ME)
    solid = [me] + [around(x, y, DOT) for seat in sitting for x, y in _dots(seat)]
    named: dict[str, Seat] = {}
    boxes: list[Box] = []
    crowd = sorted(sitting, key=lambda seat: (-_crowding(seat, sitting), seat.person.key))
    for seat in crowd:
        own = around(seat.x, seat.y, DOT)
        others = [box for box in solid if box != own]
        found = _room_for(seat, ground, [*others, *boxes], words, len(sitting))
        if found.box is not None:
            boxes.append(found.box)
        named[seat.person.key] = found
    return _numbered([named[seat.person.key] for seat in sitting], boxes, ground)


def _dots(seat: Seat) -> list[tuple[float, float]]:
    return [(seat.x, seat.y)] + ([seat.wished] if seat.wished else [])


def _crowding(seat: Seat, sitting: Sequence[Seat]) -> float:
    return sum(1 / (1 + hypot(seat.x - other.x, seat.y - other.y)) for other in sitting if other is not seat)


def _room_for(seat: Seat, ground: Ground, blocked: Sequence[Box], words: Words, count: int) -> Seat:
    full = seat.person.named(words)
    rooms = (110.0, 78.0) if count <= 12 else (82.0, 60.0)
    for room in rooms:
        label = _short(seat.person, full, room, words)
        for x, y, anchor in _around_dot(seat):
            box = text_box(x, y, label, NAME, anchor)
            if box.inside(ground.box) and clear(box, blocked, 1.5):
                return replace(seat, label=label, at=(x, y, anchor), box=box)
    return seat


def _short(person: Person, full: str, room: float, words: Words) -> str:
    """The name shortened, never the word for having died."""
    if not person.died:
        return shorten(full, room, NAME)
    rest = max(room - text_width(words.died_name.format(name=""), NAME), _SHORTEST)
    return words.died_name.format(name=shorten(clean(person.name) or words.no_name, rest, NAME))


def _around_dot(seat: Seat) -> Iterator[tuple[float, float, str]]:
    x, y = seat.x, seat.y
    yield x, y + DOT + 16, "middle"
    yield x, y - DOT - 7, "middle"
    yield x + DOT + 5, y + 5, "start"
    yield x - DOT - 5, y + 5, "end"
    for down in (14.0, -6.0):
        yield x + DOT, y + down + (DOT if down > 0 else -DOT + 3), "start"
        yield x - DOT, y + down + (DOT if down > 0 else -DOT + 3), "end"


def _numbered(sitting: Sequence[Seat], boxes: list[Box], ground: Ground) -> tuple[Seat, ...]:
    """A number in the dot for everyone without a name; no number where two dots could not be parted."""
    done: list[Seat] = []
    numbers: list[Box] = []
    count = 0
    for seat in sitting:
        if seat.label:
            done.append(seat)
            continue
        count += 1
        box = text_box(seat.x, seat.y + 5, str(count), SMALL, "middle")
        fits = clear(box, [*boxes, *numbers]) and box.inside(ground.box)
        numbers.extend([box] if fits else [])
        done.append(replace(seat, number=str(count), box=box if fits else None))
    return tuple(done)
