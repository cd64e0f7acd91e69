"""When a made-up course meets: the slots, the missed ones, the gaps, and how it will have ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from openipt.exchange.cases.clock import on
from openipt.exchange.clinic.chance import Chance, likely, weighted
from openipt.exchange.clinic.wording import page
from openipt.therapy.manuals import Manual

Ending = Literal["finished", "stopped_coming", "referred", "moved"]
ENDINGS: dict[Ending, float] = {"finished": 0.73, "stopped_coming": 0.2, "referred": 0.04, "moved": 0.03}
SHORT = 6  # sessions: a shorter course is over before it could go on elsewhere
LATE = 0.045  # share of dates cancelled late, and of dates nobody came to
NOT_MET = 0.03
GAP = 0.05
WEEK = timedelta(days=7)
MONTH = timedelta(days=28)
LETTER = timedelta(days=14)  # from the last date nobody came to, to the letter that closes the course


@dataclass(frozen=True, slots=True)
class Slot:
    """One date. `number` counts the sessions used; it is 0 where nobody met."""

    label: str
    number: int
    kind: Literal["held", "no_show", "late_cancel"]
    at: datetime
    gap: str | None = None

    @property
    def day(self) -> date:
        """Return the calendar day."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every date of one course, from the first session to the end."""

    slots: tuple[Slot, ...]
    agreed: int  # sessions in the first contract
    planned_end: date
    ending: Ending
    total: int  # sessions held in the end
    extension: int
    ended_on: date

    @property
    def last(self) -> int:
        """Return the number of the last session, as it is planned: whoever stops coming has not planned to."""
        return self.agreed if self.ending == "stopped_coming" else self.total


def calendar(
    chance: Chance,
    manual: Manual,
    first: date,
    hour: int,
    *,
    ending: Ending | None = None,
    sessions: int | None = None,
    punctual: bool = False,
    extended: bool = False,
    missed_at: date | None = None,
) -> Calendar:
    """Lay out one course.

    Args:
        chance: The chances of this course.
        manual: Its manual: how many sessions, how far apart.
        first: Day of the first session.
        hour: Hour of every session.
        ending: How it will end; drawn if None.
        sessions: How many are agreed; drawn within what the manual says if None.
        punctual: No date is missed and no week left out.
        extended: Further sessions are agreed at the end.
        missed_at: On this day nobody comes, whatever else was drawn.
    """
    stream = chance.of("calendar")
    drawn = weighted(stream, ENDINGS)
    ending = ending or (drawn if manual.purpose == "treatment" else "finished")
    agreed = sessions or _agreed(chance, manual)
    if agreed < SHORT and ending in ("referred", "moved"):
        ending = "finished"
    extension = stream.choice((2, 3, 4)) if extended and ending == "finished" else 0
    total = _total(chance, ending, agreed, extension)
    apart = MONTH if "monthly" in manual.dose.cadence else WEEK
    slots = tuple(_slots(chance, total, first, hour, apart, punctual, missed_at))
    if ending == "stopped_coming":
        slots = (*slots, *_nobody(chance, slots, apart))
    ended = slots[-1].day + (LETTER if ending == "stopped_coming" else timedelta())
    return Calendar(slots, agreed, first + apart * (agreed - 1), ending, total, extension, ended)


def _agreed(chance: Chance, manual: Manual) -> int:
    """Draw the sessions of the contract: the usual number for most, fewer for some. A year of monthly ones."""
    stream = chance.of("agreed")
    dose = manual.dose
    if dose.open_ended:
        return stream.choice((dose.least, dose.least, dose.usual))
    return dose.usual if likely(stream, 0.8) else stream.randint(max(dose.least, dose.usual - 4), dose.usual)


def _total(chance: Chance, ending: Ending, agreed: int, extension: int) -> int:
    stream = chance.of("total")
    if ending == "finished":
        return agreed + extension
    if ending == "stopped_coming":
        return max(1, min(agreed - 2, round(stream.triangular(1, max(2, agreed - 2), agreed * 0.35))))
    return max(3, min(agreed - 1, stream.randint(agreed // 2, max(3, agreed - 2))))


def _slots(
    chance: Chance, total: int, first: date, hour: int, apart: timedelta, punctual: bool, missed_at: date | None
) -> Iterator[Slot]:
    """Yield dates until so many sessions were held; nobody misses the first."""
    day, number, missed, gap = first, 0, 0, None
    while number < total:
        at = on(day).replace(hour=hour)
        stream = chance.of("slot", (day - first).days)
        drawn, skipped, why = stream.random(), likely(stream, GAP), stream.choice(page("talk")["gap_note"])
        off = number > 0 and (day == missed_at or (not punctual and drawn < NOT_MET + LATE))
        if off:
            missed += 1
            yield Slot(f"M{missed}", 0, "no_show" if drawn < NOT_MET else "late_cancel", at)
            gap = None
        else:
            number += 1
            yield Slot(f"S{number:02d}", number, "held", at, gap)
            gap = None
        day += apart
        if skipped and not punctual and number > 2:
            day, gap = day + apart, why


def _nobody(chance: Chance, slots: tuple[Slot, ...], apart: timedelta) -> Iterator[Slot]:
    """Yield the dates to which a client who has stopped coming did not come."""
    missed = sum(slot.kind != "held" for slot in slots)
    kinds: tuple[Literal["no_show", "late_cancel"], ...] = ("no_show", "late_cancel")
    for n in range(1, chance.of("nobody").choice((1, 2, 2)) + 1):
        kind = chance.of("nobody", n).choice(kinds)
        yield Slot(f"M{missed + n}", 0, kind, slots[-1].at + apart * n)
