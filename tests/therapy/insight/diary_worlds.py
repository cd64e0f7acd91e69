"""Invented diaries with a known truth (INSIGHT, appendix A), for asking whether the insight finds it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from openipt.therapy.insight import DiaryEntry, Interaction, Noise, Prior, Series, people_prior
from openipt.therapy.insight.diary import diary_of
from openipt.therapy.insight.engine import prior_of
from openipt.therapy.insight.views import people_view

MONDAY = datetime(2026, 1, 5, 20)
KINDS = {  # column of the kind view: (base rate a day, prior mean, a kind of the vocabulary that belongs to it)
    "conflict": (0.18, -0.6, "conflict"),
    "support": (0.35, 0.4, "supported"),
    "loss": (0.07, -0.5, "loss_reminder"),
    "avoidance": (0.18, -0.3, "avoided"),
    "role_strain": (0.20, -0.3, "role_demand"),
    "closeness": (0.25, 0.4, "closeness"),
}


@dataclass(frozen=True)
class World:
    """A client's diary, and what was true: mood points per valence point, or per kind."""

    entries: tuple[DiaryEntry, ...]
    truth: dict[str, float]


@dataclass(frozen=True)
class Wish:
    """How a world differs from the plain one."""

    null: bool = False
    strength: float = 1.0
    colouring: float = 0.0  # valence points per mood point of the part that has nothing to do with contact
    mood_hides: bool = False  # low days are missing more often, and the noise has heavy tails


PLAIN = Wish()


def diary_world(chance: np.random.Generator, people: int, n: int, wish: Wish = PLAIN) -> World:
    """Live one client's days until n entries were written."""
    names = [f"p{number}" for number in range(people)]
    often = contact_chances(chance, people)
    liked = chance.normal(0.4, 1.0, people)
    today, tomorrow = _effects(chance, people, wish)
    level = _background(chance)
    wandering = _wandering(chance, wish.mood_hides)
    before = np.zeros(people)
    entries: list[DiaryEntry] = []
    day = 0
    while len(entries) < n:
        inner = wandering()
        there = chance.random(people) < often
        rated = np.rint(chance.normal(liked, 1.5) + wish.colouring * inner)
        valence = np.where(there, np.clip(rated, -3, 3), 0.0)
        mood = level(day, bool(there.any())) + today @ valence + tomorrow @ before + inner
        mood = float(np.clip(np.rint(mood), 0, 10))
        if chance.random() >= _missing(mood, wish):
            contacts = [Interaction(names[p], int(valence[p])) for p in np.flatnonzero(there)]
            entries.append(DiaryEntry(MONDAY + timedelta(days=day), mood, tuple(contacts)))
        before, day = valence, day + 1
    return World(tuple(entries), dict(zip(names, map(float, today), strict=True)))


def kind_world(chance: np.random.Generator, n: int, null: bool = False) -> World:
    """Live one client's days with kinds of events, each with an effect of its own."""
    rates = {kind: np.clip(rate * np.exp(chance.normal(0, 0.4)), 0.03, 0.7) for kind, (rate, _, _) in KINDS.items()}
    truth = {
        kind: 0.0 if null or chance.random() < 0.3 else float(chance.normal(0.9 * mean, 0.35))
        for kind, (_, mean, _) in KINDS.items()
    }
    level, wandering = _background(chance), _wandering(chance, False)
    entries: list[DiaryEntry] = []
    day = 0
    while len(entries) < n:
        happened = [kind for kind in KINDS if chance.random() < rates[kind]]
        mood = level(day, False) + sum(truth[kind] for kind in happened) + wandering()
        if chance.random() >= 0.30:
            events = tuple(Interaction(None, 0, frozenset({KINDS[kind][2]})) for kind in happened)
            entries.append(DiaryEntry(MONDAY + timedelta(days=day), float(np.clip(np.rint(mood), 0, 10)), events))
        day += 1
    return World(tuple(entries), truth)


def contact_chances(chance: np.random.Generator, people: int) -> np.ndarray:
    """Return how likely each person is met on a day."""
    share = chance.beta(1.3, 2.6, people) + 0.03
    return np.clip(1.7 * share / share.sum(), 0.04, 0.92)


def _effects(chance: np.random.Generator, people: int, wish: Wish) -> tuple[np.ndarray, np.ndarray]:
    """Return the effects of contact on the same day and on the day after."""
    if wish.null:
        return np.zeros(people), np.zeros(people)
    some = chance.random(people) >= 0.35
    today = np.where(some, 0.75 * chance.normal(0.38, 0.22, people), 0.0) * wish.strength
    share = np.where(chance.random(people) < 0.7, 0.35, -0.25)
    return today, np.where(chance.random(people) < 0.6, 0.0, share * today)


def _background(chance: np.random.Generator) -> Callable[[int, bool], float]:
    """Return the mood that a day would have anyhow."""
    base = float(np.clip(chance.normal(4.2, 1.2), 1.5, 7.5))
    slope, contact, weekend = chance.normal(0.12, 0.15), chance.normal(0.1, 0.3), chance.normal(0, 0.3)
    return lambda day, met: float(base + slope * day / 7 + contact * met + weekend * (day % 7 >= 5))


def _wandering(chance: np.random.Generator, heavy: bool) -> Callable[[], float]:
    """Return a day's wandering (an Ornstein-Uhlenbeck process) with its fresh noise."""
    spread, fresh = chance.uniform(0.5, 1.1), chance.uniform(0.6, 1.2)
    keeps = float(np.exp(-1 / np.exp(chance.uniform(np.log(0.7), np.log(12)))))
    state = chance.normal(0, spread)

    def step() -> float:
        nonlocal state
        noise = chance.standard_t(3) / np.sqrt(3) if heavy else chance.normal()
        now = state + fresh * noise
        state = keeps * state + chance.normal(0, spread * np.sqrt(1 - keeps**2))
        return float(now)

    return step


def _missing(mood: float, wish: Wish) -> float:
    return float(np.clip(0.30 + 0.5 * (4.5 - mood) / 4, 0.02, 0.95)) if wish.mood_hides else 0.30


@dataclass(frozen=True)
class PriorWorld:
    """Data drawn from the model's own prior, over contacts of a real-looking diary, and the effects that were drawn."""

    series: Series
    prior: Prior
    truth: dict[str, float]  # of each column of a person, same day


def prior_world(chance: np.random.Generator, people: int, n: int) -> PriorWorld:
    """Draw effects, noise and moods from the prior itself: its ranges must then hold the truth as often as they say."""
    view = people_view(diary_of(diary_world(chance, people, n, Wish(null=True)).entries))
    names = [[name for name in view.columns if name.startswith(start)] for start in ("same", "lag")]
    prior = replace(people_prior(*names), ends=None)
    mean, spreads = prior_of(prior)
    variance = prior.rate / chance.gamma(prior.shape)
    spread = spreads[chance.integers(len(spreads))] * variance
    effects = chance.multivariate_normal(mean, spread, method="cholesky")
    weights = [noise.weight for noise in prior.wanderings]
    noise = prior.wanderings[chance.choice(len(weights), p=np.array(weights) / sum(weights))]
    times = np.asarray(view.times)
    columns = np.column_stack([np.ones(n), *(view.columns[name] for name in prior.columns[1:])])
    covariance = variance * dense(times, noise)
    outcome = columns @ effects + np.linalg.cholesky(covariance) @ chance.normal(size=n)
    truth = {name: float(effects[prior.columns.index(name)]) for name in names[0] if ":" in name}
    return PriorWorld(Series(times, outcome, view.columns), prior, truth)


def dense(times: np.ndarray, noise: Noise, extra: np.ndarray | None = None) -> np.ndarray:
    """Return the covariance of the noise, in units of its variance, written out in full."""
    apart = np.abs(times[:, None] - times)
    whole = noise.rho * np.exp(-apart / noise.tau) + (1 - noise.rho) * np.eye(len(times))
    return whole if extra is None else whole + np.diag(extra)
