"""What earlier clients say about the next: it goes where they point, not too far, and only with enough of them."""

from __future__ import annotations

import numpy as np
import pytest
from diary_worlds import Wish, diary_world

from openipt.therapy.insight import DEFAULT, Belief, Fit, clinic_prior, fit, look, plain_prior
from openipt.therapy.insight.clinic import with_belief
from openipt.therapy.insight.diary import diary_of
from openipt.therapy.insight.engine import log_evidence
from openipt.therapy.insight.looking import fit_people
from openipt.therapy.insight.simplex import least


def fits(clients: int, strength: float, n: int = 30) -> list[Fit]:
    worlds = (diary_world(np.random.default_rng([4, k]), 3, n, Wish(strength=strength)) for k in range(clients))
    return [fit_people(diary_of(world.entries))[0] for world in worlds]


@pytest.fixture(scope="module")
def strong() -> list[Fit]:
    return fits(24, strength=2.5)


@pytest.fixture(scope="module")
def learned(strong: list[Fit]) -> Belief:
    return clinic_prior(strong, most=45)


def test_stronger_patterns_move_the_mean_up_and_are_foretold_better(strong, learned: Belief) -> None:
    assert learned.same_mean > DEFAULT.same_mean + 0.05
    before = sum(one.log_evidence for one in strong)
    after = sum(log_evidence(one.fitted.data, with_belief(one.prior, learned)) for one in strong)
    assert after > before


def test_the_same_clients_teach_the_same(strong, learned: Belief) -> None:
    assert clinic_prior(strong, most=45) == learned


def test_no_pattern_anywhere_moves_the_mean_down_and_keeps_the_floors() -> None:
    found = clinic_prior(fits(20, strength=0.0), most=45)
    assert found.same_mean < DEFAULT.same_mean
    assert found.same_shared >= 0.10
    assert found.same_own >= 0.15


def test_it_says_how_many_clients_and_which_model(learned: Belief) -> None:
    assert (learned.clients, learned.version) == (24, "insight-1")


def test_the_next_client_is_looked_at_with_it(learned: Belief) -> None:
    world = diary_world(np.random.default_rng(99), 3, 20)
    plain, informed = look(world.entries), look(world.entries, belief=learned)
    assert informed.belief.clients == 24
    assert informed.inputs_hash != plain.inputs_hash
    assert informed.same_day.mean > plain.same_day.mean


def test_the_defaults_are_the_kill_switch(strong) -> None:
    prior = strong[0].prior
    assert with_belief(with_belief(prior, Belief(0.9, 0.9, 0.9, 0.9, 9.0)), DEFAULT) == prior


def test_fewer_than_twenty_clients_teach_nothing(strong) -> None:
    with pytest.raises(ValueError, match="19 clients with 14 entries or more; expected at least 20"):
        clinic_prior(strong[:19])
    with pytest.raises(ValueError, match="0 clients"):
        clinic_prior(fits(20, 1.0, n=13))


def test_another_view_teaches_nothing_about_people() -> None:
    other = fit(range(14), range(14), {"x": [0.0] * 14}, plain_prior(["x"], level=5, noise=1))
    with pytest.raises(ValueError, match="people view"):
        clinic_prior([other] * 20)


def test_the_simplex_finds_a_valley_within_its_evaluations() -> None:
    seen: list[tuple[float, ...]] = []

    def valley(point: tuple[float, ...]) -> float:
        seen.append(point)
        x, y = point
        return (1 - x) ** 2 + 10 * (y - x * x) ** 2

    best, value = least(valley, (-1.0, 2.0), (0.5, 0.5), 200, close=1e-10)
    assert best == pytest.approx((1, 1), abs=1e-3)
    assert value < 1e-6
    assert len(seen) <= 200
    for most in (3, 4, 7, 20):
        seen.clear()
        least(valley, (-1.0, 2.0), (0.5, 0.5), most)
        assert len(seen) <= most
