"""Read a worked case for keeping: moved to another time, cut at a session, and leniently where that was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openipt.exchange.cases import Case, open_case
from openipt.exchange.cases.checking import check
from openipt.exchange.cases.group import read_group
from openipt.exchange.cases.individual import read_individual
from openipt.exchange.cases.opening import case_ids, case_named
from openipt.exchange.cases.taking import Tree
from openipt.exchange.clinic import shift
from openipt.therapy.forms import has_form, open_form, score
from openipt.therapy.record import GroupRecord, Record
from openipt.therapy.shelf import Problem, Refused, read_page
from openipt.therapy.words import render

WEEK = timedelta(weeks=1)


def read(file: str, lenient: bool) -> tuple[Case, list[str]]:
    """Read a case by its file or its id; return it, and what was passed over.

    Args:
        file: A path, or an id of the shelf.
        lenient: Keep also what no form can take, unscored, and pass over what nobody reads; both are named.

    Raises:
        Refused: It cannot be read; leniently only where it breaks the schema.
    """
    path = Path(file) if Path(file).exists() else case_named(file)
    if path is None:
        raise Refused(Problem(file, 0, "", "no such file or worked case", f"a file, or one of {', '.join(case_ids())}"))
    if not lenient:
        return open_case(path), []
    page = read_page(path, path.name)
    check(page)
    tree = Tree(page.data)
    case = read_group(tree) if "group" in page.data else read_individual(tree)
    unread = [str(page.problem(way, "was read by nobody", "a key that is read")) for way in tree.left()]
    return case, [*unread, *(line for record in case.records for line in _unfit(path.name, record))]


def _unfit(name: str, record: Record) -> list[str]:
    return [
        f"{name}: {entry.id} ({entry.form}): {render(trouble.problem)}; kept without a score"
        for entry in record.entries
        if entry.kind == "answers" and has_form(entry.form)
        for trouble in score(open_form(entry.form), entry.answers).errors
    ]


def moved(case: Case, day: date) -> Case:
    """Return the case moved by whole weeks, so that it begins on a day or within six days after it."""
    first = min(_first_day(record) for record in case.records)
    weeks = -(-(day - first) // WEEK)
    group = _moved_group(case.group, case.records[0], weeks) if case.group else None
    return replace(case, records=tuple(shift(one, weeks) for one in case.records), claims=(), group=group)


def _first_day(record: Record) -> date:
    return record.began_on or first_known(record).date()


def first_known(record: Record) -> datetime:
    """Return when the first fact of a record became known."""
    return min([*(one.recorded_at for one in record.entries), *(one.recorded_at for one in record.sessions)])


def _moved_group(group: GroupRecord, like: Record, weeks: int) -> GroupRecord:
    """Move what belongs to the group as the facts of a record are moved."""
    told = replace(like, entries=group.entries, sessions=group.sessions, flags=(), _memo={})
    there = shift(told, weeks)
    return replace(group, entries=there.entries, sessions=there.sessions)


def cut(case: Case, number: int) -> Case:
    """Return the case as it was known by the end of the day of a session.

    Raises:
        Refused: There is no such session.
    """
    sessions = case.group.sessions if case.group else case.records[0].sessions
    named = next((session for session in sessions if session.number == number), None)
    if named is None:
        known = ", ".join(str(session.number) for session in sessions)
        raise Refused(Problem(case.id, 0, "--until-session", f"there is no session {number}", f"one of {known}"))
    known_by = case.as_of(_end_of_day(named.happened_at))
    begun = tuple(one for one in known_by.records if one.sessions or one is known_by.records[0])
    return replace(known_by, records=begun)


def _end_of_day(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo) - timedelta(microseconds=1)
