"""The same course in another year: every day of a record moved by whole weeks, so that a Monday stays a Monday."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from openipt.therapy.forms import has_form, open_form
from openipt.therapy.forms.items import GroupItem
from openipt.therapy.record import Entry, Flag, Outcome, Record, Session, Thing

When = TypeVar("When", date, datetime)

_DAY, _MONTH, _YEAR = (re.compile(rf"{form}\Z") for form in (r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d", r"\d{4}"))
_MIDDLE_OF_MONTH, _MIDDLE_OF_YEAR = "-15", "-07-02"


def shift(record: Record, weeks: int) -> Record:
    """Return the same record moved by whole weeks, later ones if positive.

    Moved are all times, and in the answers all items that are dates or moments, wherever they stand in a sheet; also a
    text that is nothing but a day or a month. A date known only to its month or year is moved from the middle of it.
    What is told in words ("since June") stays. Ids stay.
    """
    by = timedelta(weeks=weeks)
    return replace(
        record,
        began_on=_moved(record.began_on, by),
        ended_on=_moved(record.ended_on, by),
        entries=tuple(_entry(entry, by) for entry in record.entries),
        sessions=tuple(_session(session, by) for session in record.sessions),
        flags=tuple(_flag(flag, by) for flag in record.flags),
        people=_things(record.people, by),
        goals=_things(record.goals, by),
        steps=_things(record.steps, by),
        events=_things(record.events, by),
        _memo={},
    )


def _moved(when: When | None, by: timedelta) -> When | None:
    return None if when is None else when + by


def _entry(entry: Entry, by: timedelta) -> Entry:
    items = open_form(entry.form, entry.version).items if has_form(entry.form) else ()
    return replace(
        entry,
        happened_at=entry.happened_at + by,
        recorded_at=entry.recorded_at + by,
        retracted_at=_moved(entry.retracted_at, by),
        answers=_answers(items, entry.answers, by),
    )


def _session(session: Session, by: timedelta) -> Session:
    return replace(session, happened_at=session.happened_at + by, recorded_at=session.recorded_at + by)


def _things(things: Iterable[Thing], by: timedelta) -> tuple[Thing, ...]:
    return tuple(replace(one, created_at=one.created_at + by, ended_at=_moved(one.ended_at, by)) for one in things)


def _flag(flag: Flag, by: timedelta) -> Flag:
    return replace(
        flag,
        answered_at=flag.answered_at + by,
        received_at=flag.received_at + by,
        seen_at=_moved(flag.seen_at, by),
        outcomes=tuple(_outcome(outcome, by) for outcome in flag.outcomes),
    )


def _outcome(outcome: Outcome, by: timedelta) -> Outcome:
    return replace(outcome, at=outcome.at + by, next_contact=_moved(outcome.next_contact, by))


def _answers(items: Iterable[Any], answers: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    kinds = {item.id: item for item in items}
    return {key: _answer(kinds.get(key), value, by) for key, value in answers.items()}


def _answer(item: Any, value: Any, by: timedelta) -> Any:
    if isinstance(item, GroupItem):
        if isinstance(value, list):
            return [_answers(item.items, row, by) for row in value]
        return _answers(item.items, value, by) if isinstance(value, Mapping) else value
    move = _MOVES.get(item.kind) if item is not None and isinstance(value, str) else None
    return move(value, by) if move else value


def move_date(text: str, by: timedelta) -> str:
    """Move a date as it was told: to the day, the month or the year. Anything else stays as it is."""
    if _DAY.match(text):
        return (date.fromisoformat(text) + by).isoformat()
    if _MONTH.match(text):
        return (date.fromisoformat(text + _MIDDLE_OF_MONTH) + by).isoformat()[:7]
    if _YEAR.match(text):
        return (date.fromisoformat(text + _MIDDLE_OF_YEAR) + by).isoformat()[:4]
    return text


def move_moment(text: str, by: timedelta) -> str:
    """Move a moment, as exactly as it was told."""
    if "T" not in text:
        return move_date(text, by)
    length = "seconds" if text[16:17] == ":" else "minutes"
    return (datetime.fromisoformat(text) + by).isoformat(timespec=length)


def _move_text(text: str, by: timedelta) -> str:
    return text if _YEAR.match(text) else move_date(text, by)


_MOVES: dict[str, Callable[[str, timedelta], str]] = {
    "date": move_date,
    "moment": move_moment,
    "text": _move_text,
    "long_text": _move_text,
}
