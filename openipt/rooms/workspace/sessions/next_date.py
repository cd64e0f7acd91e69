"""The next date as it is offered on the After card: by the rhythm that was agreed, and nobody's until it is tapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from openipt.rooms.filling.said import Wrong
from openipt.rooms.workspace.sessions.meeting import Meeting
from openipt.therapy.words import catalogue

NAME, DAY, TIME = "next_date", "next_date.day", "next_date.time"
WEEKS_APART = {"weekly": 1, "biweekly": 2, "monthly": 4}
HOW_LONG = {1: "in a week", 2: "in two weeks", 4: "in four weeks", 8: "in eight weeks"}
TWO_DATES = "Two dates stand here: the one that is marked, and the one that is typed. Keep one of them."


@dataclass(frozen=True, slots=True)
class Offered:
    """One date that a tap takes."""

    value: str
    words: str
    marked: bool


@dataclass(frozen=True, slots=True)
class NextDate:
    """The question for the next date: what is offered, and another day as it was typed."""

    offered: tuple[Offered, ...]
    day: str
    time: str

    @property
    def another(self) -> bool:
        """Whether a day of one's own stands here."""
        return bool(self.day or self.time)


def next_date(met: Meeting, said: Mapping[str, str]) -> NextDate:
    """Return the question for the next date, with what was said of it: nothing is marked that nobody marked."""
    moments = list(_by_rhythm(met))
    marked = said.get(NAME, "")
    day, time = said.get(DAY, ""), said.get(TIME, "")
    known = {f"{moment:%Y-%m-%dT%H:%M}": words for moment, words in moments}
    if not marked and f"{day}T{time}" in known:
        marked, day, time = f"{day}T{time}", "", ""
    if marked and marked not in known:  # the rhythm was changed meanwhile
        known[marked] = marked.replace("T", ", ")
    return NextDate(tuple(Offered(value, words, value == marked) for value, words in known.items()), day, time)


def two_dates(said: Mapping[str, str]) -> Iterator[Wrong]:
    """Name a card that holds one date by a tap and another one typed: only who wrote it knows which is meant."""
    marked, day, time = said.get(NAME, ""), said.get(DAY, "").strip(), said.get(TIME, "").strip()
    if marked and (day or time) and marked != f"{day}T{time}":
        yield Wrong(NAME, TWO_DATES)


def _by_rhythm(met: Meeting) -> Iterator[tuple[datetime, str]]:
    """Offer the day one rhythm from now, and the one after it; nothing near the end, or without a rhythm."""
    rhythm = met.course.record.says("contract").get("cadence") or met.course.manual.dose.cadence
    if met.told.agenda.position.left <= 1 or rhythm not in WEEKS_APART:
        return
    hour = _usual_hour(met)
    for weeks in (WEEKS_APART[rhythm], 2 * WEEKS_APART[rhythm]):
        then = met.session.happened_at + timedelta(weeks=weeks)
        yield (
            then.replace(hour=int(hour[:2]), minute=int(hour[3:])),
            f"{_short(then)}, {hour} ({HOW_LONG[weeks]})",
        )


def _short(moment: datetime) -> str:
    """Write a day as it stands in a diary: Thu 26 Nov."""
    words = catalogue()
    return f"{words.weekdays[moment.weekday()][:3]} {moment.day} {words.months[moment.month - 1][:3]}"


def _usual_hour(met: Meeting) -> str:
    """Return the hour one meets at. A session is often begun late: the hour agreed for it, or that of the last one."""
    last = met.before
    agreed = met.course.record.says("session-record", last.id).get("next_date") if last else None
    if agreed and str(agreed)[:10] == f"{met.session.happened_at:%Y-%m-%d}":
        return str(agreed)[11:16]
    return f"{(last or met.session).happened_at:%H:%M}"
