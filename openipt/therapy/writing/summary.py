"""The summary of a course: what was agreed, what changed, how it ended. Facts only, plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from openipt.therapy.course import closing, outcome_form, points_fallen, state, where
from openipt.therapy.course.endings import scores_since_start
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import Progress, half_up_pct, progress
from openipt.therapy.record import Record, agreement, fit, focus
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing.naming import told
from openipt.therapy.writing.note import NotePart, action_words


def summary(
    manual: Manual, record: Record, today: date, *, people: bool = False, words: bool = False
) -> tuple[NotePart, ...]:
    """Write the summary of a course as it stands on a day.

    With `people` the people of the client's life are named, with `words` the client is quoted.
    """
    parts = (
        ("summary.course", _course(manual, record, today, people, words)),
        ("summary.change", _change(manual, record, today)),
        ("summary.goals", _goals(record, people)),
        ("summary.decisions", _decisions(manual, record, today)),
        ("summary.ending", _ending(manual, record, today)),
    )
    made = tuple(NotePart(say(f"{name}.heading"), tuple(lines)) for name, lines in parts)
    return tuple(part for part in made if part.lines)


def _course(manual: Manual, record: Record, today: date, people: bool, words: bool) -> Iterator[Sentence]:
    here = where(manual, record, today)
    yield say("summary.course.sessions", manual=manual.title, held=here.held, planned=here.planned, weeks=here.weeks)
    areas = focus(record)
    if areas:
        yield say("summary.course.focus", areas=tuple(label("problem_areas", area) for area in areas))
    shared = fit(record)
    if shared and shared.client_fit is not None:
        yield say("summary.course.fit", fit=shared.client_fit, on=shared.at)
    if words and shared and shared.client_words:
        yield say("summary.course.words", text=told(record, shared.client_words, people))
    agreed = agreement(record)
    if agreed and agreed.planned_end:
        yield say("summary.course.agreed", n=agreed.total, end=agreed.extension_until or agreed.planned_end)


def _change(manual: Manual, record: Record, today: date) -> Iterator[Sentence]:
    main = outcome_form(manual, record).id
    forms = {entry.form for entry in record.entries}
    measured = {form for form in forms if has_form(form) and open_form(form).primary}
    for form_id in sorted(measured, key=lambda name: (name != main, name)):
        form = open_form(form_id)
        made = progress(form, scores_since_start(manual, record, form_id, today)[0])
        if made and made.n > 1:
            yield change_sentence(form.name, made)
    if record.readings(main):
        yield state(manual, record, today).why


def change_sentence(name: str, made: Progress) -> Sentence:
    """Say what became of one measure, without a label the measure has no number for."""
    if made.reliable is None:
        return say("summary.change.plain", form=name, first=made.first, last=made.last)
    line = "recovered" if made.recovered else made.reliable
    return say(
        f"summary.change.{line}",
        form=name,
        first=made.first,
        last=made.last,
        fall=None if made.fall_pct is None else half_up_pct(made.fall_pct),
    )


def _goals(record: Record, people: bool) -> Iterator[Sentence]:
    for thing in record.goals:
        said = record.says("goals-and-boundaries", thing.id)
        ratings = said.get("ratings") or []
        if ratings and said.get("target") is not None:
            yield say(
                "summary.goals.rated",
                goal=told(record, said.get("statement"), people),
                start=said.get("baseline"),
                now=ratings[-1].get("value"),
                target=said["target"],
            )


def _decisions(manual: Manual, record: Record, today: date) -> Iterator[Sentence]:
    for due in points_fallen(manual, record, today):
        if due.recorded and due.recorded.answers.get("action"):
            action = action_words(due.recorded.answers["action"])
            yield say("summary.decisions.made", point=due.point.label, on=due.recorded.happened_at, action=action)
        else:
            yield say("summary.decisions.open", point=due.point.label, on=due.on)


def _ending(manual: Manual, record: Record, today: date) -> Iterator[Sentence]:
    end = closing(manual, record, today)
    if end.ending and record.ended_on and record.ended_on <= today:
        yield say(
            "summary.ending.how", how=label("endings", end.ending), on=record.ended_on, n=end.sessions, weeks=end.weeks
        )
        if end.wanting:
            yield say("summary.ending.wanting", what=end.wanting)
