"""Circle: the people around someone in four rings, once, or then and now side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.circle_values import KINDS, RINGS, Kind, Person, Tie, angles
from openipt.pictures.key import Sample, Section, legend, sections
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.seats import ME, Ground, Seat, seats
from openipt.pictures.svg import Node, clean
from openipt.pictures.ties import draw_tie, person_mark, tie_sample, wished_way
from openipt.pictures.words import ENGLISH, Words

LEAST = 320.0
_BETWEEN = 24.0

__all__ = ["Kind", "Person", "Tie", "circle", "circle_pair"]


@dataclass(frozen=True)
class _Ring:
    """One circle as drawn."""

    parts: tuple[Node, ...]
    bottom: float


@once
def circle(
    title: str,
    people: Sequence[Person],
    *,
    ties: Sequence[Tie] = (),
    width: float = LEAST,
    id_prefix: str = "circle",
    words: Words = ENGLISH,
) -> Picture:
    """One circle, with the ties between people and a key under it. Nothing narrower than 320 px."""
    people = _once(people)
    turned = angles(people)
    side = max(width, LEAST)
    ring = _ring(people, turned, ties, Ground(side, 0.0), "", words)
    under = legend(_legend([people], ties, words), 6.0, ring.bottom, side - 6.0)
    rows = tuple(_row(person, words) for person in people)
    head = (words.person, words.place, words.wished, words.state)
    table = Table(clean(title), head, rows + _tie_rows(people, ties, len(head), words))
    description = _told(people, ties, words)
    drawn = svg.drawing(side, under.bottom + 4, title, description, id_prefix, [*ring.parts, *under.parts])
    return Picture(drawn, clean(title), description, table)


@once
def circle_pair(
    title: str,
    then: Sequence[Person],
    now: Sequence[Person],
    *,
    then_label: str,
    now_label: str,
    then_ties: Sequence[Tie] = (),
    now_ties: Sequence[Tie] = (),
    width: float = 2 * LEAST + _BETWEEN,
    id_prefix: str = "circles",
    words: Words = ENGLISH,
) -> Picture:
    """Then and now, everyone at the same angle in both; one above the other where the width does not hold two."""
    then, now = _once(then), _once(now)
    everyone = _once([*then, *now])
    turned = angles(everyone)
    beside = width >= 2 * LEAST
    side = max((width - _BETWEEN) / 2 if beside else width, LEAST)
    first = _ring(then, turned, then_ties, Ground(side, 28.0), then_label, words)
    second = _ring(now, turned, now_ties, Ground(side, 28.0), now_label, words)
    right, down = (side + _BETWEEN, 0.0) if beside else (0.0, first.bottom + 12)
    moved = svg.node("g", *second.parts, transform=f"translate({svg.number(right)} {svg.number(round(down, 2))})")
    bottom = max(first.bottom, down + second.bottom)
    across = right + side
    ties = [*then_ties, *now_ties]
    under = legend(_legend([then, now], ties, words), 6.0, bottom, across - 6.0)
    description = words.pair.format(then=clean(then_label), now=clean(now_label), circle=_told(everyone, ties, words))
    parts = [*first.parts, moved, *under.parts]
    drawn = svg.drawing(across, under.bottom + 4, title, description, id_prefix, parts)
    table = _pair_table(clean(title), then, now, (clean(then_label), clean(now_label)), (then_ties, now_ties), words)
    return Picture(drawn, clean(title), description, table)


def _once(people: Sequence[Person]) -> list[Person]:
    """The first of each key, in order."""
    found: dict[str, Person] = {}
    for person in people:
        found.setdefault(person.key, person)
    return list(found.values())


def _ring(
    people: Sequence[Person],
    turned: dict[str, float],
    ties: Sequence[Tie],
    ground: Ground,
    label: str,
    words: Words,
) -> _Ring:
    x, y = ground.middle
    parts: list[Node] = [
        svg.circle(x, y, ground.radius(ring), "c-line f-none", stroke_width=1.5) for ring in range(RINGS, 0, -1)
    ]
    if label:
        parts.append(svg.text(x, ground.top - 8, svg.clean(label), "strong", "middle"))
    placed = seats(people, turned, ground, words)
    at = {seat.person.key: seat for seat in placed}
    for tie in ties:
        if tie.one in at and tie.other in at and tie.one != tie.other:
            parts.extend(draw_tie(tie.kind, at[tie.one], at[tie.other], ground.middle))
    for seat in placed:
        parts.extend(wished_way(seat))
    parts.append(svg.circle(x, y, ME, "f-accent"))
    parts.append(svg.text(x, y + 5, words.me, "on", "middle"))
    for seat in placed:
        parts.extend(person_mark(seat))
    parts.extend(_names(placed))
    listed = sections((_key(placed, people, words),), 6.0, ground.bottom, ground.width - 6.0)
    return _Ring((*parts, *listed.parts), listed.bottom)


def _names(placed: Sequence[Seat]) -> list[Node]:
    parts: list[Node] = []
    for seat in placed:
        if seat.label:
            x, y, anchor = seat.at
            parts.append(svg.text(x, y, seat.label, "t-name", anchor))
        elif seat.box is not None:
            parts.append(svg.text(seat.x, seat.y + 5, seat.number, "t-accent", "middle"))
    return parts


def _key(placed: Sequence[Seat], people: Sequence[Person], words: Words) -> Section:
    """Numbers and who they are; then those who have no place yet."""
    entries = [
        (seat.number, f"{seat.person.named(words)} ({seat.person.placed(words)})") for seat in placed if not seat.label
    ]
    entries += [("–", f"{p.named(words)} ({words.not_placed})") for p in people if p.ring is None]
    return Section(words.people, tuple(entries))


def _legend(groups: Sequence[Sequence[Person]], ties: Sequence[Tie], words: Words) -> list[tuple[Sample, str]]:
    everyone = [person for group in groups for person in group if person.ring is not None]
    items: list[tuple[Sample, str]] = []
    if any(person.wished not in (None, person.ring) for person in everyone):
        items.append((tie_sample("wished"), words.wished_legend))
    if any(person.died for person in everyone):
        items.append((tie_sample("died"), words.died))
    if any(person.lost_or_out for person in everyone):
        items.append((tie_sample("lost"), words.lost))
    if any(person.marked for person in everyone):
        items.append((tie_sample("marked"), words.marked))
    used = {tie.kind for tie in ties}
    items.extend((tie_sample(kind), words.tie_kinds[kind]) for kind in KINDS if kind in used)
    return items


def _told(people: Sequence[Person], ties: Sequence[Tie], words: Words) -> str:
    return words.circle.format(me=words.me, people=len(people), ties=len(set(ties)))


def _row(person: Person, words: Words) -> tuple[str, ...]:
    return (person.named(words), person.placed(words), person.hoped(words) or words.none, person.state(words))


def _tie_rows(people: Sequence[Person], ties: Sequence[Tie], width: int, words: Words) -> tuple[tuple[str, ...], ...]:
    """Ties in words, as further rows of the same table."""
    names = {person.key: person.named(words) for person in people}
    return tuple(
        (
            words.tie.format(one=names[tie.one], other=names[tie.other], kind=words.tie_kinds[tie.kind]),
            *("",) * (width - 1),
        )
        for tie in ties
        if tie.one in names and tie.other in names
    )


def _pair_table(
    caption: str,
    then: Sequence[Person],
    now: Sequence[Person],
    labels: tuple[str, str],
    ties: tuple[Sequence[Tie], Sequence[Tie]],
    words: Words,
) -> Table:
    before = {person.key: person for person in then}
    after = {person.key: person for person in now}
    rows: list[tuple[str, ...]] = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        known = new or before[key]
        places = [person.placed(words) if person else words.not_shown for person in (old, new)]
        rows.append((known.named(words), *places, known.hoped(words) or words.none, known.state(words)))
    head = (words.person, labels[0], labels[1], words.wished, words.state)
    for label, group, drawn in zip(labels, (then, now), ties, strict=True):
        rows += [(f"{label}: {row[0]}", *row[1:]) for row in _tie_rows(group, drawn, len(head), words)]
    return Table(caption, head, tuple(rows))
