"""How a course may end: what the record still wants before it is closed, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.therapy.course.flags import SELF_HARM_RULES, open_flags
from openipt.therapy.course.position import first_day
from openipt.therapy.course.state import baseline, one_a_day, outcome_form
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import Progress, is_clinical, progress
from openipt.therapy.record import Record, done_tasks
from openipt.therapy.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Closing:
    """What a course still wants before it can be closed; empty means it can."""

    ending: str | None  # as recorded
    wanting: tuple[Sentence, ...]
    sessions: int
    weeks: int
    outcome: Progress | None


def outcome(manual: Manual, record: Record, today: date) -> Progress | None:
    """Return what became of the measure the course is judged by, from its baseline to its last score."""
    form = outcome_form(manual, record)
    values, from_start = scores_since_start(manual, record, form.id, today)
    return progress(form, values) if from_start else None


def scores_since_start(manual: Manual, record: Record, form: str, today: date) -> tuple[list[float], bool]:
    """Return the scores of a measure from its baseline on, one a day; and whether there was a baseline at all.

    Scores of the waiting time are no baseline where one was taken later, up to session 1.
    """
    readings = one_a_day([one for one in record.readings(form) if one.day <= today])
    start = baseline(manual, record, readings)
    if start is None:
        return [one.value for one in readings], False
    return [start.value, *(one.value for one in readings if one.at > start.at)], True


def closing(manual: Manual, record: Record, today: date) -> Closing:
    """Say what closing this course still wants (gate `silent_discharge`).

    "Stopped coming" wants only: flags settled, who was told, a way back. After a death nothing else is wanted.
    """
    return record.remember(("closing", manual.id, manual.version, today), lambda: _closing(manual, record, today))


def _closing(manual: Manual, record: Record, today: date) -> Closing:
    said = record.says("ending")
    kind = said.get("ending")
    first = first_day(record)
    last = record.ended_on or (record.held()[-1].day if record.held() else today)
    return Closing(
        ending=kind,
        wanting=tuple(_wanting(manual, record, today, kind)),
        sessions=len([session for session in record.held() if session.kind != "pre_group"]),
        weeks=(last - first).days // 7 if first else 0,
        outcome=outcome(manual, record, today),
    )


def ending_begun(manual: Manual, record: Record, today: date) -> Sentence | None:
    """Say that an ending is written and the course not closed, with what is missing; None where no ending was begun."""
    found = closing(manual, record, today)
    if found.ending is None or record.ended_on is not None:
        return None
    return say("ending.begun", what=found.wanting) if found.wanting else say("ending.begun_whole")


def _wanting(manual: Manual, record: Record, today: date, kind: str | None) -> list[Sentence]:
    if kind == "died":
        return []
    wanting = []
    waiting = [flag for flag in open_flags(manual, record, today) if flag.rule in SELF_HARM_RULES]
    if waiting:
        wanting.append(say("closing.flags", n=len(waiting)))
    said = record.says("ending")
    if kind == "stopped_coming":
        if not said.get("who_was_told"):
            wanting.append(say("closing.told"))
        if not said.get("way_back"):
            wanting.append(say("closing.way_back"))
        return wanting
    if kind == "referred" and not said.get("arrived"):
        wanting.append(say("closing.arrived"))
    done = done_tasks(record)
    if "END.08" not in done:
        wanting.append(say("closing.decision"))
    if not _final_measure(manual, record, today) and not said.get("no_measure_reason"):
        wanting.append(say("closing.measure"))
    result = outcome(manual, record, today)
    if result is None or (result.recovered is not True and not _never_clinical(manual, record, result)):
        if "END.07" not in done:
            wanting.append(say("closing.no_blame"))
        if not (said.get("next_step") or _decided_next(record)):
            wanting.append(say("closing.next_step"))
    return wanting


def _never_clinical(manual: Manual, record: Record, result: Progress) -> bool:
    """Whether the course began and ended below the clinical range: there was nothing to recover from."""
    change = outcome_form(manual, record).change
    return is_clinical(result.first, change) is False and is_clinical(result.last, change) is False


def _final_measure(manual: Manual, record: Record, today: date) -> bool:
    """Whether the course's measure was answered at the last session held, or after it."""
    held = [session for session in record.held() if session.day <= today]
    if not held:
        return False
    readings = [one for one in record.readings(outcome_form(manual, record).id) if one.day <= today]
    before = held[-2].day if len(held) > 1 else date.min
    return bool(readings) and readings[-1].day > before


def _decided_next(record: Record) -> bool:
    """Whether a decision at the end names what comes next."""
    nothing = {None, "none", "continue_with_reason"}
    return any(
        entry.answers.get("point") == "END" and entry.answers.get("action") not in nothing
        for entry in record.of("decision-record")
    )
