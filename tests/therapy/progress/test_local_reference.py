"""A service's own expected course: the EM estimate, the blend by the number of courses, and keeping it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from caseload_world import caseload

from openipt.therapy.forms import open_form
from openipt.therapy.progress import default_reference, local_reference, predict
from openipt.therapy.progress.local import fit_normal, weekly
from openipt.therapy.progress.reference import as_data, from_data, made

PHQ9 = open_form("phq-9")
DEFAULT = default_reference(PHQ9, 16)


def whole(n, weeks, seed=1):
    """So many courses without a gap."""
    chance = np.random.default_rng(seed)
    return chance.multivariate_normal(DEFAULT.mean[: weeks + 1], DEFAULT.cov[: weeks + 1, : weeks + 1], n)


def test_without_gaps_the_estimate_is_the_mean_and_the_covariance() -> None:
    rows = whole(60, 3)
    mean, cov = fit_normal(rows, DEFAULT.mean[:4], DEFAULT.cov[:4, :4])
    np.testing.assert_allclose(mean, rows.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(cov, np.cov(rows.T, bias=True), atol=1e-9)


def likelihood(rows, mean, cov):
    """The log-likelihood of rows with gaps, row by row."""
    total = 0.0
    for row in rows:
        seen = ~np.isnan(row)
        among, off = cov[np.ix_(seen, seen)], row[seen] - mean[seen]
        total -= 0.5 * (np.linalg.slogdet(2 * np.pi * among)[1] + off @ np.linalg.solve(among, off))
    return total


def with_gaps(rows, share=0.3, seed=2):
    holes = np.random.default_rng(seed).random(rows.shape) < share
    holes[:, 0] = False
    return np.where(holes, np.nan, rows)


def test_each_round_fits_the_rows_with_gaps_no_less_well() -> None:
    rows = with_gaps(whole(80, 5))
    found = [likelihood(rows, *fit_normal(rows, DEFAULT.mean[:6], DEFAULT.cov[:6, :6], rounds)) for rounds in range(12)]
    assert all(after >= before - 1e-9 for before, after in pairwise(found))
    assert found[-1] > found[0] + 1


def test_the_estimate_is_a_summit_of_the_likelihood() -> None:
    rows = with_gaps(whole(80, 2))
    mean, cov = fit_normal(rows, DEFAULT.mean[:3], DEFAULT.cov[:3, :3], rounds=3000)
    best = likelihood(rows, mean, cov)
    for week in range(3):
        for step in (-0.05, 0.05):
            moved = mean + step * np.eye(3)[week]
            assert likelihood(rows, moved, cov) < best
    assert likelihood(rows, mean, 1.02 * cov) < best
    assert likelihood(rows, mean, 0.98 * cov) < best


def test_gaps_do_not_pull_the_estimate_towards_those_who_stayed() -> None:
    rows = whole(4000, 6, seed=5)
    left = rows[:, 3] > rows[:, 3].mean()  # who is worse in week 3 stops answering after it
    rows[np.ix_(left, range(4, 7))] = np.nan
    mean, _ = fit_normal(rows, DEFAULT.mean[:7], DEFAULT.cov[:7, :7])
    assert np.nanmean(rows[:, 6]) < DEFAULT.mean[6] - 1
    assert mean[6] == pytest.approx(DEFAULT.mean[6], abs=0.35)


def test_a_week_that_nobody_has_keeps_its_place_beside_the_others() -> None:
    courses = [{0: 18.0, 4: 12.0 + n % 5} for n in range(200)]
    made_here = local_reference(PHQ9, courses)
    assert np.linalg.eigvalsh(made_here.cov).min() > 0
    assert made_here.mean[4] < made_here.mean[1]


@pytest.mark.parametrize(("n", "share"), [(50, 1 / 3), (100, 1 / 2), (500, 5 / 6), (501, 1.0)])
def test_local_and_default_are_blended_by_the_number_of_courses(n, share) -> None:
    courses = [{0: 20.0 + course % 3, **{week: 20.0 - week + course % 4 for week in (1, 2)}} for course in range(n)]
    reference = local_reference(PHQ9, courses, weeks=2)
    rows = weekly(courses, 2)
    small = default_reference(PHQ9, 2)
    np.testing.assert_allclose(reference.mean, share * rows.mean(axis=0) + (1 - share) * small.mean, atol=1e-6)
    cov = np.cov(rows.T, bias=True)
    np.testing.assert_allclose(reference.cov, share * cov + (1 - share) * small.cov, atol=1e-5)
    assert reference.courses == n
    assert reference.shown is (n >= 100)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_very_few_courses_do_no_harm(n) -> None:
    reference = local_reference(PHQ9, caseload(n, 8).as_maps())
    assert np.linalg.eigvalsh(reference.cov).min() > 0
    assert np.abs(reference.mean - DEFAULT.mean).max() < 1.5


def test_without_courses_the_placeholder_stays() -> None:
    reference = local_reference(PHQ9, [])
    assert reference.is_placeholder
    assert reference.version == "default-1"


def test_a_course_without_a_start_or_without_more_than_it_is_not_counted() -> None:
    courses = [{1: 18, 2: 17}, {0: 18}, {0: 18, 40: 3}, {0: 18, 1: 17}]
    assert len(weekly(courses, 16)) == 1


def test_the_same_courses_give_the_same_reference_and_others_another_version() -> None:
    courses = caseload(120, 4).as_maps()
    first, again, other = (local_reference(PHQ9, one) for one in (courses, courses, courses[1:]))
    assert first.version == again.version != other.version
    np.testing.assert_allclose(first.cov, again.cov, atol=1e-9)


def test_a_reference_can_be_kept_and_opened_again() -> None:
    reference = local_reference(PHQ9, caseload(120, 4).as_maps())
    opened = from_data(PHQ9, json.loads(json.dumps(as_data(reference))))
    scores = {0: 17, 1: 15, 2: 16}
    assert predict(opened, scores) == predict(reference, scores)
    assert (opened.version, opened.courses) == (reference.version, reference.courses)


def test_a_reference_of_another_measure_or_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of 'gad-7'"):
        from_data(open_form("gad-7"), as_data(DEFAULT))
    with pytest.raises(ValueError, match=r"expected \(weeks,\) and"):
        made(PHQ9, DEFAULT.mean, DEFAULT.cov[:3], 100)


def test_the_version_names_the_numbers_and_not_only_their_count() -> None:
    first = made(PHQ9, DEFAULT.mean, DEFAULT.cov, 100)
    assert first.version != made(PHQ9, DEFAULT.mean + 1, DEFAULT.cov, 100).version
    assert replace(first, courses=3).shown is False
