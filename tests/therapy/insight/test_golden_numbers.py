"""The golden numbers of INSIGHT 1.8, to their tolerances."""

from __future__ import annotations

import pytest
from golden import golden_diary

from openipt.therapy.insight import look
from openipt.therapy.insight.diary import diary_of
from openipt.therapy.insight.looking import fit_people

A = {
    "mother": (0.4193, 0.2601, 0.5864, 0.9996, 0.9994),
    "partner": (0.4086, 0.1969, 0.6198, 0.9961, 0.9924),
    "friend": (0.3102, 0.0809, 0.5187, 0.9815, 0.9669),
}
B = {
    "mother": (0.6122, 0.3263, 0.9325, 0.9994, 0.9992),
    "partner": (0.4166, 0.0253, 0.7802, 0.9586, 0.9403),
    "friend": (0.1246, -0.3325, 0.5480, 0.6784, 0.6011),
}


@pytest.mark.parametrize("person", A)
@pytest.mark.parametrize(("last", "table", "tolerance"), [(7, A, 1e-3), (10, B, 5e-3)], ids=["A", "B_bounds"])
def test_each_person_has_the_golden_numbers(last: float, table: dict, tolerance: float, person: str) -> None:
    one = next(one for one in look(golden_diary(last)).people if one.person == person)
    found = (one.effect.mean, one.effect.lo, one.effect.hi, one.pd, one.sceptical_pd)
    assert found == pytest.approx(table[person], abs=tolerance)


def test_evidence_noise_and_trend_are_golden() -> None:
    found = look(golden_diary())
    assert found.log_evidence == pytest.approx(-16.9064, abs=1e-3)
    assert fit_people(diary_of(golden_diary()))[0].noise_variance == pytest.approx(0.7772, abs=1e-3)
    trend = found.trend_per_week
    assert (trend.mean, trend.lo, trend.hi) == pytest.approx((0.1499, -0.1305, 0.4293), abs=1e-3)


def test_a_contrast_is_four_valence_points() -> None:
    mother = look(golden_diary()).people[1]
    assert mother.person == "mother"
    assert (mother.contrast.mean, mother.contrast.lo) == pytest.approx((4 * mother.effect.mean, 4 * mother.effect.lo))


def test_four_contact_days_are_not_enough_whatever_the_numbers_say() -> None:
    statuses = {one.person: one.status for one in look(golden_diary()).people}
    assert statuses == {
        "friend": "not enough entries",
        "mother": "worth asking about",
        "partner": "worth asking about",
    }


def test_the_same_input_gives_the_same_output() -> None:
    assert look(golden_diary(10)) == look(golden_diary(10))
