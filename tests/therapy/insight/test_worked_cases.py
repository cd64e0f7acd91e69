"""Diaries simulated from the truth of the worked cases: what is found has the sign of what was put in."""

from __future__ import annotations

from typing import Any

import pytest
from case_diaries import Simulated, simulate, truths

from openipt.therapy.insight import look

TRUTHS = dict(truths())
LIVES = 3  # the same truth, lived so many times
WORTH = "worth asking about"

Finding = tuple[str, float, float]  # who or what, what was found, what is true


def findings(made: Simulated) -> tuple[list[Finding], list[Finding]]:
    """Return what is worth asking about: people, and kinds."""
    found = look(made.entries)
    people = [
        (one.person, one.effect.mean, made.people.get(one.person, 0)) for one in found.people if one.status == WORTH
    ]
    kinds = [(one.kind, one.effect.mean, made.kinds.get(one.kind, 0)) for one in found.kinds if one.status == WORTH]
    return people, kinds


@pytest.fixture(scope="module")
def all_found() -> dict[tuple[str, int], tuple[list[Finding], list[Finding]]]:
    return {(name, n): findings(simulate(name, truth, n)) for name, truth in TRUTHS.items() for n in range(LIVES)}


def test_every_case_with_a_truth_is_simulated() -> None:
    assert len(TRUTHS) >= 12
    assert {"C01", "C02", "C03"} <= set(TRUTHS)


@pytest.mark.parametrize("name", TRUTHS)
def test_the_sign_of_every_person_worth_asking_about_is_the_true_one(name: str, all_found) -> None:
    for life in range(LIVES):
        for person, found, true in all_found[name, life][0]:
            assert found * true > 0, (life, person, found, true)


@pytest.mark.parametrize("name", TRUTHS)
def test_no_kind_worth_asking_about_has_the_opposite_sign(name: str, all_found) -> None:
    for life in range(LIVES):
        for kind, found, true in all_found[name, life][1]:
            assert found * true >= 0, (life, kind, found, true)


def test_few_kinds_are_found_that_are_not_there(all_found) -> None:
    kinds = [one for _, found in all_found.values() for one in found]
    assert len(kinds) >= 15
    assert sum(true == 0 for _, _, true in kinds) <= 0.15 * len(kinds)


def test_much_of_what_was_put_in_is_found(all_found) -> None:
    assert sum(len(people) for people, _ in all_found.values()) >= 3 * len(TRUTHS)


def test_the_same_truth_and_turn_give_the_same_diary() -> None:
    truth: dict[str, Any] = TRUTHS["C01"]
    assert simulate("C01", truth) == simulate("C01", truth)
    assert simulate("C01", truth) != simulate("C01", truth, 1)
    assert {entry.mood for entry in simulate("C01", truth).entries} <= set(range(11))
