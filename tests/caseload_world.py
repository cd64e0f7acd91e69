"""A made-up caseload of weekly PHQ-9 scores (INSIGHT, appendix A): five kinds of course, noise, gaps, drop-out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WEEKS = 17  # 0 to 16
KINDS = ("early", "log_linear", "late", "flat", "worsening")
SHARES = (0.30, 0.30, 0.13, 0.20, 0.07)


@dataclass(frozen=True)
class Caseload:
    """Courses as rows (courses, 17), NaN where a week has no score, with planned end and last week."""

    scores: np.ndarray
    planned: np.ndarray
    last: np.ndarray

    @property
    def ended_at(self):
        """The last score of each course, which is always there."""
        return self.scores[np.arange(len(self.last)), self.last]

    @property
    def change(self):
        """First score minus last."""
        return self.scores[:, 0] - self.ended_at

    def as_maps(self):
        """Each course as week -> score."""
        return [{week: float(score) for week, score in enumerate(row) if score == score} for row in self.scores]


def caseload(n, seed):
    """So many courses."""
    chance = np.random.default_rng(seed)
    made = [_course(chance) for _ in range(n)]
    return Caseload(*(np.array(part) for part in zip(*made, strict=True)))


def stable(n, seed, sessions=12):
    """Clients of whom nothing changes: a level, what lingers of each week, and noise."""
    chance = np.random.default_rng(seed)
    return np.array([np.clip(np.rint(_begin(chance) + _wobble(chance)[:sessions]), 0, 27) for _ in range(n)])


def _course(chance):
    level = _level(chance)
    scores = np.clip(np.rint(level + _wobble(chance)), 0, 27)
    planned = int(chance.integers(12, 17))
    last = planned
    for week in range(1, planned):
        if chance.random() < 0.025 * (1.6 if scores[week] >= 15 else 0.8):
            last = week
            break
    gone = (chance.random(WEEKS) < 0.12) | (np.arange(WEEKS) > last)
    gone[[0, last]] = False
    return np.where(gone, np.nan, scores), planned, last


def _begin(chance):
    while not 10 <= (begin := chance.normal(15.5, 5)) <= 27:
        pass
    return begin


def _level(chance):
    begin, week = _begin(chance), np.arange(WEEKS)
    kind = chance.choice(KINDS, p=SHARES)
    if kind == "early":
        fall, slowness = chance.uniform(0.55, 0.85), chance.uniform(1.5, 4)
        return begin * (1 - fall * (1 - np.exp(-week / slowness)))
    if kind == "log_linear":
        return begin * (1 - chance.uniform(0.35, 0.75) * np.log1p(week) / np.log(WEEKS))
    if kind == "late":
        fall, onset = chance.uniform(0.35, 0.75), chance.uniform(4.5, 8)
        return begin * (1 - fall / (1 + np.exp(onset - week)))
    change = chance.uniform(-0.10, 0.18) if kind == "flat" else -chance.uniform(0.20, 0.55)
    return begin * (1 - change * week / (WEEKS - 1))


def _wobble(chance):
    """What lingers (sd 1.8, 2.5 weeks) and what does not (sd 1.6)."""
    keep = np.exp(-1 / 2.5)
    lingering = [chance.normal(0, 1.8)]
    for _ in range(WEEKS - 1):
        lingering.append(keep * lingering[-1] + chance.normal(0, 1.8 * np.sqrt(1 - keep**2)))
    return np.array(lingering) + chance.normal(0, 1.6, WEEKS)
