"""One session in four moments: before, together, after, decision. Everything the page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openipt.pictures import Picture
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.drawing import draw_ring, draw_trajectory
from openipt.rooms.workspace.sheets.beside_session import filled_in, of_session
from openipt.therapy.course import AgendaItem, outcome_form
from openipt.therapy.forms import Form, has_form, open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.manuals import Manual, Task, open_task, sheets_of
from openipt.therapy.progress import progress
from openipt.therapy.record import Entry, Reading, Session, alias, focus, session_sheet, step_after
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing import Told, tell_session
from openipt.therapy.writing.summary import change_sentence

CARD = "session-record"
LOOKED_AT = "MID.02"  # the questionnaire, looked at together: it has no sheet of its own


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
    sheets: tuple[tuple[str, str, str], ...]  # form id, title, what its address says of the session
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
    step: Entry | None
    diary: tuple[DiaryLine, ...]
    talk_about: dict[str, Any]
    areas: tuple[str, ...]
    client_words: str | None
    agenda: tuple[PartOfAgenda, ...]
    beyond: tuple[Line, ...]  # done although it was not offered
    sheet: dict[str, Any]
    traced: frozenset[str]  # tasks that left a trace in this session
    next_step: Entry | None
    entries: tuple[tuple[str, Entry], ...]

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
    entries = filled_in(course.record, session)
    traced = _traced(course.manual, told, session, entries)
    carded = closed.record.newest(CARD, session.id) is not None
    form = outcome_form(course.manual, began.record)
    readings = began.record.readings(form.id)
    made = progress(form, [reading.value for reading in readings])
    return Meeting(
        course=closed,
        session=session,
        told=told,
        before=before,
        following=sessions[place + 1] if place + 1 < len(sessions) else None,
        ring=draw_ring(told.agenda.position.held, told.agenda.position.planned, "head", session.number or None),
        change=change_sentence(form.name, made) if made and made.n > 1 else None,
        trajectory=draw_trajectory(began, form, "before") if readings else None,
        changed=tuple(_changed(form, readings)),
        step=step_after(closed.record, before) if before else None,
        diary=tuple(_diary(began, before)),
        talk_about=_talk_about(began, before),
        areas=focus(closed.record),
        client_words=closed.record.says("formulation").get("client_words"),
        agenda=tuple(_agenda(told, course, session, set(told.done) if carded else traced)),
        beyond=tuple(_line(course.manual, session, None, task, True) for task in told.done_unoffered),
        sheet=session_sheet(closed.record, session),
        traced=frozenset(traced),
        next_step=step_after(closed.record, session),
        entries=entries,
    )


def _talk_about(began: Course, before: Session | None) -> dict[str, Any]:
    """Return what the client wrote for this session: words from before the last one were for that one."""
    entry = began.record.newest("talk-about")
    fresh = entry is not None and (before is None or entry.happened_at > before.happened_at)
    return dict(entry.answers) if entry is not None and fresh else {}


def _is_open(course: Course, session: Session) -> bool:
    """Whether a session is not closed: it has no card yet, and it is the one that was held last."""
    held = course.record.held()
    return bool(held) and held[-1].id == session.id and course.record.newest(CARD, session.id) is None


def _traced(manual: Manual, told: Told, session: Session, entries: tuple[tuple[str, Entry], ...]) -> set[str]:
    """Return the tasks that left a trace: their own sheet, the first one they name, was written in the session.

    A sheet may serve six tasks: it speaks for those it is made for. To look at a questionnaire one has to be answered.
    """
    here = [entry for _, entry in entries if entry.about == session.id or entry.happened_at >= session.happened_at]
    written = {entry.form for entry in here}
    answered = any(has_form(entry.form) and open_form(entry.form).kind == "questionnaire" for _, entry in entries)
    folders = vocabulary()["worksheet_aliases"]
    tasks = {item.task for item in told.agenda.items if item.status != "held_back"}
    own = {task: next((folders[code] for code in sheets_of(manual, task) if code in folders), "") for task in tasks}
    found = {task for task in tasks - {LOOKED_AT} if own[task] in written}
    return found | ({LOOKED_AT} & tasks if answered else set())


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


def _diary(course: Course, before: Session | None) -> list[DiaryLine]:
    since = before.recorded_at if before else None
    lines = []
    for entry in course.record.of("mood-diary"):
        if since is None or entry.happened_at > since:
            said = entry.answers
            parts = [_contact(course, row) for row in said.get("interactions") or ()]
            if said.get("note"):
                parts.append(f"“{said['note']}”")
            lines.append(DiaryLine(entry.happened_at, said.get("mood"), " ".join(parts)))
    return lines[-7:]


def _contact(course: Course, row: dict[str, Any]) -> str:
    kinds = "; ".join(label("event_kinds", kind) for kind in row.get("kinds") or ())
    person = alias(course.record, row.get("person"))
    return f"{person}. {kinds}." if person else f"{kinds}."


def _agenda(told: Told, course: Course, session: Session, done: set[str]) -> list[PartOfAgenda]:
    areas = focus(course.record)
    parts = []
    frame: list[tuple[str, str, tuple[int, int] | None]] = [
        (part.id, part.label, part.minutes) for part in course.manual.frame
    ]
    frame = frame or [("", "Agenda", None)]
    known = {part_id for part_id, _, _ in frame}
    for n, (part_id, words, minutes) in enumerate(frame):
        lines = [
            _line(course.manual, session, item, item.task, item.task in done, areas)
            for item in told.agenda.items
            if item.part == part_id or (n == 0 and item.part not in known)
        ]
        if lines:
            quiet = [
                line
                for line in lines
                if line.item and line.item.reason == "again" and line.item.done_before and not line.done
            ]
            parts.append(PartOfAgenda(words, minutes, tuple(line for line in lines if line not in quiet), tuple(quiet)))
    return parts


def _line(
    manual: Manual,
    session: Session,
    item: AgendaItem | None,
    task_id: str,
    done: bool,
    areas: tuple[str, ...] = (),
) -> Line:
    task = open_task(task_id)
    folders = vocabulary()["worksheet_aliases"]
    sheets = tuple(
        (folders[code], open_form(folders[code]).title, of_session(folders[code], session.id))
        for code in sheets_of(manual, task_id)
        if code in folders
    )
    return Line(item, task_id, task, done, sheets, _why_now(item, areas))


def _why_now(item: AgendaItem | None, areas: tuple[str, ...]) -> Sentence | None:
    """Say why a task stands on this agenda."""
    if item is None:
        return None
    if item.reason == "again":
        return say("why_now.again", n=item.done_before) if item.done_before else say("why_now.again_first")
    if item.reason == "area":
        return say("why_now.area", areas=", ".join(label("problem_areas", area).lower() for area in areas))
    return say(f"why_now.{item.reason}")
