"""Counting what the insight finds again in invented diaries, and what it finds that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from diary_worlds import PLAIN, Wish, World, diary_world, kind_world, prior_world

from openipt.therapy.insight import Insight, PersonInsight, fit, look
from openipt.therapy.insight.status import person_status

WORTH = "worth asking about"


@dataclass
class Tally:
    """What was counted over the clients of one cell. "10" and "20": with a tolerance of .10 and of .20 asked for."""

    clients: int = 0
    people: int = 0
    covered: int = 0
    error: float = 0.0  # squared, of the mean
    error_alone: float = 0.0  # squared, of each person's slope by itself (ordinary least squares)
    directions: int = 0  # pd of .95 or more
    turned: int = 0  # among them, the other way round than the truth
    found: dict[str, int] = field(default_factory=lambda: {"10": 0, "20": 0})
    false: dict[str, int] = field(default_factory=lambda: {"10": 0, "20": 0})
    clients_found: dict[str, int] = field(default_factory=lambda: {"10": 0, "20": 0})
    large: int = 0  # true effects of .25 mood points or more per valence point
    large_found: dict[str, int] = field(default_factory=lambda: {"10": 0, "20": 0})

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{name: _sum(getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__})

    @property
    def coverage(self) -> float:
        return share(self.covered, self.people)

    def power(self, rule: str) -> float:
        return share(self.large_found[rule], self.large)

    @property
    def error_ratio(self) -> float:
        return float(np.sqrt(share(self.error, self.error_alone)))


def _sum(one: object, other: object) -> object:
    return {key: one[key] + other[key] for key in one} if isinstance(one, dict) else one + other


def share(part: float, whole: float) -> float:
    """Return part of whole; NaN of nothing."""
    return part / whole if whole else float("nan")


def people_cell(n: int, people: int, wish: Wish = PLAIN, clients: int = 200, seed: int = 0) -> Tally:
    """Look at the diaries of a cell's clients; the same seed gives the same clients."""
    worlds = (diary_world(np.random.default_rng([seed, n, people, k]), people, n, wish) for k in range(clients))
    return count((world, look(world.entries)) for world in worlds)


def count(looked: Iterable[tuple[World, Insight]]) -> Tally:
    """Count what was found in people."""
    tally = Tally()
    for world, found in looked:
        any_found = {"10": False, "20": False}
        for one in found.people:
            if one.effect is None:
                continue
            truth = world.truth[one.person]
            _count_size(tally, world, one, truth)
            _count_status(tally, one, truth, any_found)
        tally.clients += 1
        for rule, some in any_found.items():
            tally.clients_found[rule] += some
    return tally


def _count_size(tally: Tally, world: World, one: PersonInsight, truth: float) -> None:
    tally.people += 1
    tally.covered += one.effect.lo <= truth <= one.effect.hi
    valences = [[i.valence for i in entry.interactions if i.person == one.person] for entry in world.entries]
    x = np.array([sum(row) for row in valences], float)
    mood = np.array([entry.mood for entry in world.entries])
    if x.std() > 0:
        tally.error += (one.effect.mean - truth) ** 2
        tally.error_alone += ((x - x.mean()) @ mood / ((x - x.mean()) @ (x - x.mean())) - truth) ** 2


def _count_status(tally: Tally, one: PersonInsight, truth: float, any_found: dict[str, bool]) -> None:
    large = abs(truth) >= 0.25
    tally.large += large
    if one.lack:
        return
    against = truth * one.effect.mean < 0
    tally.directions += one.pd >= 0.95
    tally.turned += one.pd >= 0.95 and against
    for rule, least in (("10", 0.10), ("20", 0.20)):
        if person_status(one.pd, one.sceptical_pd, one.tolerance, least) == WORTH:
            any_found[rule] = True
            tally.found[rule] += 1
            tally.false[rule] += truth == 0 or against
            tally.large_found[rule] += large


def own_prior_cell(n: int, people: int, clients: int = 200, seed: int = 1) -> Tally:
    """Count how often the ranges hold what was drawn from the prior itself."""
    tally = Tally()
    for k in range(clients):
        world = prior_world(np.random.default_rng([seed, n, people, k]), people, n)
        data = world.series
        found = fit(data.times, data.outcome, data.columns, world.prior)
        for effect, truth in zip(
            found.effects([{name: 1.0} for name in world.truth]), world.truth.values(), strict=True
        ):
            tally.people += 1
            tally.covered += effect.estimate.lo <= truth <= effect.estimate.hi
    return tally


def kind_cell(n: int, null: bool = False, clients: int = 200, seed: int = 2) -> Tally:
    """Count what was found in kinds of events; a large effect is half a mood point or more."""
    tally = Tally()
    for k in range(clients):
        world = kind_world(np.random.default_rng([seed, n, k]), n, null)
        some = False
        for one in look(world.entries).kinds:
            if one.effect is None:
                continue
            truth, worth = world.truth[one.kind], one.status == WORTH
            tally.people += 1
            tally.covered += one.effect.lo <= truth <= one.effect.hi
            tally.found["20"] += worth
            tally.false["20"] += worth and (truth == 0 or truth * one.effect.mean < 0)
            tally.large += abs(truth) >= 0.5
            tally.large_found["20"] += worth and abs(truth) >= 0.5
            some |= worth
        tally.clients += 1
        tally.clients_found["20"] += some
    return tally
