"""How ill somebody is on a day of a made-up course: one curve for everything, on the scale of the PHQ-9 total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Literal

from openipt.exchange.clinic.chance import Chance, likely, weighted
from openipt.therapy.manuals import Manual

Kind = Literal["recovers", "improves", "unchanged", "worsens"]

# Shares of those who come to the end, and of those who stop earlier, so that all together lie near the published
# figures (library/evidence): about half respond, about one in twenty gets worse.
FINISHED: dict[Kind, float] = {"recovers": 0.62, "improves": 0.18, "unchanged": 0.14, "worsens": 0.06}
STOPPED: dict[Kind, float] = {"recovers": 0.18, "improves": 0.2, "unchanged": 0.5, "worsens": 0.12}
STAYING_WELL: dict[Kind, float] = {"unchanged": 0.82, "worsens": 0.18}
HIGHEST = 27
NOISE = 1.5  # points, from week to week
WAITING, WEEKS = 8, 150  # weeks of weather before the course, and in all


@dataclass(frozen=True, slots=True)
class Illness:
    """The curve of one course. `at` is the severity of a day in PHQ-9 points, not rounded."""

    chance: Chance
    kind: Kind
    start: float
    end: float
    began: date
    days: int  # of the planned course
    bend: float  # how early most of the change comes
    turn: float  # part of the course at which a sudden change comes; above 1 there is none
    weather: tuple[float, ...]  # what each week brings, in points; the first weeks lie before the course

    def at(self, day: date) -> float:
        """Return the severity on a day: the curve, and what this week brought."""
        done = max(0.0, min(1.0, (day - self.began).days / self.days))
        share = (1 - exp(-self.bend * done)) / (1 - exp(-self.bend))
        if self.turn <= 1:
            share = 0.6 * share + (0.4 if done >= self.turn else 0.0)
        week = min(max(0, (day - self.began).days // 7 + WAITING), len(self.weather) - 1)
        now = self.start + (self.end - self.start) * share + 0.8 * self.weather[week] + 0.5 * self.weather[week - 1]
        return max(0.0, min(float(HIGHEST), now))


def illness(chance: Chance, manual: Manual, began: date, days: int, stops: bool, kind: Kind | None = None) -> Illness:
    """Draw the curve of one course of so many planned days; `stops` says that the client will not come to the end."""
    stream = chance.of("illness")
    sky = chance.of("weather")
    weather = tuple(sky.gauss(0, NOISE) for _ in range(WEEKS))
    if manual.purpose != "treatment":
        drawn = weighted(stream, STAYING_WELL)
        start = stream.uniform(2, 7)
        kind = kind or drawn
        return Illness(chance, kind, start, start + (9.5 if kind == "worsens" else 0), began, days, 0.3, 2.0, weather)
    drawn = weighted(stream, STOPPED if stops else FINISHED)
    start = min(25.0, max(10.2, stream.gauss(13.5 if manual.id == "ipc" else 16.0, 4.8)))
    kind = kind or drawn
    bend = stream.uniform(0.8, 3.2)
    turn = stream.uniform(0.25, 0.7) if likely(stream, 0.3) else 2.0
    end = _end(chance, kind, start)
    return Illness(chance, kind, start, end, began, days, bend, turn, weather)


def _end(chance: Chance, kind: Kind, start: float) -> float:
    stream = chance.of("illness", "end")
    if kind == "recovers":
        return min(stream.triangular(0.5, 8.5, 4.0), start - 7)
    if kind == "improves":
        return max(start - stream.uniform(6.5, 9.5), 8.5)
    if kind == "worsens":
        return min(start + stream.uniform(7.5, 10), 26.5)
    return start + stream.uniform(-4.5, 2)
