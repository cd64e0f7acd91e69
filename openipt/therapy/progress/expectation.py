"""What the one state table may add once a service has 100 finished courses of its own (CLINICAL-RULES 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openipt.therapy.progress.prediction import p_from_start, predict
from openipt.therapy.progress.reference import Reference
from openipt.therapy.progress.weeks import PLANNED_WEEK, by_week, week_of

WORST_15 = 1.0364334  # standard deviations: beyond them lie the 15 in 100 that did least well
WORSENED = 0.15  # of probability, above what the first score alone would say
ON_TRACK = 0.30  # at most this probability of no reliable improvement


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the expected course says of one course today."""

    p: float | None  # of no reliable improvement at the planned end; None once that is reached
    p_at_start: float | None
    twice_far_off: bool  # the last two readings lie in the worst 15 % expected for this start

    @property
    def worsened(self) -> bool:
        """Whether the outlook is clearly less good than the first score alone would say."""
        return self.p is not None and self.p_at_start is not None and self.p - self.p_at_start >= WORSENED

    @property
    def allows_on_track(self) -> bool:
        """Whether the outlook lets a course be called as hoped."""
        return self.p is None or self.p <= ON_TRACK


@dataclass(frozen=True, eq=False)
class Expectation:
    """A reference and the planned end of a course. Silent until the reference rests on 100 local courses."""

    reference: Reference
    planned_week: int = PLANNED_WEEK

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells two expectations apart."""
        return self.reference.form, self.reference.version, self.planned_week

    def outlook(self, days: Sequence[int], scores: Sequence[float]) -> Outlook | None:
        """Judge the scores of a course, the first of which is its baseline on day 0; None while nothing may be said."""
        if not self.reference.shown or not scores:
            return None
        now = predict(self.reference, by_week(days, scores), self.planned_week)
        return Outlook(
            p=now.p_no_reliable_improvement if now else None,
            p_at_start=p_from_start(self.reference, scores[0], self.planned_week),
            twice_far_off=self._twice_far_off(days, scores),
        )

    def _twice_far_off(self, days: Sequence[int], scores: Sequence[float]) -> bool:
        if len(scores) < 3 or week_of(days[-1]) > self.reference.last_week:
            return False
        return all(self._far_off(scores[0], week_of(days[n]), scores[n]) for n in (-1, -2))

    def _far_off(self, baseline: float, week: int, score: float) -> bool:
        over = self.reference.sign * (score - self.reference.from_start(baseline, week))
        return over >= WORST_15 * self.reference.spread[week]
