"""Insight: what goes together in a client's diary, and how sure one can be. Light until something is fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openipt.therapy.insight.asking import insight
from openipt.therapy.insight.entries import DiaryEntry, Interaction
from openipt.therapy.insight.hiding import hidden_people, may_show
from openipt.therapy.insight.keeping import as_plain, of_plain
from openipt.therapy.insight.keeping_out import violence_stands
from openipt.therapy.insight.looking import look
from openipt.therapy.insight.of_record import diary_entries
from openipt.therapy.insight.prior import DEFAULT, Belief, Block, Noise, Prior, kind_prior, people_prior, plain_prior
from openipt.therapy.insight.result import MODEL_VERSION, Count, Estimate, Insight, KindInsight, Lack, PersonInsight
from openipt.therapy.insight.rows import Diaries, RowProblem, RowsError, read_rows

if TYPE_CHECKING:
    from openipt.therapy.insight.clinic import clinic_prior
    from openipt.therapy.insight.fitting import Fit, Series, fit, fit_each

__all__ = [
    "DEFAULT",
    "MODEL_VERSION",
    "Belief",
    "Block",
    "Count",
    "Diaries",
    "DiaryEntry",
    "Estimate",
    "Fit",
    "Insight",
    "Interaction",
    "KindInsight",
    "Lack",
    "Noise",
    "PersonInsight",
    "Prior",
    "RowProblem",
    "RowsError",
    "Series",
    "as_plain",
    "clinic_prior",
    "diary_entries",
    "fit",
    "fit_each",
    "hidden_people",
    "insight",
    "kind_prior",
    "look",
    "may_show",
    "of_plain",
    "people_prior",
    "plain_prior",
    "read_rows",
    "violence_stands",
]

_HEAVY = {
    "Fit": "fitting",
    "Series": "fitting",
    "clinic_prior": "clinic",
    "fit": "fitting",
    "fit_each": "fitting",
}


def __getattr__(name: str) -> Any:
    """Fetch what needs numpy on first use."""
    if name in _HEAVY:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HEAVY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no name {name!r}; it offers {', '.join(sorted(__all__))}")
