"""Tell a course session by session: what was offered, done, due, held back; the state, the flags, the note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from openipt.therapy.course import (
    Agenda,
    DerivedFlag,
    DueItem,
    FindingSeen,
    GateState,
    PointDue,
    State,
    agenda,
    decision_points,
    derived_flags,
    due,
    findings_of,
    gates,
    state,
)
from openipt.therapy.course.position import phase_at
from openipt.therapy.forms import Result, has_form, open_form
from openipt.therapy.manuals import Manual, Phase
from openipt.therapy.record import Entry, Record, Session, session_sheet
from openipt.therapy.writing.note import Note, note


@dataclass(frozen=True, slots=True)
class Scored:
    """A form answered for a session, with its full result; a reported total has none."""

    entry: Entry
    value: float | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class Told:
    """One session as it was: what was known when it began, and what was known when its day ended."""

    session: Session
    phase: Phase
    agenda: Agenda  # as it began
    done: tuple[str, ...]
    due: tuple[DueItem, ...]  # as it began
    gates: tuple[GateState, ...]  # as it began
    state: State  # as its day ended
    flags: tuple[DerivedFlag, ...]
    decision: tuple[PointDue, ...]
    manual: Manual = field(repr=False, compare=False)
    closed: Record = field(repr=False, compare=False)  # as its day ended
    names_people: bool = False  # whether the note does
    holds_words: bool = False  # of the client's own, whether the note does

    @property
    def note(self) -> Note:
        """The note, drafted when it is asked for: the page of a session that goes on shows none."""
        return self.closed.remember(
            ("note", self.manual.id, self.manual.version, self.session.id, self.names_people, self.holds_words),
            lambda: note(self.manual, self.closed, self.session, people=self.names_people, words=self.holds_words),
        )

    @property
    def scores(self) -> tuple[Scored, ...]:
        """Everything with answers or a reported score that came in on the day of the session."""
        return self.closed.remember(("scores of", self.session.id), lambda: tuple(_scores(self.closed, self.session)))

    @property
    def findings(self) -> tuple[FindingSeen, ...]:
        """What these answers say that somebody has to know."""
        return tuple(seen for one in self.scores for seen in findings_of(self.closed, one.entry))

    @property
    def done_unoffered(self) -> tuple[str, ...]:
        """What was done although it was not offered. The record takes it all the same."""
        offered = {item.task for item in self.agenda.offered}
        return tuple(task for task in self.done if task not in offered)


def tell(manual: Manual, record: Record) -> tuple[Told, ...]:
    """Tell every session of a record, in order, each with the knowledge of its own day."""
    return tuple(tell_session(manual, record, session) for session in record.sessions)


def tell_session(
    manual: Manual, record: Record, session: Session, until: datetime | None = None, *, going_on: bool = False
) -> Told:
    """Tell one session of a record.

    Args:
        manual: The manual the course runs on.
        record: The record.
        session: One of its sessions.
        until: What was known by then is told; the end of its day if not given. A card may be written a day later.
        going_on: It is not closed yet: everything the record knows is told, also what was written in the session.
    """
    began = _around(record, session) if going_on else record.as_of(session.happened_at)
    closed = record if going_on else record.as_of(until or _end_of(session))
    today = session.day
    return Told(
        session=session,
        phase=_phase(manual, began, closed, session),
        agenda=agenda(manual, began, today),
        done=tuple(session_sheet(closed, session).get("tasks") or ()),
        due=due(manual, began, today),
        gates=gates(manual, began, today),
        state=state(manual, closed, today),
        flags=tuple(flag for flag in derived_flags(manual, closed, today) if flag.on == today),
        decision=_decided(manual, closed, today),
        manual=manual,
        closed=closed,
    )


def _around(record: Record, session: Session) -> Record:
    """Return everything that is known, as it stands for a session that goes on: not one of those held before it."""
    others = tuple(one for one in record.sessions if one.id != session.id)
    earlier = record.before(session)
    return earlier if len(earlier.sessions) == len(others) else record.but(sessions=others)


def _end_of(session: Session) -> datetime:
    return session.happened_at.replace(hour=0, minute=0) + timedelta(days=1, microseconds=-1)


def _phase(manual: Manual, began: Record, closed: Record, session: Session) -> Phase:
    """Return the phase a session belonged to: by what was done before it, and what it was said to be."""
    before = next((phase for phase in manual.phases if phase.before_the_first), None)
    named = session_sheet(closed, session).get("meeting")
    if before and any(meeting.id == named and meeting.when == "before" for meeting in manual.meetings):
        return before
    if session.kind == "pre_group":
        return before or manual.phases[0]
    return phase_at(manual, began, max(1, session.number))


def _scores(record: Record, session: Session) -> Iterator[Scored]:
    for entry in record.entries:
        if entry.happened_at.date() != session.day or entry.retracted_at:
            continue
        if entry.kind == "total_only":
            yield Scored(entry, entry.total, None)
        elif entry.kind == "answers" and has_form(entry.form):
            result = record.result(entry)
            if result.scores or result.findings:
                yield Scored(entry, _primary(entry, result), result)


def _primary(entry: Entry, result: Result) -> float | None:
    primary = open_form(entry.form).primary
    return result.scores.get(primary) if primary else None


def _decided(manual: Manual, record: Record, today: date) -> tuple[PointDue, ...]:
    """Return the points that fell due on this day, or that were decided on it."""
    return tuple(
        point
        for point in decision_points(manual, record, today)
        if point.on == today or (point.recorded and point.recorded.happened_at.date() == today)
    )
