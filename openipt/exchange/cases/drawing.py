"""The pictures of a replay: timeline, scores by session, the circle then and now."""

from __future__ import annotations

from datetime import date

from openipt.exchange.cases.replay import Enrolment
from openipt.exchange.drawing import draw_circle, draw_record, scale_of
from openipt.pictures import Phase, Picture, SessionScore, trajectory
from openipt.therapy.course import outcome_form
from openipt.therapy.forms import Form
from openipt.therapy.words import render, say
from openipt.therapy.writing.summary import change_sentence


def pictures_of(one: Enrolment, people: bool) -> dict[str, Picture]:
    """Draw what an enrolment holds, each under its name; nothing where there is nothing to draw."""
    form = outcome_form(one.manual, one.record)
    prefix = one.record.enrolment.lower()
    told = any(entry.answers.get("mark") == "event" for entry in one.record.of("timeline"))
    line = draw_record(
        one.record, form, _finding(one, form), _phases(one), named=people, id_prefix=f"{prefix}-timeline"
    )
    drawn = {
        "Timeline": line if told else None,
        "Scores by session": _trajectory(one, form, prefix),
        "Circle": draw_circle(one.record, f"{prefix}-circle", named=people),
    }
    return {name: picture for name, picture in drawn.items() if picture}


def _finding(one: Enrolment, form: Form) -> str:
    """Say what became of the measure from its baseline to the end of the course; a follow-up is drawn, not counted."""
    made = one.closing.outcome
    if made and made.n > 1:
        return render(change_sentence(form.name, made))
    return render(say("picture.one", form=form.name, n=made.n if made else 0))


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
    return trajectory(_finding(one, form), scores, id_prefix=f"{prefix}-scores", **scale_of(form))
