"""The session note, drafted from the record: facts only (CLINICAL-RULES 8).

The client's words and the names of third parties enter only where a person asks for them; the diary is not copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openipt.therapy.course import (
    DerivedFlag,
    decision_points,
    derived_flags,
    planned_sessions,
    points_fallen,
    state,
)
from openipt.therapy.course.flags import SELF_HARM_RULES
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.manuals import Manual
from openipt.therapy.record import (
    Entry,
    Record,
    Session,
    alias,
    focus,
    focus_people,
    recovery,
    session_sheet,
    step_after,
)
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing.missing import unasked, unasked_alone, unmeasured
from openipt.therapy.writing.naming import names, names_of, task_noted, technique_name, told
from openipt.therapy.writing.retold import step_retold, talk_retold

SAID = ("none_said", "own_sheet")  # what was said when thoughts of death were asked about


@dataclass(frozen=True, slots=True)
class NotePart:
    """One paragraph: its heading and its sentences."""

    heading: Sentence
    lines: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A drafted note, and what the record of this session does not hold (yet)."""

    parts: tuple[NotePart, ...]
    not_recorded: tuple[Sentence, ...]
    alone: Sentence | None = None  # what is asked alone was due, and is not on record: for the screen only


def note(manual: Manual, record: Record, session: Session, *, people: bool = False, words: bool = False) -> Note:
    """Draft the note of one session from what the record holds of it.

    Args:
        manual: The manual the course runs on.
        record: The record, as it is known now.
        session: The session to write about.
        people: Name the people of the client's life; otherwise they are left unnamed.
        words: Quote the client.
    """
    before = _before(record, session)
    parts = (
        ("note.head", _head(manual, record, session)),
        ("note.since", _since(manual, record, session, before, people, words)),
        ("note.work", _work(manual, record, session, people, words)),
        ("note.decision", _decision(manual, record, session, people, words)),
        ("note.step", _step(record, session, people)),
    )
    made = tuple(NotePart(say(f"{name}.heading"), tuple(lines)) for name, lines in parts)
    return Note(
        tuple(part for part in made if part.lines),
        tuple(_not_recorded(manual, record, session)),
        unasked_alone(manual, record, session) if session.attended else None,
    )


def _before(record: Record, session: Session) -> Session | None:
    held = [one for one in record.sessions if one.happened_at < session.happened_at]
    return held[-1] if held else None


def _window(before: Session | None, session: Session, moment: datetime) -> bool:
    """Whether a moment lies after the session before, up to the end of this session's day."""
    return (before is None or moment > before.recorded_at) and moment.date() <= session.day


def _head(manual: Manual, record: Record, session: Session) -> Iterator[Sentence]:
    kind = label("session_kinds", session.kind).lower()
    if not session.attended:
        yield say("note.head.missed", on=session.day, kind=kind)
        return
    yield say("note.head.held", n=session.number, of=planned_sessions(manual, record), on=session.day)
    if session.minutes:
        line = "planned" if length_is_planned(manual, record, session) else "how"
        where = label("modalities", session.modality or "in_person").lower()
        yield say(f"note.head.{line}", minutes=session.minutes, where=where)
    if session.kind != "attended":
        yield say("note.head.kind", kind=kind)


def length_is_planned(manual: Manual, record: Record, session: Session) -> bool:
    """Whether the length of a session is the usual one, written before it can have passed: nobody said it since."""
    if not session.minutes or session.minutes != (record.says("contract").get("minutes") or manual.dose.minutes):
        return False
    return session.happened_at < session.recorded_at < session.happened_at + timedelta(minutes=session.minutes)


def _since(
    manual: Manual, record: Record, session: Session, before: Session | None, people: bool, words: bool
) -> Iterator[Sentence]:
    for entry in _measures(record, session, before):
        yield from _score(record, entry)
    if left_out := tuple(dict.fromkeys(one.name for one in unmeasured(manual, record, session))):
        yield say("note.since.none", forms=left_out, n=len(left_out))
    if before is not None:
        step = step_after(record, before)
        if step and step.answers.get("status") not in (None, "planned"):
            yield from step_retold(record, step, people, words)
    for entry in record.of("medication"):
        if _window(before, session, entry.happened_at):
            said = entry.answers
            action = said.get("action", "start")
            yield say(
                f"note.since.medication.{action}", drug=said.get("drug"), dose=said.get("dose_mg"), on=entry.happened_at
            )
    for flag in derived_flags(manual, record, session.day):
        if _is_new(record, flag, before) and not asked_alone(flag):
            yield flag.why
            for outcome in flag.handled.outcomes if flag.handled else ():
                yield say("note.since.outcome", words=told(record, outcome.words, people), by=outcome.by)


def asked_alone(flag: DerivedFlag) -> bool:
    """Whether a flag rests on what was asked alone: it stays in the record, and out of what is handed on or printed."""
    return flag.form is not None and open_form(flag.form).visibility == "staff_asked_alone"


def _is_new(record: Record, flag: DerivedFlag, before: Session | None) -> bool:
    """Whether a flag came up after the session before. What was answered later on its day is told now, not lost."""
    if before is None or flag.on > before.day:
        return True
    entry = next((one for one in record.of(flag.form) if one.id == flag.entry), None) if flag.form else None
    return entry is not None and entry.happened_at > before.recorded_at


def _measures(record: Record, session: Session, before: Session | None) -> Iterator[Entry]:
    forms = {entry.form for entry in record.entries if _window(before, session, entry.happened_at)}
    for form in sorted(forms, key=lambda name: (name != "phq-9", name)):
        if has_form(form) and open_form(form).primary:
            yield from (entry for entry in record.of(form) if _window(before, session, entry.happened_at))


def _score(record: Record, entry: Entry) -> Iterator[Sentence]:
    form = open_form(entry.form)
    readings = record.readings(form.id)
    here = [n for n, reading in enumerate(readings) if reading.entry.id == entry.id]
    if not here:
        missing = record.result(entry).missing.n if entry.kind == "answers" else 0
        yield say("note.since.unscored", form=form.name, n=missing)
        return
    reading = readings[here[0]]
    earlier = readings[here[0] - 1].value if here[0] else None
    band = form.band_label(record.result(entry).band) if entry.kind == "answers" else None
    line = "first" if earlier is None else "changed" if earlier != reading.value else "same"
    yield say(f"note.since.score.{line}", form=form.name, value=reading.value, before=earlier, band=_in_band(band))
    if reading.prorated:
        yield say("note.since.prorated", form=form.name, n=record.result(entry).missing.n)


def _in_band(band: str | None) -> Sentence | str:
    return say("note.since.band", band=band.lower()) if band else ""


def _work(manual: Manual, record: Record, session: Session, people: bool, words: bool) -> Iterator[Sentence]:
    said = session_sheet(record, session)
    areas = focus(record)
    if areas and session.attended:
        named = tuple(label("problem_areas", area) for area in areas)
        whose = names_of(record, focus_people(record)) if people else ()
        yield say("note.work.focus_named", areas=named, people=whose) if whose else say("note.work.focus", areas=named)
    tasks = [task_noted(task) for task in said.get("tasks") or ()]
    if tasks:
        yield say("note.work.tasks", tasks=tuple(tasks))
    if said.get("techniques"):
        yield say("note.work.techniques", techniques=tuple(map(technique_name, said["techniques"])))
    if named := _feelings(record, session):
        yield say("note.work.feelings", feelings=named)
    if said.get("mood") is not None:
        yield say("note.work.mood", n=said["mood"])
    if said.get("safety_asked"):
        answered = said.get("safety_said")
        yield say(f"note.work.safety_{answered}" if answered in SAID else "note.work.safety")
    yield from differs(manual, record, session)
    if session.with_people:
        named = tuple(alias(record, person) or person for person in session.with_people)
        yield say("note.work.joint", people=named) if people else say("note.work.joint_unnamed", n=len(named))
    if words and said.get("mood_event_link"):
        yield _mood_and_event(record, said, people)
    yield from _sheets(record, session, people, words)
    yield from _resting(record, session)


def _mood_and_event(record: Record, said: dict[str, Any], people: bool) -> Sentence:
    """Quote the sentence on mood and event; with names also whom it was about, where it does not name them itself."""
    text = told(record, said["mood_event_link"], people)
    about = names_of(record, said.get("people") or ()) if people else ()
    about = tuple(name for name in about if not names(text, name))
    return say("note.work.link_named", text=text, people=about) if about else say("note.work.link", text=text)


def differs(manual: Manual, record: Record, session: Session) -> Iterator[Sentence]:
    """Say where “none said” about death stands beside an answer of the same session that says something else."""
    said = session_sheet(record, session)
    if not said.get("safety_asked") or said.get("safety_said") != "none_said":
        return
    before = _before(record, session)
    for flag in derived_flags(manual, record, session.day):
        if flag.rule in SELF_HARM_RULES and flag.entry and _is_new(record, flag, before) and not asked_alone(flag):
            yield say("note.work.safety_differs", why=flag.why)


def _sheets(record: Record, session: Session, people: bool, words: bool) -> Iterator[Sentence]:
    for entry in _of_day(record, "communication-analysis", session):
        lines = entry.answers.get("lines") or []
        turns = sum(line.get("turning_point") is True for line in lines)
        on = _day(entry.answers.get("when"))
        name = "note.work.exchange" + ("" if on else "_undated") + ("" if turns else "_unturned")
        said = {"n": len(lines), **({"on": on} if on else {})}
        yield say(name, **said, turns=say("note.work.turns", n=turns)) if turns else say(name, **said)
        yield from talk_retold(record, dict(entry.answers), people, words)
    for entry in _of_day(record, "decision-analysis", session):
        chosen = entry.answers.get("choice")
        options = len(entry.answers.get("options") or [])
        yield say("note.work.options_chosen" if chosen else "note.work.options", n=options, chosen=chosen)
    stages = [
        one for one in record.of("dispute-map") if one.answers.get("stage") and one.happened_at.date() <= session.day
    ]
    stages = [one for one in stages if one.about == stages[-1].about]
    if stages and stages[-1].happened_at.date() == session.day:
        before = stages[-2].answers.get("stage") if len(stages) > 1 else None
        now = stages[-1].answers["stage"]
        # From silence to quarrel is progress, also while conflict rises (CLINICAL-RULES 1): named beside the score.
        line = "note.work.stage_moved" if before == "impasse" and now == "renegotiation" else "note.work.stage"
        yield say(line, stage=now, before=before)


def _of_day(record: Record, form: str, session: Session) -> list[Entry]:
    return [entry for entry in record.of(form) if entry.happened_at.date() == session.day and entry.kind == "answers"]


def _day(moment: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return None


def _feelings(record: Record, session: Session) -> tuple[str, ...]:
    """Return the feelings named on the card and in the talks of its day, each once."""
    talks = _of_day(record, "communication-analysis", session)
    lines = (line for talk in talks for line in talk.answers.get("lines") or ())
    felt = [one.get("emotion") for line in lines for one in line.get("felt") or ()]
    named = [*(session_sheet(record, session).get("feelings") or ()), *felt]
    return tuple(label("feelings", word) for word in dict.fromkeys(named) if word)


def _resting(record: Record, session: Session) -> Iterator[Sentence]:
    if not _of_day(record, "time-to-recover", session):
        return
    resting = recovery(record)
    if resting and resting.ended:
        yield say("note.work.recover_ended")
    elif resting:
        yield say("note.work.recover_until", n=len(resting.duties), until=resting.until)


def _decision(manual: Manual, record: Record, session: Session, people: bool, words: bool) -> Iterator[Sentence]:
    """Whatever was decided that day, also before its point fell due: a record of what happened is always taken."""
    fallen = {point.point.id: point for point in decision_points(manual, record, session.day)}
    for entry in _of_day(record, "decision-record", session):
        said, point = entry.answers, fallen.get(str(entry.answers.get("point")))
        yield point.state.why if point else state(manual, record, session.day).why
        if said.get("action"):
            yield say(
                "note.decision.made", point=point_words(manual, said.get("point")), action=action_words(said["action"])
            )
        if said.get("reason"):
            yield say("note.decision.reason", text=told(record, said["reason"], people))
        if words and said.get("client_says"):
            yield say("note.decision.client", text=told(record, said["client_says"], people))


def point_words(manual: Manual, point: str | None) -> str:
    """Return what a decision point is called in a manual; in the vocabulary where the manual has no such point."""
    named = next((one.label for one in manual.decision_points if one.id == point), None)
    return named or str(label("decision_points", str(point)))


def action_words(action: str) -> str:
    """Return what was decided in words, without the hints that stand behind it in the vocabulary."""
    return re.split(r";| \(", label("decision_actions", action))[0]


def _step(record: Record, session: Session, people: bool) -> Iterator[Sentence]:
    step = step_after(record, session)
    if step:
        yield say("note.step.agreed", text=told(record, step.answers.get("text"), people))
    meets = _day(session_sheet(record, session).get("next_date"))
    if meets:
        yield say("note.step.next", on=meets, at=f"{meets:%H:%M}")


def _not_recorded(manual: Manual, record: Record, session: Session) -> Iterator[Sentence]:
    if not session.attended:
        return
    said = session_sheet(record, session)
    if not said.get("tasks"):
        yield say("note.open.tasks")
    if said.get("mood") is None and said.get("mood_thermometer") is None:
        yield say("note.open.mood")
    if step_after(record, session) is None:
        yield say("note.open.step")
    yield from unasked(manual, record, session)
    for fallen in points_fallen(manual, record, session.day):
        if fallen.recorded is None:
            yield say("note.open.decision", point=fallen.point.label)
    for flag in derived_flags(manual, record, session.day):
        if flag.is_open and flag.on == session.day:
            yield say("note.open.flag_alone") if asked_alone(flag) else say("note.open.flag", why=flag.why)
