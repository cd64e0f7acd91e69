"""`openipt.progress`: dated scores alone, as irregular as life, give change, gains, outlook and state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import openipt
from openipt.therapy.course.series import by_session, occasions, with_gaps
from openipt.therapy.forms import open_form
from openipt.therapy.progress import own_scale, predict
from openipt.therapy.progress.reference import default_reference
from openipt.therapy.words import render

START = date(2026, 1, 5)


def on(day: int) -> date:
    return START + timedelta(days=day)


def weekly(values):
    return [(on(7 * week), value) for week, value in enumerate(values)]


def test_a_course_is_told_from_its_dated_scores_alone() -> None:
    made = openipt.progress(weekly([20, 19, 19, 10, 9, 8]), "phq-9", client="A")
    assert (made.client, made.n, made.baseline, made.last, made.change) == ("A", 6, 20, 8, 12)
    assert (made.reliable, made.clinically_significant, made.response, made.remission) == (
        "improved",
        True,
        True,
        False,
    )
    assert made.early_response is True
    assert [(gain.after, gain.size) for gain in made.sudden_gains] == [(on(14), 9)]
    assert made.state.id == "on_track"
    assert made.predicted_on == on(98)
    assert made.predicted == predict(default_reference(open_form("phq-9")), {0: 20, 1: 19, 2: 19, 3: 10, 4: 9, 5: 8})


def test_the_outlook_is_computed_from_a_placeholder_and_says_that_nobody_may_see_it() -> None:
    made = openipt.progress(weekly([20, 18]))
    assert made.predicted.shown is False
    assert made.expected.shown is False
    assert "placeholder" in render(made.definitions["predicted"])


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ([24, 22, 20, 18, 18, 18, 18, 18], "off_track"),
        ([20, 8, 15, 15], "worse"),
        ([14, 20], "early"),
        ([9, 8, 9], "steady"),
        ([20, 15], "early"),
        ([20, 12, 8, 4], "on_track"),
    ],
)
def test_weekly_scores_are_judged_by_the_one_table(scores, told) -> None:
    assert openipt.progress(weekly(scores)).state.id == told


def test_daily_scores_are_not_taken_for_so_many_sessions() -> None:
    # Twelve days are two sessions and a half: no decision point can have fallen due.
    assert openipt.progress([(on(day), 20) for day in range(12)]).state.id == "early"
    assert len(by_session(occasions((on(day), 20) for day in range(12)))) == 3


def test_the_day_decides_where_scores_are_rare() -> None:
    scores = [(on(0), 20), (on(20), 19), (on(28), 19)]
    assert openipt.progress(scores).state.id == "off_track"
    assert openipt.progress(scores[:2]).state.id == "early"


def test_without_a_score_for_three_weeks_somebody_has_to_ask() -> None:
    scores = weekly([20, 19])
    assert openipt.progress(scores, today=on(27)).state.id == "early"
    assert openipt.progress(scores, today=on(28)).state.id == "ask"


def test_two_sessions_without_a_usable_score_ask_too() -> None:
    assert openipt.progress(weekly([20, 19, None, None])).state.id == "ask"


def test_what_came_after_the_day_in_question_is_not_looked_at() -> None:
    scores = weekly([20, 19, 5, 4])
    assert openipt.progress(scores, today=on(7)).inputs_hash == openipt.progress(scores[:2], today=on(7)).inputs_hash


def test_of_several_scores_of_a_day_the_last_one_stands() -> None:
    scores = [(datetime(2026, 1, 5, 18), 12), (datetime(2026, 1, 5, 9), 20), (on(7), 11)]
    assert openipt.progress(scores).baseline == 12
    assert openipt.progress([(on(0), 20), (on(0), 12), (on(0), None)]).baseline == 12


def test_a_moment_counts_on_the_day_it_was_written_with() -> None:
    late = datetime(2026, 1, 5, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    (one,) = occasions([(late, 12)])
    assert one.day == date(2026, 1, 5) != late.astimezone(UTC).date() + timedelta(days=1)


def test_scores_before_the_first_usable_one_are_not_counted() -> None:
    made = openipt.progress([(on(0), None), (on(7), 20), (on(14), 12)])
    assert (made.baseline, made.n, made.reliable) == (20, 2, "improved")


def test_one_score_says_where_somebody_stands_and_nothing_of_change() -> None:
    made = openipt.progress(weekly([18]))
    assert (made.n, made.baseline, made.last) == (1, 18, 18)
    assert (made.change, made.reliable, made.clinically_significant, made.response) == (None, None, None, None)
    assert made.state.id == "early"


@pytest.mark.parametrize("scores", [[], [(START, None)]])
def test_no_score_at_all_is_no_fault(scores) -> None:
    made = openipt.progress(scores)
    assert (made.n, made.state, made.predicted, made.sudden_gains) == (0, None, None, ())


def test_a_gap_in_a_weekly_course_leaves_it_open_whether_there_was_a_gain() -> None:
    scores = [(on(0), 20), (on(7), 20), (on(28), 9), (on(35), 9)]
    assert [(gain.after, gain.size) for gain in openipt.progress(scores).sudden_gains] == [(on(7), None)]
    assert [one.day if one else None for one in with_gaps(occasions(scores))] == [
        on(0),
        on(7),
        None,
        None,
        on(28),
        on(35),
    ]


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a number"):
        openipt.progress([(START, float("nan"))])


def test_numbers_of_an_array_are_numbers() -> None:
    np = pytest.importorskip("numpy")
    scores = np.array([20.0, 8, 15, 15])
    assert openipt.progress(weekly(scores)).state.id == "worse"


def test_a_measure_where_higher_is_better() -> None:
    made = openipt.progress(weekly([30, 44, 52, 60]), "who-5")
    assert (made.change, made.reliable, made.clinically_significant) == (30, "improved", True)
    assert openipt.progress(weekly([60, 40, 40]), "who-5").state.id == "worse"


def test_a_scale_of_ones_own() -> None:
    own = own_scale("Ties", sd=8, reliability=0.9, cutoff=30, worse="lower")
    made = openipt.progress(weekly([20, 25, 31, 35]), own)
    assert (made.reliable, made.clinically_significant, made.state.id) == ("improved", True, "on_track")
    assert made.predicted is not None


# ---- irregular courses of every length ----

courses = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 23), st.none() | st.integers(0, 27)), min_size=2, max_size=60
)


@settings(max_examples=150, deadline=None)
@given(courses, st.randoms())
def test_any_course_is_told_and_the_order_of_its_rows_changes_nothing(rows, chance) -> None:
    unique = list({(day, hour): value for day, hour, value in rows}.items())
    scores = [(datetime(2026, 1, 5, hour) + timedelta(days=day), value) for (day, hour), value in unique]
    made = openipt.progress(scores)
    mixed = list(scores)
    chance.shuffle(mixed)
    again = openipt.progress(mixed)
    assert made.inputs_hash == again.inputs_hash
    assert (made.state, made.predicted, made.sudden_gains) == (again.state, again.predicted, again.sudden_gains)
    assert made.n == len({day for day, _, value in _kept(unique) if value is not None})
    if made.state:
        assert "{" not in render(made.state.why)
    if made.predicted:
        assert 0 <= made.predicted.p_no_reliable_improvement <= 1


def _kept(unique):
    return [(day, hour, value) for (day, hour), value in unique]


def test_the_hash_tells_inputs_apart() -> None:
    first = openipt.progress(weekly([20, 18]))
    others = [
        openipt.progress(weekly([20, 17])),
        openipt.progress(weekly([20, 18]), "gad-7"),
        openipt.progress(weekly([20, 18]), manual="ipt-m"),
        openipt.progress(weekly([20, 18]), today=on(7)),
        openipt.progress(weekly([20, 18]), planned_week=16),
    ]
    assert len({first.inputs_hash, *(one.inputs_hash for one in others)}) == 6
    assert first.model_version == "insight-1"
