"""From a record to the values a picture is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from openipt.pictures import (
    Event,
    Goal,
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
    goals,
    ring,
    sparkline,
    timeline,
    trajectory,
)
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import outcome_form
from openipt.therapy.course.position import contracted
from openipt.therapy.forms import Form
from openipt.therapy.progress import progress
from openipt.therapy.record import Entry, Reading, alias
from openipt.therapy.words import render, say
from openipt.therapy.writing.summary import change_sentence


def draw_ring(held: int, planned: int, prefix: str, now: int | None = None) -> Picture:
    """Draw the session counter; with `now` the session that is being held."""
    title = render(say("picture.ring", held=held, planned=planned))
    return ring(title, held, planned, now=now, id_prefix=f"{prefix}-ring")


def _scale(form: Form) -> dict[str, Any]:
    score = form.score_named()
    low, high = score.range if score else (0, 10)
    return {
        "measure": form.name,
        "low": low,
        "high": high,
        "cut_off": form.change.recovery.value if form.change.recovery else None,
    }


def draw_sparkline(form: Form, readings: Sequence[Reading], prefix: str) -> Picture:
    """Draw the small line of the caseload."""
    values = [reading.value for reading in readings]
    title = render(say("picture.from_to", form=form.name, first=values[0], last=values[-1]))
    return sparkline(title, values, id_prefix=f"{prefix}-spark", **_scale(form))


def draw_trajectory(course: Course, form: Form, prefix: str) -> Picture:
    """Draw the scores by session; a session without an answer is a gap."""
    by_day = {reading.day: reading.value for reading in course.record.readings(form.id)}
    held = [session for session in course.record.held() if session.number]
    scores = [SessionScore(session.number, by_day.get(session.day)) for session in held]
    waiting = [day for day in by_day if not held or day > held[-1].day]
    if waiting:  # answered at the door of the session that is about to begin
        scores.append(SessionScore((held[-1].number if held else 0) + 1, by_day[waiting[-1]]))
    return trajectory(_finding(form, list(by_day.values())), scores, width=300, id_prefix=prefix, **_scale(form))


def _finding(form: Form, values: list[float]) -> str:
    made = progress(form, values)
    return (
        render(change_sentence(form.name, made))
        if made and made.n > 1
        else render(say("picture.one", form=form.name, n=len(values)))
    )


def draw_timeline(course: Course, today: date, prefix: str, width: int) -> Picture | None:
    """Draw life events over symptoms and scores; None while there is nothing to draw."""
    record = course.record
    form = outcome_form(course.manual, record)
    readings = [reading for reading in record.readings(form.id) if reading.day <= today]
    marks = [entry.answers for entry in record.of("timeline")]
    events = [
        Event(middle(said["date"]), str(said.get("text") or ""), str(said["date"]))
        for said in marks
        if said.get("mark") == "event"
    ]
    told = [Told(middle(said["date"]), said["severity"]) for said in marks if said.get("mark") == "symptom_level"]
    if not events and not readings:
        return None
    return timeline(
        _finding(form, [reading.value for reading in readings]),
        events,
        [Score(reading.day, reading.value) for reading in readings],
        told=told,
        phases=_phases(course),
        medication=[Medication(middle(entry.answers["date"]), _drug(entry)) for entry in record.of("medication")],
        width=width,
        id_prefix=f"timeline-{prefix}",
        **_scale(form),
    )


def middle(text: str) -> date:
    """Return the day in the middle of what a date known to the day, month or year can mean."""
    parts = [int(part) for part in text.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 15)


def _drug(entry: Entry) -> str:
    said = entry.answers
    dose = f" {said['dose_mg']:g} mg" if said.get("dose_mg") else ""
    return f"{said['drug']}{dose}"


def _phases(course: Course) -> list[Phase]:
    held = [session for session in course.record.held() if session.number]
    found: dict[str, list[date]] = {}
    for session in held:
        phase = course.manual.phase_of(session.number, contracted(course.manual, course.record))
        if phase.label:
            found.setdefault(phase.label.lower(), []).append(session.day)
    return [Phase(name, days[0], days[-1]) for name, days in found.items()]


def draw_circles(course: Course, prefix: str) -> tuple[Picture, ...]:
    """Draw the circle then and now, or the only one there is."""
    record = course.record
    snapshots = record.of("closeness-circle")
    drawn = [entry for entry in snapshots if entry.kind == "answers"]
    ties = [Tie(row["from"], row["to"], row["tie"]) for row in record.says("ties").get("ties") or ()]
    if not drawn:
        return ()
    now = _people(course, drawn[-1])
    if len(drawn) == 1:
        return (circle(_label(drawn[0]), now, ties=ties, id_prefix=prefix),)
    title = render(say("picture.circle", moved=_moved(course, drawn[0], drawn[-1])))
    then = _people(course, drawn[0])
    pair = circle_pair(
        title,
        then,
        now,
        then_label=_label(drawn[0]),
        now_label=_label(drawn[-1]),
        then_ties=ties,
        now_ties=ties,
        id_prefix=prefix,
    )
    return (pair,)


def _label(entry: Entry) -> str:
    number = (entry.about or "").removeprefix("S").lstrip("0")
    return f"Session {number}" if number else entry.happened_at.date().isoformat()


def _people(course: Course, entry: Entry) -> list[Person]:
    out = set(entry.answers.get("lost_or_out") or ())
    people = []
    for row in entry.answers.get("places") or ():
        said = course.record.says("interpersonal-inventory", row["person"])
        name = alias(course.record, row["person"]) or row["person"]
        died = said.get("status") == "deceased"
        people.append(
            Person(
                row["person"], name, row["ring"], row.get("wished_ring"), row.get("angle"), died, row["person"] in out
            )
        )
    return people


def _moved(course: Course, then: Entry, now: Entry) -> Any:
    """Say who has come nearer, in the client's own order."""
    before = {row["person"]: row["ring"] for row in then.answers.get("places") or ()}
    nearer = [
        alias(course.record, row["person"]) or row["person"]
        for row in now.answers.get("places") or ()
        if row["person"] in before and row["ring"] < before[row["person"]]
    ]
    return say("picture.nearer", who=tuple(nearer), n=len(nearer)) if nearer else say("picture.same_places")


def draw_goals(course: Course, prefix: str) -> Picture | None:
    """Draw every goal: start, now, hoped for; None before there are any."""
    drawn = []
    for thing in course.record.goals:
        said = course.record.says("goals-and-boundaries", thing.id)
        ratings = said.get("ratings") or []
        scope = said.get("scope")
        whom = alias(course.record, scope) if scope and scope != "self" else None
        statement = f"{said.get('statement', '')} ({whom})" if whom else str(said.get("statement", ""))
        now = ratings[-1]["value"] if ratings else None
        drawn.append(Goal(statement, said.get("baseline"), now, said.get("target")))
    if not drawn:
        return None
    moved = sum(goal.now is not None and goal.start is not None and goal.now > goal.start for goal in drawn)
    return goals(render(say("picture.goals", moved=moved, n=len(drawn))), drawn, width=520, id_prefix=prefix)
