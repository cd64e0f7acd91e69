"""The client's own scores in words: today beside the time before and the start. Nothing is guessed, nothing praised.

Where a service has switched it off there is nothing here, and so nowhere on the phone.
"""

from __future__ import annotations

from collections.abc import Iterator

from openipt.casebook.queries.own import Own
from openipt.casebook.queries.own_scores import shows_scores
from openipt.therapy.course.danger import danger
from openipt.therapy.forms import Form, open_form
from openipt.therapy.record import Entry, Reading
from openipt.therapy.words import Sentence, say

# What the sum of each stands for; of any other it is simply the answers. Its code is the clinic's.
PLAIN = {"phq-9": "low_mood", "gad-7": "worry", "who-5": "well_being"}


def curve_of(own: Own, form: Form, entry: Entry) -> tuple[Sentence, ...]:
    """Say one score beside the ones before it; nothing where the sheet could not be scored.

    Args:
        own: Whose course.
        form: The questionnaire.
        entry: The sheet that was sent.
    """
    readings = _shown(own, form)
    place = next((n for n, one in enumerate(readings) if one.entry.id == entry.id), None)
    return tuple(_said(own, form, readings[: place + 1])) if place is not None else ()


def newest(own: Own) -> tuple[Sentence, ...]:
    """Say where the questionnaire stands by which this course is followed; nothing where it was not answered yet."""
    form = open_form(own.outcome)
    readings = _shown(own, form)
    return tuple(_said(own, form, readings)) if readings else ()


def danger_today(own: Own) -> bool:
    """Whether something of today speaks of danger: no number is held against it on that day."""
    here = (one for one in own.record.entries if one.recorded_at.astimezone(own.zone).date() == own.today)
    return any(danger(open_form(one.form, one.version), one.answers) for one in here)


def _shown(own: Own, form: Form) -> tuple[Reading, ...]:
    return own.record.readings(form.id) if shows_scores(own.enrolment.organisation.promise) else ()


def _said(own: Own, form: Form, readings: tuple[Reading, ...]) -> Iterator[Sentence]:
    now, before = readings[-1], readings[-2] if len(readings) > 1 else None
    at = say("portal.curve.today") if now.day == own.today else say("portal.curve.on", on=now.day)
    if before is None:
        yield say("portal.curve.first", form=_plain(form), now=now.value, at=at)
        return
    yield say(
        f"portal.curve.{_line(form, now.value, before.value)}",
        form=_plain(form),
        now=now.value,
        at=at,
        before=before.value,
        on=before.day,
    )
    if len(readings) > 2:
        yield say("portal.curve.start", first=readings[0].value)


def _line(form: Form, now: float, before: float) -> str:
    if now == before:
        return "same"
    score = form.score_named(str(form.primary))
    worse_is_more = score is not None and score.higher_is == "worse"
    if worse_is_more:
        return "lower_better" if now < before else "higher_worse"
    return "higher_better" if now > before else "lower_worse"


def _plain(form: Form) -> Sentence:
    """Return what a questionnaire is about, in a client's words."""
    return say(f"portal.curve.{PLAIN.get(form.id, 'answers')}")
