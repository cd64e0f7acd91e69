"""Follow one measure over its dated scores alone: what changed, what became of it, where it is going, its state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from openipt.therapy.course.defining import definitions
from openipt.therapy.course.series import Occasion, by_session, occasions, sessions_of, weeks_of, with_gaps
from openipt.therapy.course.state import Course, State, judge
from openipt.therapy.forms import Form, open_form
from openipt.therapy.manuals import Manual, open_manual
from openipt.therapy.progress import PLANNED_WEEK, early_response, sudden_gains
from openipt.therapy.progress import progress as became
from openipt.therapy.progress.change import worse_is_higher
from openipt.therapy.record import Entry, Reading, Record
from openipt.therapy.words import Sentence

if TYPE_CHECKING:
    from openipt.therapy.progress import Expected, Prediction, Reference

MODEL_VERSION = "insight-1"

Scores = Iterable[tuple[date | datetime, float | None]]


@dataclass(frozen=True, slots=True)
class DatedGain:
    """A sudden gain after the score of a day; `size` None where a score is missing and nobody can tell."""

    after: date
    size: float | None


@dataclass(frozen=True)
class Followed:
    """What became of one measure of one client. None means: cannot be said."""

    client: str
    form: Form
    series: tuple[Occasion, ...]  # one a day, from the first score on
    n: int  # usable scores
    baseline: float | None
    last: float | None
    change: float | None  # in points, positive is better
    reliable: Literal["improved", "unchanged", "deteriorated"] | None
    clinically_significant: bool | None
    response: bool | None
    remission: bool | None
    early_response: bool | None
    sudden_gains: tuple[DatedGain, ...]
    predicted: Prediction | None
    predicted_on: date | None
    expected: Expected | None
    state: State | None
    definitions: Mapping[str, Sentence]
    model_version: str
    inputs_hash: str


def progress(
    scores: Scores,
    form: str | Form = "phq-9",
    *,
    manual: str | Manual = "ipt-classic",
    today: date | None = None,
    reference: Reference | None = None,
    planned_week: int = PLANNED_WEEK,
    client: str = "",
) -> Followed:
    """Follow a measure of one client over its dated scores: reliable change, sudden gains, outlook and state.

        openipt.progress([(date(2026, 1, 5), 18), (date(2026, 1, 12), 14), (date(2026, 1, 19), 9)], "phq-9")

    Args:
        scores: (day or moment, score) in any order, the score None where a questionnaire gave none. Several on a day,
            gaps and irregular dates are taken as they are.
        form: A measure of the shelf, or one made by `own_scale`.
        manual: Whose decision points and silent days hold. Scores at least five days apart count as sessions.
        today: The day to judge on; without it, the last day of the scores.
        reference: The expected course of your own service (`local_reference`); without it a placeholder is used for
            the prediction, and nothing of it is to be shown.
        planned_week: The week of the planned end, counted from the first score.
        client: What to call the client.

    Raises:
        ValueError: A score that is no finite number.
        Refused: A form or manual that is not on the shelf.
    """
    measure = open_form(form) if isinstance(form, str) else form
    treatment = open_manual(manual) if isinstance(manual, str) else manual
    return follow(scores, measure, treatment, today, reference, planned_week, client)


def follow(
    scores: Scores,
    form: Form,
    manual: Manual,
    today: date | None,
    reference: Reference | None,
    planned_week: int,
    client: str,
) -> Followed:
    """Follow one client; `progress` says what the arguments are."""
    from openipt.therapy.progress.prediction import expected_course, predict
    from openipt.therapy.progress.reference import default_reference

    series = occasions(scores, today)
    values = [one.value for one in series if one.value is not None]
    reference = reference or default_reference(form, max(planned_week, PLANNED_WEEK))
    predicted = predict(reference, weeks_of(series), planned_week) if reference and values else None
    made = became(form, values)
    several = made is not None and len(values) > 1
    return Followed(
        client=client,
        form=form,
        series=series,
        n=len(values),
        baseline=values[0] if values else None,
        last=values[-1] if values else None,
        change=made.change if made and several else None,
        reliable=made.reliable if made and several else None,
        clinically_significant=made.recovered if made and several else None,
        response=made.response if made and several else None,
        remission=made.remission if made else None,
        early_response=_early(form, series),
        sudden_gains=gains_of(form, series),
        predicted=predicted,
        predicted_on=series[0].day + timedelta(days=7 * planned_week) if predicted else None,
        expected=expected_course(reference, values[0], planned_week) if reference and values else None,
        state=_state(form, manual, series, today, reference, planned_week) if series else None,
        definitions=definitions(form, manual, reference),
        model_version=MODEL_VERSION,
        inputs_hash=_hash(form, manual, series, today, reference, planned_week),
    )


def _early(form: Form, series: tuple[Occasion, ...]) -> bool | None:
    known = [((one.day - series[0].day).days, one.value) for one in series if one.value is not None]
    return early_response(
        [day for day, _ in known], [value for _, value in known], higher_is_worse=worse_is_higher(form)
    )


def gains_of(form: Form, series: tuple[Occasion, ...]) -> tuple[DatedGain, ...]:
    """Return the sudden gains of a series by the day before them; one that nobody can tell once for each gap."""
    if form.change.reliable is None:
        return ()
    filled = with_gaps(by_session(series))
    found = sudden_gains(
        [one.value if one else None for one in filled], form.change.reliable, higher_is_worse=worse_is_higher(form)
    )
    dated: dict[date, DatedGain] = {}
    for gain in found:
        known = next(one for one in reversed(filled[: gain.after + 1]) if one is not None and one.value is not None)
        dated.setdefault(known.day, DatedGain(known.day, gain.size))
    return tuple(dated.values())


def _state(
    form: Form,
    manual: Manual,
    series: tuple[Occasion, ...],
    today: date | None,
    reference: Reference | None,
    planned_week: int,
) -> State:
    from openipt.therapy.progress.expectation import Expectation

    record = Record("", "", manual.id, manual.version, began_on=series[0].day, sessions=sessions_of(series))
    readings = [_reading(form, one) for one in series if one.value is not None]
    expectation = Expectation(reference, planned_week) if reference and reference.shown else None
    course = Course(form, readings[0], tuple(readings[1:]), today or series[-1].day)
    return judge(manual, record, course, expectation)


def _reading(form: Form, one: Occasion) -> Reading:
    entry = Entry("", form.id, one.at, one.at, {}, kind="total_only", total=one.value)
    return Reading(one.at, one.value or 0.0, entry)


def _hash(
    form: Form,
    manual: Manual,
    series: tuple[Occasion, ...],
    today: date | None,
    reference: Reference | None,
    planned_week: int,
) -> str:
    """Everything the result rests on, as one short name: the same name, the same result."""
    inputs = [
        MODEL_VERSION,
        [form.id, form.version, form.change.model_dump_json()],
        [manual.id, manual.version],
        [[one.at.isoformat(), one.value] for one in series],
        today.isoformat() if today else None,
        reference.version if reference else None,
        planned_week,
    ]
    return sha256(json.dumps(inputs).encode()).hexdigest()
