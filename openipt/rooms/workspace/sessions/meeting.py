"""One session in four moments: before, together, after, decision. Everything the page shows, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from openipt.pictures import Picture
from openipt.rooms.workspace.course.drawing import draw_ring, draw_trajectory
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.sheets.beside_session import filled_in
from openipt.rooms.workspace.sheets.of_tasks import Opens, pages_of
from openipt.rooms.workspace.sheets.traced import at_one_tap, followed, left, traced
from openipt.rooms.workspace.standing_in import Place
from openipt.therapy.course import AgendaItem, DueItem, outcome_form
from openipt.therapy.forms import Form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.manuals import Manual, Task, open_task
from openipt.therapy.progress import progress
from openipt.therapy.record import (
    Entry,
    Reading,
    Record,
    Session,
    alias,
    focus,
    session_sheet,
    step_after,
)
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing import Told, tell_session
from openipt.therapy.writing.note import length_is_planned
from openipt.therapy.writing.retold import in_clients_words
from openipt.therapy.writing.summary import change_sentence

CARD = "session-record"


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that changed since the time before."""

    asked: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class DiaryLine:
    """One diary entry in a line."""

    at: Any
    mood: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One task on the page: what the manual says of it, how it stands, what is recorded."""

    item: AgendaItem | None
    id: str
    task: Task
    done: bool
    sheets: tuple[Opens, ...]
    place: Place  # what the addresses of its sheets leave open
    why_now: Sentence | None = None  # why it stands on this agenda


@dataclass(frozen=True, slots=True)
class PartOfAgenda:
    """A part of the session frame with its tasks."""

    label: str
    minutes: tuple[int, int] | None
    lines: tuple[Line, ...]
    folded: tuple[Line, ...] = ()  # done before and offered again: there, and quiet


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the session page shows."""

    course: Course
    session: Session
    told: Told
    before: Session | None
    following: Session | None
    ring: Picture
    change: Sentence | None
    trajectory: Picture | None
    changed: tuple[Changed, ...]
    owner: str  # whose words the questions are whose answers changed
    step: Entry | None
    diary: tuple[DiaryLine, ...]
    talk_about: dict[str, Any]
    areas: tuple[str, ...]
    client_words: str | None
    agenda: tuple[PartOfAgenda, ...]
    beyond: tuple[Line, ...]  # done although it was not offered
    sheet: dict[str, Any]
    traced: frozenset[str]  # tasks that left a trace in this session
    at_one_tap: tuple[str, ...]  # tasks that one tap on its card says were done
    next_step: Entry | None
    entries: tuple[tuple[str, Entry], ...]

    @property
    def length_is_planned(self) -> bool:
        """Whether nobody wrote how long it was since it can have ended."""
        return length_is_planned(self.course.manual, self.course.record, self.session)

    @property
    def step_told_by_client(self) -> bool:
        """Whether what happened with the last step is the client's own sentence."""
        return self.step is not None and in_clients_words(self.course.record, self.step)

    @property
    def extra(self) -> str:
        """What the manual calls it, where it was a meeting beside the sessions."""
        named = self.sheet.get("meeting")
        return next((one.label for one in self.course.manual.meetings if one.id == named), str(named or ""))


def meeting(course: Course, number: int | None = None, session_id: str | None = None) -> Meeting | None:
    """Gather one session of a course, by its number or its label; None where the course has no such session."""
    sessions = course.record.sessions
    place = next((n for n, one in enumerate(sessions) if number == one.number or session_id == one.id), None)
    if place is None:
        return None
    session = sessions[place]
    before = next((one for one in reversed(sessions[:place]) if one.attended), None)
    until = _told_by(course, session)
    # While a session goes on, what was written in it counts: only a session that is closed is told as it began.
    is_open = _is_open(course, session)
    closed = course if is_open else course.as_of(until)
    began = course if is_open else course.as_of(session.happened_at)
    told = tell_session(course.manual, course.record, session, until, going_on=is_open)
    told = replace(told, due=tuple(_still_due(told, closed.record)))
    entries = filled_in(course.record, session)
    written = left(course.record, session, entries)
    offered = list(dict.fromkeys(item.task for item in told.agenda.offered))
    fresh_first = sorted(told.agenda.offered, key=lambda item: item.done_before > 0)
    traces = traced(course.manual, dict.fromkeys(item.task for item in fresh_first), written)
    carded = closed.record.newest(CARD, session.id) is not None
    said, next_step = session_sheet(closed.record, session), step_after(closed.record, session)
    done = {*(told.done if carded else traces), *followed(said, next_step is not None)}
    # What was measured on its day belongs to a session, also what was typed in between its beginning and its card.
    measured = course if is_open else replace(closed, record=_until_the_day(closed.record, session))
    form = outcome_form(course.manual, measured.record)
    readings = measured.record.readings(form.id)
    made = progress(form, [reading.value for reading in readings])
    lines = _Lines.of_session(course, session)
    return Meeting(
        course=closed,
        session=session,
        told=told,
        before=before,
        following=sessions[place + 1] if place + 1 < len(sessions) else None,
        ring=draw_ring(told.agenda.position.held, told.agenda.position.planned, "head", session.number or None),
        change=change_sentence(form.name, made) if made and made.n > 1 else None,
        trajectory=draw_trajectory(measured, form, "before") if readings else None,
        changed=tuple(_changed(form, readings)),
        owner=form.terms.attribution,
        step=step_after(closed.record, before) if before else None,
        diary=tuple(diary_since(began, before)),
        talk_about=wants_to_talk(began, before),
        areas=focus(closed.record),
        client_words=closed.record.says("formulation").get("client_words"),
        agenda=tuple(_agenda(told, lines, done)),
        beyond=tuple(lines.of(None, task, True) for task in told.done_unoffered),
        sheet=said,
        traced=traces,
        at_one_tap=at_one_tap(course.manual, offered, written),
        next_step=next_step,
        entries=entries,
    )


def as_marked(met: Meeting, done: Collection[str]) -> Meeting:
    """Return a session with these tasks done on its agenda, as its card has them that is not handed in yet."""
    parts = (replace(part, lines=_marked(part.lines, done), folded=_marked(part.folded, done)) for part in met.agenda)
    return replace(met, agenda=tuple(parts))


def _marked(lines: tuple[Line, ...], done: Collection[str]) -> tuple[Line, ...]:
    return tuple(replace(line, done=line.id in done) for line in lines)


def _until_the_day(record: Record, session: Session) -> Record:
    """Return a record without what was answered after the day of a session, and without the sessions after it."""
    entries = tuple(one for one in record.entries if one.happened_at.date() <= session.day)
    sessions = tuple(one for one in record.sessions if one.happened_at <= session.happened_at)
    return record.but(entries=entries, sessions=sessions)


def _still_due(told: Told, closed: Record) -> Iterator[DueItem]:
    """Yield what was due when a session began and is not done since: not answered, not decided on its day.

    A step is told by itself.
    """
    decided = {point.point.id for point in told.decision if point.recorded}
    for item in told.due:
        answered = item.kind == "measure" and any(
            one.happened_at.date() == told.session.day for one in closed.of(item.id, item.about)
        )
        settled = item.kind == "step" or (item.kind == "decision" and item.id in decided)
        if not answered and not settled:
            yield item


def wants_to_talk(began: Course, before: Session | None) -> dict[str, Any]:
    """Return what the client wrote for this session: words from before the last one were for that one."""
    entry = began.record.newest("talk-about")
    fresh = entry is not None and (before is None or entry.happened_at > before.happened_at)
    return dict(entry.answers) if entry is not None and fresh else {}


def _is_open(course: Course, session: Session) -> bool:
    """Whether a session is not closed: it has no card yet, and it is the one that was held last."""
    held = course.record.held()
    return bool(held) and held[-1].id == session.id and course.record.newest(CARD, session.id) is None


def _told_by(course: Course, session: Session) -> datetime:
    """Return the moment by which a session was told: the end of its day, or when its card was last written."""
    end = session.happened_at.replace(hour=0, minute=0) + timedelta(days=1, microseconds=-1)
    cards = (one.recorded_at for one in course.record.entries if (one.form, one.about) == (CARD, session.id))
    return max([end, *cards])


def _changed(form: Form, readings: tuple[Reading, ...]) -> list[Changed]:
    """Return the items whose answer differs from the time before; a reported total has none."""
    if len(readings) < 2 or not readings[-1].entry.answers or not readings[-2].entry.answers:
        return []
    now, before = readings[-1].entry.answers, readings[-2].entry.answers
    found = []
    for item in form.items:
        if isinstance(item, ChoiceItem) and now.get(item.id) != before.get(item.id):
            words: dict[Any, str] = dict(choices_of(form, item))
            asked = item.label or item.topic or item.id
            found.append(
                Changed(asked, words.get(before.get(item.id), "no answer"), words.get(now.get(item.id), "no answer"))
            )
    return found


def diary_since(course: Course, before: Session | None) -> list[DiaryLine]:
    """Return the newest lines of the diary since a session."""
    since = before.recorded_at if before else None
    lines = []
    for entry in course.record.of("mood-diary"):
        if since is None or entry.happened_at > since:
            said = entry.answers
            parts = [_contact(course, row) for row in said.get("interactions") or ()]
            if said.get("note"):
                parts.append(f"“{said['note']}”")
            lines.append(DiaryLine(entry.happened_at, said.get("mood"), " ".join(filter(None, parts))))
    return lines[-7:]


def _contact(course: Course, row: dict[str, Any]) -> str:
    kinds = "; ".join(label("event_kinds", kind) for kind in row.get("kinds") or ())
    person = alias(course.record, row.get("person"))
    return " ".join(f"{words}." for words in (person, kinds) if words)


def _agenda(told: Told, lines: _Lines, done: set[str]) -> list[PartOfAgenda]:
    parts = []
    frame: list[tuple[str, str, tuple[int, int] | None]] = [
        (part.id, part.label, part.minutes) for part in lines.manual.frame
    ]
    frame = frame or [("", "Agenda", None)]
    known = {part_id for part_id, _, _ in frame}
    for n, (part_id, words, minutes) in enumerate(frame):
        here = [
            lines.of(item, item.task, item.task in done)
            for item in told.agenda.items
            if item.part == part_id or (n == 0 and item.part not in known)
        ]
        if here:
            quiet = [
                line
                for line in here
                if line.item and line.item.reason == "again" and line.item.done_before and not line.done
            ]
            parts.append(PartOfAgenda(words, minutes, tuple(line for line in here if line not in quiet), tuple(quiet)))
    return parts


@dataclass(frozen=True, slots=True)
class _Lines:
    """What all tasks of one session share."""

    manual: Manual
    measure: str
    areas: tuple[str, ...]
    place: Place

    @classmethod
    def of_session(cls, course: Course, session: Session) -> _Lines:
        measure = outcome_form(course.manual, course.record).id
        return cls(course.manual, measure, focus(course.record), Place(course.id, session.id))

    def of(self, item: AgendaItem | None, task: str, done: bool) -> Line:
        pages = pages_of(self.manual, task, in_session=True, measure=self.measure)
        return Line(item, task, open_task(task), done, pages, self.place, _why_now(item, self.areas))


def _why_now(item: AgendaItem | None, areas: tuple[str, ...]) -> Sentence | None:
    """Say why a task stands on this agenda."""
    if item is None:
        return None
    if item.reason == "again":
        return say("why_now.again", n=item.done_before) if item.done_before else say("why_now.again_first")
    if item.reason == "area":
        return say("why_now.area", areas=", ".join(label("problem_areas", area).lower() for area in areas))
    return say(f"why_now.{item.reason}")
