"""The laws of a made-up course, asked of `therapy.course` and of the forms themselves. Each yields what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from openipt.therapy.course import agenda, closing, decision_points, derived_flags, where
from openipt.therapy.forms import open_form, score
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Record, session_sheet
from openipt.therapy.words import render

MAY_WAIT = timedelta(days=3)  # an answer of the weekend, read on Monday


def broken_laws(record: Record, today: date) -> list[str]:
    """Return every broken law of a record on a day, in words."""
    laws = (
        answers_fit, tasks_were_offered, flags_are_answered, endings_are_lawful, counts_are_right, time_runs_forward,
        names_are_known,
    )  # fmt: skip
    return [f"{record.enrolment} ({record.manual}): {wrong}" for law in laws for wrong in law(record, today)]


def answers_fit(record: Record, today: date) -> Iterator[str]:
    for entry in record.entries:
        result = score(open_form(entry.form), entry.answers, {"today": entry.recorded_at.date().isoformat()})
        for trouble in result.errors:
            yield f"{entry.form}: {render(trouble.problem)}"
        if "{" in str(list(strings(entry.answers))):
            yield f"{entry.form}: a name was not filled in"


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def tasks_were_offered(record: Record, today: date) -> Iterator[str]:
    """What was done had a place on the agenda of that day, and no gate warned: formulation, contract and safety stood.

    One gate may warn: an ending that was agreed late still has its last session.
    """
    manual = open_manual(record.manual)
    for session in record.held():
        told = agenda(manual, record.as_of(session.happened_at), session.day)
        free = {item.task for item in told.items if item.status == "offered" or item.gate == "ending_raised"}
        for task in session_sheet(record, session).get("tasks") or ():
            if task not in free:
                yield f"{task} was done in session {session.number}, and was not offered"


def flags_are_answered(record: Record, today: date) -> Iterator[str]:
    """Every flag the rules derive stands in the record; only an open course may have one that nobody answered yet."""
    for flag in derived_flags(open_manual(record.manual), record, today):
        if flag.handled is None:
            yield f"{flag.rule} of {flag.on} is not in the record"
        elif flag.is_open and (record.ended_on or today - flag.on > MAY_WAIT):
            yield f"{flag.rule} of {flag.on} has no outcome"
        elif not flag.is_open and flag.handled.outcomes[0].at < flag.handled.received_at:
            yield f"{flag.rule} of {flag.on} was answered before it came"


def endings_are_lawful(record: Record, today: date) -> Iterator[str]:
    manual = open_manual(record.manual)
    if record.ended_on is None:
        if record.of("ending"):
            yield "an ending is written, and the course is open"
        return
    end = closing(manual, record, record.ended_on)
    yield from (f"the ending still wants: {render(sentence)}" for sentence in end.wanting)
    if end.ending == "finished":
        undecided = [one.point.id for one in decision_points(manual, record, record.ended_on) if one.recorded is None]
        if undecided:
            yield f"no decision at {', '.join(undecided)}"
    elif end.ending == "stopped_coming" and any(one.answers["point"] == "END" for one in record.of("decision-record")):
        yield "an ending was decided on with somebody who had stopped coming"


def counts_are_right(record: Record, today: date) -> Iterator[str]:
    here = where(open_manual(record.manual), record, today)
    if min(here.held, here.left, here.over, here.weeks) < 0 or here.over:
        yield f"counts out of range: {here}"
    held = [session.number for session in record.held()]
    if held != list(range(1, len(held) + 1)) or here.held != len(held):
        yield f"the sessions held are numbered {held}, {here.held} are used"
    if any(session.number or session.uses for session in record.sessions if not session.attended):
        yield "a session that nobody came to is counted"


def time_runs_forward(record: Record, today: date) -> Iterator[str]:
    morning = datetime.combine(today, time(7), UTC)
    told = [entry.recorded_at for entry in record.entries]
    if told != sorted(told) or (told and told[-1] > morning):
        yield "entries are not in the order they were recorded, or lie ahead"
    if any(entry.recorded_at < entry.happened_at for entry in record.entries):
        yield "an entry was recorded before it happened"
    if any(
        session.recorded_at > morning or session.happened_at.hour not in range(8, 19) for session in record.sessions
    ):
        yield "a session lies ahead, or in the night"
    if record.ended_on and record.ended_on > today:
        yield "the course ends ahead"


def names_are_known(record: Record, today: date) -> Iterator[str]:
    """Ids stand once, and everything an entry is about exists."""
    ids = [entry.id for entry in record.entries] + [flag.id for flag in record.flags]
    if len(ids) != len(set(ids)):
        yield "an id stands twice"
    known = {thing.id for things in (record.people, record.goals, record.steps, record.events) for thing in things}
    known |= {session.id for session in record.sessions}
    strangers = {entry.about for entry in record.entries if entry.about} - known
    if strangers:
        yield f"entries are about {sorted(strangers)}, which nobody knows"
    if any(not check.answers["asked_alone"] for check in record.of("violence-check")):
        yield "safety was asked with somebody there"
