"""The pictures of a replay: timeline, scores by session, the circle then and now."""

from __future__ import annotations

from datetime import date
from typing import Any

from openipt.exchange.cases.replay import Enrolment
from openipt.pictures import (
    Event,
    Medication,
    Person,
    Phase,
    Picture,
    Score,
    SessionScore,
    Tie,
    Told,
    circle,
    circle_pair,
    timeline,
    trajectory,
)
from openipt.therapy.course import outcome_form
from openipt.therapy.forms import Form
from openipt.therapy.record import Entry, Record, alias
from openipt.therapy.words import render, say
from openipt.therapy.writing.naming import unnamed
from openipt.therapy.writing.summary import change_sentence


def pictures_of(one: Enrolment, people: bool) -> dict[str, Picture]:
    """Draw what an enrolment holds, each under its name; nothing where there is nothing to draw."""
    form = outcome_form(one.manual, one.record)
    prefix = one.record.enrolment.lower()
    drawn = {
        "Timeline": _timeline(one, form, prefix, people),
        "Scores by session": _trajectory(one, form, prefix),
        "Circle": _circles(one.record, prefix, people),
    }
    return {name: picture for name, picture in drawn.items() if picture}


def _scale(form: Form) -> dict[str, Any]:
    score = form.score_named()
    low, high = score.range if score else (0, 10)
    cut_off = form.change.recovery.value if form.change.recovery else None
    return {"measure": form.name, "low": low, "high": high, "cut_off": cut_off}


def _finding(one: Enrolment, form: Form) -> str:
    """Say what became of the measure from its baseline to the end of the course; a follow-up is drawn, not counted."""
    made = one.closing.outcome
    if made and made.n > 1:
        return render(change_sentence(form.name, made))
    return render(say("picture.one", form=form.name, n=made.n if made else 0))


def _timeline(one: Enrolment, form: Form, prefix: str, people: bool) -> Picture | None:
    record = one.record
    readings = record.readings(form.id)
    marks = [entry.answers for entry in record.of("timeline")]
    events = [mark for mark in marks if mark.get("mark") == "event"]
    if not events:
        return None
    named = [str(mark.get("text") or "") for mark in events]
    said = named if people else [unnamed(record, text) for text in named]
    return timeline(
        _finding(one, form),
        [Event(middle(mark["date"]), text, mark["date"]) for mark, text in zip(events, said, strict=True)],
        [Score(reading.day, reading.value) for reading in readings],
        told=[Told(middle(mark["date"]), mark["severity"]) for mark in marks if mark.get("mark") == "symptom_level"],
        phases=_phases(one),
        medication=[Medication(middle(entry.answers["date"]), _drug(entry)) for entry in record.of("medication")],
        id_prefix=f"{prefix}-timeline",
        **_scale(form),
    )


def middle(text: str) -> date:
    """Return the day in the middle of what a date known to the day, month or year can mean."""
    parts = [int(part) for part in text.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 15)


def _drug(entry: Entry) -> str:
    dose = entry.answers.get("dose_mg")
    return f"{entry.answers['drug']}{f' {dose:g} mg' if dose else ''}"


def _phases(one: Enrolment) -> list[Phase]:
    found: dict[str, list[date]] = {}
    for told in one.sessions:
        if told.session.attended and told.session.number and told.phase.label:
            found.setdefault(told.phase.label.lower(), []).append(told.session.day)
    return [Phase(name, days[0], days[-1]) for name, days in found.items()]


def _trajectory(one: Enrolment, form: Form, prefix: str) -> Picture | None:
    by_day = {reading.day: reading.value for reading in one.record.readings(form.id)}
    held = [session for session in one.record.held() if session.number]
    if not by_day or not held:
        return None
    scores = [SessionScore(session.number, by_day.get(session.day)) for session in held]
    return trajectory(_finding(one, form), scores, id_prefix=f"{prefix}-scores", **_scale(form))


def _circles(record: Record, prefix: str, people: bool) -> Picture | None:
    drawn = [entry for entry in record.of("closeness-circle") if entry.kind == "answers"]
    if not drawn:
        return None
    ties = [Tie(row["from"], row["to"], row["tie"]) for row in record.says("ties").get("ties") or ()]
    now = _people(record, drawn[-1], people)
    if len(drawn) == 1:
        return circle(_label(drawn[0]), now, ties=ties, id_prefix=f"{prefix}-circle")
    then = _people(record, drawn[0], people)
    before = {person.key: person.ring for person in then}
    nearer = tuple(one.name for one in now if one.ring and one.ring < (before.get(one.key) or 0))
    moved = say("picture.nearer", who=nearer, n=len(nearer)) if nearer else say("picture.same_places")
    return circle_pair(
        render(moved),
        then,
        now,
        then_label=_label(drawn[0]),
        now_label=_label(drawn[-1]),
        then_ties=ties,
        now_ties=ties,
        id_prefix=f"{prefix}-circles",
    )


def _label(entry: Entry) -> str:
    number = (entry.about or "").removeprefix("S").lstrip("0")
    return f"Session {number}" if number else entry.happened_at.date().isoformat()


def _people(record: Record, entry: Entry, named: bool) -> list[Person]:
    out = set(entry.answers.get("lost_or_out") or ())
    return [_person(record, row, row["person"] in out, named) for row in entry.answers.get("places") or ()]


def _person(record: Record, row: dict[str, Any], out: bool, named: bool) -> Person:
    who = row["person"]
    said = record.says("interpersonal-inventory", who)
    name = (alias(record, who) if named else said.get("relation_words") or said.get("relation")) or who
    died = said.get("status") == "deceased"
    return Person(who, name, row["ring"], row.get("wished_ring"), row.get("angle"), died, out)
