"""Read one session of an individual case: scores at the door, what was done, sheets, step, flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openipt.exchange.cases import sheets
from openipt.exchange.cases.clock import AFTER, ASKED, DOOR, MEETING, after, on
from openipt.exchange.cases.taking import Tree
from openipt.therapy.record import Flag, Outcome, Session
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import vocabulary

if TYPE_CHECKING:
    from openipt.exchange.cases.course import Course

HELD = ("attended", "joint", "double", "phone_check", "pre_group")


def session_id(number: int) -> str:
    """Return the id of a session by its number."""
    return f"S{number:02d}"


def make_session(
    number: int, kind: str, day: str, minutes: int | None, modality: str | None, people: tuple[str, ...] = ()
) -> Session:
    """Make a session; what it uses of the contract is said by its kind."""
    uses = vocabulary()["session_kinds"][kind]["uses"]
    return Session(
        session_id(number),
        number,
        kind,
        on(day, MEETING),
        on(day, AFTER),
        minutes,
        modality,
        uses,
        kind in HELD,
        people,
    )


def read_session(course: Course, row: Tree) -> Session:
    """Read one session and write everything that belongs to it."""
    number, day = row.take("n"), row.take("date")
    name = session_id(number).lower()
    kind = row.take("kind", "attended")
    session = make_session(
        number, kind, day, row.take("minutes"), row.take("modality"), tuple(row.take("joint_with", []))
    )
    measures = row.into("measures")
    for short in measures.data:
        course.book.measure(short, measures.into(short), on(day, DOOR), name)
    row.taken.add(measures.way)
    said = row.some(
        "opener",
        "mood",
        "mood_thermometer",
        "mood_event_link",
        "phase",
        "tasks",
        "techniques",
        "worksheets",
        "distress",
        "gap_note",
        "note",
    )
    course.book.write("session-record", said, on(day, AFTER), name=f"{name}-record", about=session.id)
    _step(course, row.into("step"), session)
    for flag in row.rows("flags"):
        course.flags.append(flag_of(flag, day, DOOR, f"{course.book.enrolment}-{name}"))
    if "incident" in row:
        incident = row.into("incident")
        label = incident.take("id")
        incident.take("member")
        answers = sheets.communication(incident)
        course.book.write("communication-analysis", answers, on(day), name=f"{name}-{label}", about=session.id)
    if "decision" in row:
        course.book.write(
            "decision-analysis",
            sheets.decision(row.into("decision")),
            on(day),
            name=f"{name}-decision",
            about=session.id,
        )
    if "sick_role" in row:
        course.book.write("time-to-recover", sheets.recovery(row.into("sick_role")), on(day), name=f"{name}-recover")
    return session


def _step(course: Course, step: Tree, session: Session) -> None:
    """A step is agreed at the end of a session; how it went is told in the next one."""
    thing = f"step-{session.id.lower()}"
    agreed = {**step.some("text", "person"), "agreed_in": session.id}
    course.book.thing("steps", thing, session.recorded_at)
    course.book.write(
        "between-session-step", {**agreed, "status": "planned"}, session.recorded_at, name=f"{thing}-1", about=thing
    )
    later = [number for number in course.days if number > session.number]
    told = course.at(min(later), DOOR) if later else after(session.recorded_at, 14)
    went = {**agreed, "status": step.take("status_at_next"), "what_happened": step.take("note")}
    course.book.write("between-session-step", went, told, name=f"{thing}-2", about=thing)


def flag_of(flag: Tree, day: str, asked: Any, before: str) -> Flag:
    """Read a flag with what was done about it that day."""
    rule, state = flag.take("rule"), flag.take("state")
    outcome = Outcome(
        at=on(day, ASKED),
        by=flag.take("closed_by"),
        words=flag.take("action"),
        supervisor_informed=flag.take("supervisor_informed", False),
        next_contact=day_of(flag.take("next_contact")),
    )
    flag.take("member")
    answered = on(day, asked)
    return Flag(f"{before}-{rule}", rule, state, answered, answered, None, flag.take("item"), answered, (outcome,))


def sheet_entry(course: Course, number: int, code: str) -> None:
    """Note that a sheet was worked on in a session when the file holds no content of that day."""
    form = vocabulary()["worksheet_aliases"][code]
    day = course.days[number]
    book = course.book
    if any(entry.form == form and entry.recorded_at.date() == day for entry in book.entries):
        return
    book.write(
        form, {}, on(day), name=f"{session_id(number).lower()}-{form}", about=session_id(number), kind="without_content"
    )
