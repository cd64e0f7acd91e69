"""Replay a case: its course told session by session, with what the file claims held against what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from openipt.exchange.cases.case import Case
from openipt.therapy.course import Closing, closing
from openipt.therapy.manuals import Manual, bare_manual, open_manual
from openipt.therapy.record import Record, Session, focus
from openipt.therapy.shelf import Problem, Refused, stands
from openipt.therapy.words import render
from openipt.therapy.writing import Told, tell
from openipt.therapy.writing.note import Note, NotePart

__all__ = ["Enrolment", "Replay", "as_json", "manual_for", "replay"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One enrolment of a case, told."""

    record: Record
    manual: Manual
    sessions: tuple[Told, ...]
    closing: Closing


@dataclass(frozen=True, slots=True)
class Replay:
    """A case, told."""

    case: Case
    enrolments: tuple[Enrolment, ...]
    people: bool = False  # whether the people of the client's life are named in what is written


def manual_for(record: Record, group: bool = False) -> Manual:
    """Return the manual of a record; a stand-in that offers nothing where it is not on this shelf."""
    if stands(record.manual, "manuals"):
        return open_manual(record.manual)
    return bare_manual(record.manual, record.manual_version, group)


def replay(case: Case, until_session: int | None = None, *, people: bool = False, words: bool = False) -> Replay:
    """Tell a case, up to and with a session if one is named: then only what was known by the end of its day counts.

    Args:
        case: The case, as read.
        until_session: The number of the last session to tell; None tells all.
        people: Name the people of the client's life in the notes.
        words: Quote the client in the notes.
    """
    if until_session is not None:
        case = _until(case, until_session)
    return Replay(case, tuple(_enrolment(record, case, people, words) for record in case.records), people)


def _until(case: Case, number: int) -> Case:
    sessions = case.group.sessions if case.group else case.records[0].sessions
    named = [session for session in sessions if session.number == number]
    if not named:
        known = ", ".join(str(session.number) for session in sessions)
        raise Refused(Problem(case.id, 0, "--until-session", f"there is no session {number}", f"one of {known}"))
    cut = case.as_of(_end_of(named[0]))
    begun = tuple(record for record in cut.records if record.sessions or record is cut.records[0])
    return replace(cut, records=begun)


def _enrolment(record: Record, case: Case, people: bool, words: bool) -> Enrolment:
    manual = manual_for(record, case.group is not None)
    today = record.ended_on or (record.sessions[-1].day if record.sessions else record.began_on)
    if today is None:
        raise Refused(Problem(case.id, 0, record.enrolment, "no session and no first day", "a course that has begun"))
    told = tell(manual, record)
    told = tuple(replace(one, names_people=people, holds_words=words) for one in told)
    return Enrolment(record, manual, told, closing(manual, record, today))


def _end_of(session: Session) -> datetime:
    return session.happened_at.replace(hour=0, minute=0) + timedelta(days=1, microseconds=-1)


def as_json(told: Replay) -> dict[str, Any]:
    """Return a replay as plain data, for `--json` and for tests."""
    main = told.enrolments[0]
    return {
        "case": told.case.id,
        "manual": main.manual.id,
        "manual_on_shelf": main.manual.known,
        "title": told.case.title,
        "enrolments": [_enrolment_json(one, told.case.group is not None or one is not main) for one in told.enrolments],
        "sessions": _group_sessions(told) if told.case.group else [_session_json(one) for one in main.sessions],
        "ending": None if told.case.group else main.closing.ending,
    }


def _enrolment_json(one: Enrolment, with_sessions: bool) -> dict[str, Any]:
    record, outcome = one.record, one.closing.outcome
    made: dict[str, Any] = {
        "id": record.enrolment,
        "client": record.client,
        "manual": one.manual.id,
        "manual_on_shelf": one.manual.known,
        "areas": list(focus(record)),
        "began_on": record.began_on.isoformat() if record.began_on else None,
        "ended_on": record.ended_on.isoformat() if record.ended_on else None,
        "sessions_attended": one.closing.sessions,
        "weeks": one.closing.weeks,
        "outcome": None
        if outcome is None
        else {
            "form": outcome.form,
            "first": outcome.first,
            "last": outcome.last,
            "change": outcome.change,
            "fall_pct": outcome.fall_pct,
            "reliable_change": outcome.reliable,
            "recovered": outcome.recovered,
            "response": outcome.response,
            "remission": outcome.remission,
        },
        "ending": one.closing.ending,
        "wanting": _say(one.closing.wanting),
    }
    if with_sessions:
        made["sessions"] = [_session_json(session) for session in one.sessions]
    return made


def _group_sessions(told: Replay) -> list[dict[str, Any]]:
    """The group's own sessions: what it did together, and who was there. No member's scores stand here."""
    group = told.case.group
    if group is None:
        return []
    shared = {entry.about: entry.answers for entry in group.entries if entry.form == "group-session"}
    last = max((session.day for one in told.enrolments for session in one.record.sessions), default=None)
    return [
        {
            "n": session.number,
            "happened_at": session.day.isoformat(),
            "kind": session.kind,
            "phase": shared.get(session.id, {}).get("phase"),
            "done": list(shared.get(session.id, {}).get("tasks") or []),
            "present": [one.record.enrolment for one in told.enrolments if _was_there(one, session.number)],
        }
        for session in group.sessions
        if last and session.day <= last
    ]


def _was_there(one: Enrolment, number: int) -> bool:
    return any(told.session.number == number and told.session.attended for told in one.sessions)


def _session_json(told: Told) -> dict[str, Any]:
    session = told.session
    return {
        "n": session.number,
        "happened_at": session.day.isoformat(),
        "kind": session.kind,
        "phase": told.phase.id,
        "offered": [item.task for item in told.agenda.offered],
        "warned": [_held(item) for item in told.agenda.items if item.status == "warned"],
        "held_back": [_held(item) for item in told.agenda.items if item.status == "held_back"],
        "done": list(told.done),
        "done_unoffered": list(told.done_unoffered),
        "due": [
            {
                "id": item.id,
                "kind": item.kind,
                "why": render(item.why),
                "about": item.about,
                "on_paper": item.on_paper,
                "overdue": item.overdue,
            }
            for item in told.due
        ],
        "gates": [
            {"id": gate.id, "open": gate.open, "strength": gate.strength, "why": render(gate.why)}
            for gate in told.gates
        ],
        "state": told.state.id,
        "why": render(told.state.why),
        "scores": {one.entry.form: one.value for one in told.scores if one.value is not None},
        "bands": {one.entry.form: one.result.band for one in told.scores if one.result and one.result.band},
        "findings": [
            {"form": seen.form.id, "finding": seen.id, "item": seen.item, "value": seen.value, "entry": seen.entry.id}
            for seen in told.findings
        ],
        "flags": [_flag_json(flag) for flag in told.flags],
        "decision": _decision_json(told),
        "note": note_text(told.note),
    }


def _held(item: Any) -> dict[str, Any]:
    return {"task": item.task, "gate": item.gate, "why": render(item.why) if item.why else None}


def _flag_json(flag: Any) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "state": flag.state,
        "on": flag.on.isoformat(),
        "form": flag.form,
        "finding": flag.finding,
        "item": flag.item,
        "why": render(flag.why),
        "open": flag.is_open,
        "in_file": flag.handled is not None,
    }


def _decision_json(told: Told) -> dict[str, Any] | None:
    if not told.decision:
        return None
    point = told.decision[-1]
    said = point.recorded.answers if point.recorded else {}
    return {
        "id": point.point.id,
        "due_on": point.on.isoformat(),
        "state": point.state.id,
        "fall_pct": point.fall_pct,
        "reduction_pct": point.shown_pct,
        "rule_failed": point.failed,
        "options": list(point.options),
        "evidence": _say(point.evidence),
        "recorded": point.recorded is not None,
        "action": said.get("action"),
        "reason": said.get("reason"),
        "client_says": said.get("client_says"),
    }


def note_text(note: Note) -> str:
    """Return a note as plain text that can be pasted into another record."""
    text = parts_text(note.parts)
    if note.not_recorded:
        text += "\n" + render(_not_recorded(note))
    return text


def _not_recorded(note: Note) -> Any:
    from openipt.therapy.words import say

    return say("note.open.list", what=note.not_recorded)


def parts_text(parts: Sequence[NotePart]) -> str:
    """Return paragraphs as plain text: heading, then its sentences."""
    return "\n".join(" ".join([f"{render(part.heading)}.", *_say(part.lines)]) for part in parts)


def _say(sentences: Sequence[Any]) -> list[str]:
    return [render(sentence) for sentence in sentences]
