"""A diary made ready to be looked at: sums of valences, days with contact, who gets a column of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openipt.therapy.insight.entries import DiaryEntry, Interaction

MOST_PEOPLE = 8
LEAST_DAYS = 3  # contact days; below it a person has no column of their own
VALENCE = 3  # valences go from -3 to 3, and so do their sums over an entry or a day


@dataclass(frozen=True, slots=True)
class Diary:
    """Entries in the order of time, with what is looked up again and again."""

    entries: tuple[DiaryEntry, ...]
    days: tuple[date, ...]  # of each entry
    sums: tuple[dict[str, int], ...]  # of each entry: person -> sum of valences, within -3 and 3
    contact_days: dict[str, int]  # person -> local days with contact, in the order of names; nobody who is left out
    chosen: tuple[str, ...]  # who has a column of their own, in the order of names
    others: frozenset[str]  # whoever was met and has none: few days, not among the most, or left out
    left_out: int = 0  # people of whom nothing is to be said

    def valences(self, person: str) -> list[int]:
        """Return the sum of valences with a person in each entry; 0 without contact."""
        return [sums.get(person, 0) for sums in self.sums]

    def together(self, people: Collection[str]) -> list[int]:
        """Return the same for several people held as one."""
        return [clip(sum(_valences(entry, people))) for entry in self.entries]

    def day_before(self, people: Collection[str]) -> list[int | None]:
        """Return for each entry the sum with some people over the local day before; None where it is unknown."""
        of_day: dict[date, int] = {}
        for entry, day in zip(self.entries, self.days, strict=True):
            if entry.asked:
                of_day[day] = of_day.get(day, 0) + clip(sum(_valences(entry, people)))
        return [_clipped(of_day.get(day - timedelta(days=1))) if day > date.min else None for day in self.days]


def diary_of(
    entries: Sequence[DiaryEntry],
    most: int = MOST_PEOPLE,
    least: int = LEAST_DAYS,
    hidden: Collection[str] = (),
) -> Diary:
    """Make a diary ready; a column goes to the `most` people with the most contact days, `least` days or more.

    Whoever is hidden has none and is not counted, and takes nobody's place. Contact with them stays among that with
    others: left away, it would look as if it had been with whoever else was there (docs/decisions/0047).
    """
    days = tuple(entry.day for entry in entries)
    sums = tuple(_sums(entry) for entry in entries)
    met: dict[str, set[date]] = {}
    for day, here in zip(days, sums, strict=True):
        for person in here:
            met.setdefault(person, set()).add(day)
    counted = {person: len(met[person]) for person in sorted(met, key=lambda name: (name.casefold(), name))}
    named = {person: counted[person] for person in counted if person not in hidden}
    chosen = _chosen(entries, named, most, least)
    others = frozenset(counted) - frozenset(chosen)
    return Diary(tuple(entries), days, sums, named, chosen, others, len(counted) - len(named))


def clip(valence: int) -> int:
    """Hold a sum of valences within the scale."""
    return max(-VALENCE, min(VALENCE, valence))


def _clipped(valence: int | None) -> int | None:
    return None if valence is None else clip(valence)


def _sums(entry: DiaryEntry) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in entry.interactions:
        if one.person is not None:
            found[one.person] = found.get(one.person, 0) + one.valence
    return {person: clip(valence) for person, valence in found.items()}


def _valences(entry: DiaryEntry, people: Collection[str]) -> Iterator[int]:
    return (one.valence for one in entry.interactions if one.person in people)


def _chosen(entries: Sequence[DiaryEntry], counted: dict[str, int], most: int, least: int) -> tuple[str, ...]:
    """Most contact days first, equals in the order they came up; names only tell apart who came up together."""
    often = [person for person in counted if counted[person] >= least]
    if len(often) > most:
        first: dict[str, int] = {}
        for place, person in enumerate(_met(entries)):
            first.setdefault(person, place)
        often = sorted(often, key=lambda person: (-counted[person], first[person]))
    kept = set(often[:most])
    return tuple(person for person in counted if person in kept)


def _met(entries: Sequence[DiaryEntry]) -> Iterator[str]:
    """Yield everybody in the order they came up; people of one entry by how it was with them, then by name."""
    for entry in entries:
        yield from (one.person for one in sorted(entry.interactions, key=_place) if one.person is not None)


def _place(one: Interaction) -> tuple[int, list[str], str]:
    return (one.valence, sorted(one.kinds), one.person or "")
