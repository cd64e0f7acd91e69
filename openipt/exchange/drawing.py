"""From facts of a record to values a picture is made of: what every place that draws a course needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from openipt.pictures import Event, Medication, Person, Phase, Picture, Score, Tie, Told, circle, circle_pair, timeline
from openipt.therapy.forms import Form
from openipt.therapy.record import Entry, Record
from openipt.therapy.vocabulary import label
from openipt.therapy.words import catalogue, render, say
from openipt.therapy.writing.naming import unnamed

INVENTORY = "interpersonal-inventory"
LONG = 36  # characters of an id made by a machine


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
    record: Record, form: Form, title: str, phases: list[Phase], *, named: bool = True, scored: bool = True, **how: Any
) -> Picture | None:
    """Draw life events over symptoms and scores; None while there is neither.

    `named=False` hides people's names; `scored=False` leaves out the scores, and all that is said of the measure.
    """
    readings = record.readings(form.id) if scored else ()
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
        **(scale_of(form) if scored else {"measure": ""}),
    )


def _is_level(mark: Mapping[str, Any]) -> bool:
    return mark.get("mark") == "symptom_level" and mark.get("severity") is not None


def _drug(entry: Entry) -> str:
    dose = entry.answers.get("dose_mg")
    return f"{entry.answers.get('drug') or '?'}{f' {dose:g} mg' if dose else ''}"


def draw_circle(record: Record, prefix: str, *, named: bool = True) -> Picture | None:
    """Draw the circle then and now, or the only one there is; None before the first."""
    drawn = circles_by_day(record)
    if not drawn:
        return None
    if len(drawn) == 1:
        return draw_one_circle(record, drawn[-1], circle_label(record, drawn[-1]), prefix, named=named)
    return draw_two_circles(record, drawn[0], drawn[-1], prefix, named=named)


def circles(record: Record) -> tuple[Entry, ...]:
    """Return every circle that was saved, oldest first."""
    return tuple(entry for entry in record.of("closeness-circle") if entry.kind == "answers")


def circles_by_day(record: Record) -> tuple[Entry, ...]:
    """Return the circle as each day left it: while one is drawn it is saved many times."""
    return tuple({entry.happened_at.date(): entry for entry in circles(record)}.values())


def draw_one_circle(
    record: Record, entry: Entry, title: str, prefix: str, *, named: bool = True, width: float = 360.0, about: str = ""
) -> Picture:
    """Draw one circle as its day left it; `about` is the person of the page, who is marked."""
    people = [replace(one, marked=one.key == about) for one in people_on(record, entry, named=named)]
    return circle(title, people, ties=ties_by(record, entry), width=width, id_prefix=prefix)


def draw_two_circles(
    record: Record, then: Entry, now: Entry, prefix: str, *, named: bool = True, title: str = "", **how: Any
) -> Picture:
    """Draw two circles side by side, everybody at the same angle in both."""
    before, after = (people_on(record, entry, named=named) for entry in (then, now))
    return circle_pair(
        title or render(say("picture.circle", moved=_moved(before, after))),
        before,
        after,
        then_label=circle_label(record, then),
        now_label=circle_label(record, now),
        then_ties=ties_by(record, then),
        now_ties=ties_by(record, now),
        id_prefix=prefix,
        **how,
    )


def circle_label(record: Record, entry: Entry) -> str:
    """Say when a circle was drawn: the session where it belongs to one, else the day."""
    met = next((one for one in record.sessions if one.id == entry.about and one.number), None)
    day = catalogue().spell(entry.happened_at.date())
    return f"Session {met.number}, {day}" if met else day


def ties_by(record: Record, entry: Entry) -> list[Tie]:
    """Return the ties between people as they were known at the end of a circle's day; half a line is no tie yet."""
    return [Tie(*one) for one in tie_rows(_known_by(record, entry))]


def tie_rows(record: Record) -> list[tuple[str, str, Any]]:
    """Return the whole ties of the newest sheet: from whom, to whom, which."""
    rows = record.says("ties").get("ties") or ()
    return [(row["from"], row["to"], row["tie"]) for row in rows if {"from", "to", "tie"} <= row.keys()]


def people_on(record: Record, entry: Entry, *, named: bool = True) -> list[Person]:
    """Return the people of a circle, each as they stood; whoever died later was alive then."""
    by_then = _known_by(record, entry)
    out = set(entry.answers.get("lost_or_out") or ())
    placed = [row for row in entry.answers.get("places") or () if row.get("person") and row.get("ring")]
    return [_person(record, by_then, row, row["person"] in out, named) for row in placed]


def _known_by(record: Record, entry: Entry) -> Record:
    """Return the record as the day of a circle left it; the newest circle is shown with what is known now."""
    drawn = circles(record)
    if drawn and entry.id == drawn[-1].id:
        return record
    end = datetime.combine(entry.recorded_at.date(), time.max, entry.recorded_at.tzinfo)
    return record.remember(("as of", end), lambda: record.as_of(end))


def _moved(then: list[Person], now: list[Person]) -> Any:
    before = {person.key: person.ring for person in then}
    nearer = tuple(one.name for one in now if one.ring and one.ring < (before.get(one.key) or 0))
    return say("picture.nearer", who=nearer, n=len(nearer)) if nearer else say("picture.same_places")


def _person(record: Record, by_then: Record, row: dict[str, Any], out: bool, named: bool) -> Person:
    who = row["person"]
    died = by_then.says(INVENTORY, who).get("status") == "deceased"
    return Person(
        who, name_of(record, who, named=named), row["ring"], row.get("wished_ring"), row.get("angle"), died, out
    )


def name_of(record: Record, who: str, *, named: bool = True) -> str:
    """Return what somebody is called; where no name is known or may be shown, a code, or who they are to the client."""
    said = record.says(INVENTORY, who)
    if named:
        return str(said.get("alias") or _code(record, who))
    relation = said.get("relation")
    return str(said.get("relation_words") or (relation and label("relations", relation)) or _code(record, who))


def _code(record: Record, who: str) -> str:
    """Return a label that was given by hand; else the place in the order of the people: an id says nothing."""
    order = [thing.id for thing in record.people]
    return render(say("people.someone", n=order.index(who) + 1)) if len(who) == LONG and who in order else who
