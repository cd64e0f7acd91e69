"""What an insight says: numbers with their ranges, a status in words, and what is still lacking."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from openipt.therapy.insight.prior import DEFAULT, Belief

MODEL_VERSION = "insight-1"
Status = Literal["worth asking about", "too early", "nothing seen so far", "not enough entries"]
Caution = Literal["moods_at_the_ends", "days_missing", "one_valence"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the 90 % range around it."""

    mean: float
    lo: float
    hi: float

    def times(self, factor: float) -> Estimate:
        """Return the estimate in other units; `factor` above 0."""
        return Estimate(self.mean * factor, self.lo * factor, self.hi * factor)


@dataclass(frozen=True, slots=True)
class Lack:
    """Why there is nothing to look at yet, and how many more are needed (0 where a number does not help)."""

    what: Literal["entries", "days", "mood_same", "contact_days", "valence_same", "kind_days", "kind_same", "not_among"]
    more: int = 0


@dataclass(frozen=True, slots=True)
class PersonInsight:
    """One person of a diary. Numbers are None where the person has no column of their own."""

    person: str
    contact_days: int
    status: Status
    effect: Estimate | None = None  # mood points per valence point
    pd: float | None = None  # probability of the direction of the mean
    sceptical_pd: float | None = None  # the same for a twin that expected nothing
    information: float | None = None  # 0 to 1: how much of what was unsure the diary settled
    tolerance: float | None = None  # valence points per mood point of colouring that would explain it all
    lack: Lack | None = None

    @property
    def contrast(self) -> Estimate | None:
        """Mood points between difficult contact (-2) and good contact (+2)."""
        return self.effect.times(4) if self.effect else None


@dataclass(frozen=True, slots=True)
class KindInsight:
    """One kind of event. `effect` is in mood points, entries with the kind against entries without it."""

    kind: str
    days: int
    status: Status
    effect: Estimate | None = None
    pd: float | None = None
    sceptical_pd: float | None = None
    information: float | None = None
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Plain counting: on how many of the better days, and of the other days, a person was there."""

    person: str
    better: int
    of_better: int
    other: int
    of_other: int


@dataclass(frozen=True, slots=True)
class Insight:
    """A diary looked at: people and kinds in the order of their names, never ranked."""

    entries: int
    inputs_hash: str
    client: str = ""
    model_version: str = MODEL_VERSION
    days: int = 0
    first_on: date | None = None
    last_on: date | None = None
    people: tuple[PersonInsight, ...] = ()
    kinds: tuple[KindInsight, ...] = ()
    counts: tuple[Count, ...] = ()
    trend_per_week: Estimate | None = None
    same_day: Estimate | None = None  # mean over people, mood points per valence point
    next_day: Estimate | None = None  # the same for the day after; therapist only, and rarely
    next_day_pd: float | None = None
    log_evidence: float | None = None
    warnings: tuple[Caution, ...] = ()
    belief: Belief = field(default=DEFAULT)
    left_out: int = 0  # people of whom nothing is said, as asked; contact with them counts among other people
