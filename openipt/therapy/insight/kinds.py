"""From the kinds of the diary to the columns of the kind view: six groups, and the kinds that stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from types import MappingProxyType

from openipt.therapy.insight.entries import DiaryEntry
from openipt.therapy.vocabulary import vocabulary

UNSAID = "other"  # "something else" is the absence of a kind, not a kind to ask about


@cache
def groups() -> MappingProxyType[str, str]:
    """Return for each kind a diary may name the column it belongs to; a group may also be named itself."""
    table = vocabulary()
    named = {kind: entry["group"] or kind for kind, entry in table["event_kinds"].items() if kind != UNSAID}
    return MappingProxyType({**{group: group for group in table["event_groups"]}, **named})


@cache
def known() -> frozenset[str]:
    """Return every kind that a diary may name."""
    return frozenset((*groups(), UNSAID))


def prior_mean(column: str) -> float:
    """Return what is expected of a column, in mood points; 0 of a kind that belongs to no group."""
    group = vocabulary()["event_groups"].get(column)
    return float(group["prior_mean"]) if group else 0.0


def kind_label(column: str) -> str:
    """Return the words for a column of the kind view."""
    table = vocabulary()
    entry = table["event_groups"].get(column) or table["event_kinds"].get(column) or {"label": column}
    return str(entry["label"])


def rows_with(entries: Sequence[DiaryEntry]) -> dict[str, list[bool]]:
    """Return for each column that occurs whether each entry has it, in the order of the vocabulary."""
    columns = [{groups().get(kind, kind) for kind in entry.kinds if kind != UNSAID} for entry in entries]
    seen = set().union(*columns)
    order = list(dict.fromkeys(groups().values()))
    ordered = [name for name in order if name in seen] + sorted(seen - set(order))
    return {name: [name in here for here in columns] for name in ordered}
