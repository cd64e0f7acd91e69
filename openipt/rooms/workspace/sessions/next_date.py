"""The next date as it is offered on the After card: by the rhythm that was agreed, and nobody's until it is tapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from openipt.rooms.filling.said import Wrong
from openipt.rooms.workspace.sessions.meeting import Meeting
from openipt.therapy.record import Session
from openipt.therapy.words import catalogue

T = TypeVar("T")
NAME, DAY, TIME = "next_date", "next_date.day", "next_date.time"
WEEKS_APART = {"weekly": 1, "biweekly": 2, "monthly": 4}
HOW_LONG = {1: "in a week", 2: "in two weeks", 4: "in four weeks", 8: "in eight weeks"}
LAST_HELD = 4  # so many sessions say what is usual
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
    """Offer the usual day one rhythm from now, then the day one rhythm from today if that is another, then one later.

    Nothing is offered near the end, or without a rhythm.
    """
    rhythm = met.course.record.says("contract").get("cadence") or met.course.manual.dose.cadence
    if met.told.agenda.position.left <= 1 or rhythm not in WEEKS_APART:
        return
    weekday, hour = _usual(met)
    weeks = WEEKS_APART[rhythm]
    then = (met.session.happened_at + timedelta(weeks=weeks)).replace(hour=int(hour[:2]), minute=int(hour[3:]))
    usual = _nearest(then, weekday)
    later = usual + timedelta(weeks=weeks)
    if usual == then:
        yield then, f"{_short(then)}, {hour} ({HOW_LONG[weeks]})"
        yield later, f"{_short(later)}, {hour} ({HOW_LONG[2 * weeks]})"
        return
    yield usual, f"{_short(usual)}, {hour} (the usual day)"
    yield then, f"{_short(then)}, {hour} ({HOW_LONG[weeks]})"
    yield later, f"{_short(later)}, {hour} (the usual day, one later)"


def _nearest(moment: datetime, weekday: int) -> datetime:
    """Return the day of a weekday that is nearest to a moment: at most three days before or after it."""
    return moment + timedelta(days=(weekday - moment.weekday() + 3) % 7 - 3)


def _short(moment: datetime) -> str:
    """Write a day as it stands in a diary: Thu 26 Nov."""
    words = catalogue()
    return f"{words.weekdays[moment.weekday()][:3]} {moment.day} {words.months[moment.month - 1][:3]}"


def _usual(met: Meeting) -> tuple[int, str]:
    """Return the weekday and the hour at which one usually meets: those of most of the last sessions held.

    Today's session is not asked where there were others: it may have been moved.
    """
    held = [one for one in met.course.record.held() if one.happened_at < met.session.happened_at][-LAST_HELD:]
    slots = [_slot(met, one) for one in held] or [_slot(met, met.session)]
    weekday = _most(day for day, _ in slots)
    return weekday, _most(hour for day, hour in slots if day == weekday)


def _most(values: Iterable[T]) -> T:
    """Return what is there most often; of several the newest."""
    newest_first = list(values)[::-1]
    return max(newest_first, key=newest_first.count)


def _slot(met: Meeting, session: Session) -> tuple[int, str]:
    """Return the weekday and hour of a session. It is often begun late: the hour agreed for it goes before its own."""
    own = f"{session.happened_at:%Y-%m-%d}"
    cards = (str(one.answers.get("next_date") or "") for one in met.course.record.of("session-record"))
    agreed = next((one[11:16] for one in cards if one[:10] == own and len(one) >= len("2026-11-30T17:00")), "")
    return session.happened_at.weekday(), agreed or f"{session.happened_at:%H:%M}"
