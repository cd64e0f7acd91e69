"""Progress: what a change in a score means, and where a course is going. Numbers come from the measure, with a source.

Whatever needs numpy is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openipt.therapy.progress.change import (
    Progress,
    cutoff,
    fall_pct,
    half_up_pct,
    is_clinical,
    progress,
    reliable_change,
    reliable_change_index,
    rises,
)
from openipt.therapy.progress.early import early_response
from openipt.therapy.progress.gains import Gain, sudden_gains
from openipt.therapy.progress.measure import own_scale
from openipt.therapy.progress.rates import Rate, rates
from openipt.therapy.progress.weeks import PLANNED_WEEK, by_week, week_of

if TYPE_CHECKING:
    from openipt.therapy.progress.columns import Predictions, predict_columns
    from openipt.therapy.progress.expectation import Expectation, Outlook
    from openipt.therapy.progress.local import local_reference
    from openipt.therapy.progress.prediction import Expected, Prediction, expected_course, predict
    from openipt.therapy.progress.reference import Reference, default_reference

_LATER = {
    "Expectation": "expectation",
    "Expected": "prediction",
    "Outlook": "expectation",
    "Prediction": "prediction",
    "Predictions": "columns",
    "Reference": "reference",
    "default_reference": "reference",
    "expected_course": "prediction",
    "local_reference": "local",
    "predict": "prediction",
    "predict_columns": "columns",
}

__all__ = [
    "PLANNED_WEEK",
    "Expectation",
    "Expected",
    "Gain",
    "Outlook",
    "Prediction",
    "Predictions",
    "Progress",
    "Rate",
    "Reference",
    "by_week",
    "cutoff",
    "default_reference",
    "early_response",
    "expected_course",
    "fall_pct",
    "half_up_pct",
    "is_clinical",
    "local_reference",
    "own_scale",
    "predict",
    "predict_columns",
    "progress",
    "rates",
    "reliable_change",
    "reliable_change_index",
    "rises",
    "sudden_gains",
    "week_of",
]


def __getattr__(name: str) -> Any:
    """Fetch what needs numpy on first use."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no name {name!r}; it offers {', '.join(__all__)}")
