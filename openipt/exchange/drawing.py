"""From facts of a record to values a picture is made of: what every place that draws a course needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from openipt.pictures import Event, Medication, Person, Phase, Picture, Score, Tie, Told, circle, circle_pair, timeline
from openipt.therapy.forms import Form
from openipt.therapy.record import Entry, Record, alias
from openipt.therapy.words import render, say
from openipt.therapy.writing.naming import unnamed


def scale_of(form: Form) -> dict[str, Any]:
    """Return the measure's name, range and cut-off, as pictures take them."""
    score = form.score_named()
    low, high = score.range if score else (0, 10)
    cut_off = form.change.recovery.value if form.change.recovery else None
    return {"measure": form.name, "low": low, "high": high, "cut_off": cut_off}


def middle(text: str) -> date:
    """Return the day in the middle of what a date known to the day, month or year can mean."""
    parts = [int(part) for part in text.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 15)


def draw_record(
    record: Record, form: Form, title: str, phases: list[Phase], *, named: bool = True, **how: Any
) -> Picture | None:
    """Draw life events over symptoms and scores; None while there is neither. `named=False` hides people's names."""
    readings = record.readings(form.id)
    marks = [entry.answers for entry in record.of("timeline")]
    marks = [mark for mark in marks if mark.get("date")]  # a sheet need not be complete: without a day it has no place
    said = [mark for mark in marks if mark.get("mark") == "event"]
    if not said and not readings:
        return None
    texts = [str(mark.get("text") or "") for mark in said]
    texts = texts if named else [unnamed(record, text) for text in texts]
    return timeline(
        title,
        [Event(middle(mark["date"]), text, str(mark["date"])) for mark, text in zip(said, texts, strict=True)],
        [Score(reading.day, reading.value) for reading in readings],
        told=[Told(middle(mark["date"]), mark["severity"]) for mark in marks if _is_level(mark)],
        phases=phases,
        medication=[
            Medication(middle(entry.answers["date"]), _drug(entry))
            for entry in record.of("medication")
            if entry.answers.get("date")
        ],
        **how,
        **scale_of(form),
    )


def _is_level(mark: Mapping[str, Any]) -> bool:
    return mark.get("mark") == "symptom_level" and mark.get("severity") is not None


def _drug(entry: Entry) -> str:
    dose = entry.answers.get("dose_mg")
    return f"{entry.answers.get('drug') or '?'}{f' {dose:g} mg' if dose else ''}"


def draw_circle(record: Record, prefix: str, *, named: bool = True) -> Picture | None:
    """Draw the circle then and now, or the only one there is; None before the first."""
    drawn = [entry for entry in record.of("closeness-circle") if entry.kind == "answers"]
    if not drawn:
        return None
    drawn_ties = record.says("ties").get("ties") or ()
    ties = [Tie(row["from"], row["to"], row["tie"]) for row in drawn_ties if {"from", "to", "tie"} <= row.keys()]
    now = _people(record, drawn[-1], named)
    if len(drawn) == 1:
        return circle(_label(drawn[0]), now, ties=ties, id_prefix=prefix)
    then = _people(record, drawn[0], named)
    return circle_pair(
        render(say("picture.circle", moved=_moved(then, now))),
        then,
        now,
        then_label=_label(drawn[0]),
        now_label=_label(drawn[-1]),
        then_ties=ties,
        now_ties=ties,
        id_prefix=prefix,
    )


def _moved(then: list[Person], now: list[Person]) -> Any:
    before = {person.key: person.ring for person in then}
    nearer = tuple(one.name for one in now if one.ring and one.ring < (before.get(one.key) or 0))
    return say("picture.nearer", who=nearer, n=len(nearer)) if nearer else say("picture.same_places")


def _label(entry: Entry) -> str:
    number = (entry.about or "").removeprefix("S").lstrip("0")
    return f"Session {number}" if number else entry.happened_at.date().isoformat()


def _people(record: Record, entry: Entry, named: bool) -> list[Person]:
    out = set(entry.answers.get("lost_or_out") or ())
    placed = [row for row in entry.answers.get("places") or () if row.get("person") and row.get("ring")]
    return [_person(record, row, row["person"] in out, named) for row in placed]


def _person(record: Record, row: dict[str, Any], out: bool, named: bool) -> Person:
    who = row["person"]
    said = record.says("interpersonal-inventory", who)
    name = (alias(record, who) if named else said.get("relation_words") or said.get("relation")) or who
    died = said.get("status") == "deceased"
    return Person(who, name, row["ring"], row.get("wished_ring"), row.get("angle"), died, out)
