"""An insight as plain values that JSON can hold, and back: it is made once after a change and read by every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from openipt.therapy.insight.prior import Belief
from openipt.therapy.insight.result import Count, Estimate, Insight, KindInsight, Lack, PersonInsight


def as_plain(found: Insight) -> dict[str, Any]:
    """Return an insight as plain values; `of_plain` turns them back."""
    made = asdict(found)
    for name in ("first_on", "last_on"):
        made[name] = made[name] and made[name].isoformat()
    return made


def of_plain(kept: Mapping[str, Any]) -> Insight:
    """Return the insight that was kept; raise TypeError where the values are those of another version."""
    days = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("first_on", "last_on")}
    sizes = {name: _estimate(kept[name]) for name in ("trend_per_week", "same_day", "next_day")}
    parts = {
        "people": tuple(PersonInsight(**_inner(one)) for one in kept["people"]),
        "kinds": tuple(KindInsight(**_inner(one)) for one in kept["kinds"]),
        "counts": tuple(Count(**one) for one in kept["counts"]),
        "warnings": tuple(kept["warnings"]),
        "belief": Belief(**kept["belief"]),
    }
    return Insight(**{**kept, **days, **sizes, **parts})


def _inner(one: Mapping[str, Any]) -> dict[str, Any]:
    lack = one["lack"]
    return {**one, "effect": _estimate(one["effect"]), "lack": lack and Lack(**lack)}


def _estimate(kept: Mapping[str, float] | None) -> Estimate | None:
    return Estimate(**kept) if kept else None
