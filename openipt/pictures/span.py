"""Which stretch of time a timeline shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openipt.pictures.timeline_values import Event, Medication, Phase, Score, Told

BEFORE = timedelta(days=548)  # about 18 months: what lies further back is listed, not drawn
_LEAST = timedelta(days=42)


@dataclass(frozen=True)
class Span:
    """First and last day of the axis."""

    start: date
    end: date


def span_of(
    events: Sequence[Event],
    told: Sequence[Told],
    scores: Sequence[Score],
    phases: Sequence[Phase],
    medication: Sequence[Medication],
) -> Span:
    """From the first thing within 18 months before the first score to the last thing of all."""
    dates = [*(event.on for event in events), *(point.on for point in told), *(flag.on for flag in medication)]
    dates += [day for phase in phases for day in (phase.start, phase.end)] + [score.on for score in scores]
    if not dates:
        return Span(date(2000, 1, 1), date(2000, 1, 1) + _LEAST)
    anchor = min(score.on for score in scores) if scores else max(dates)
    # Dates near the first year there is have nothing before them.
    floor = anchor - BEFORE if anchor - date.min > BEFORE else date.min
    start = min(day for day in [*dates, anchor] if day >= floor)
    return Span(start, max(max(dates), start + _LEAST))
