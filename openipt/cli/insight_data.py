"""An insight as plain data: the shape that programs read (docs/reference/insight.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openipt.therapy.insight import Estimate, Insight, KindInsight, PersonInsight


def as_data(found: Insight) -> dict[str, Any]:
    """Return one client's insight; what cannot be said is null."""
    return {
        "client": found.client,
        "model_version": found.model_version,
        "inputs_hash": found.inputs_hash,
        "entries": found.entries,
        "people": [_person(one) for one in found.people],
        "kinds": [_kind(one) for one in found.kinds],
        "trend_per_week": _range(found.trend_per_week),
        "log_evidence": found.log_evidence,
        "warnings": list(found.warnings),
    }


def _person(one: PersonInsight) -> dict[str, Any]:
    contrast = _range(one.contrast, "contrast", "contrast_lo", "contrast_hi")
    return {
        "person": one.person,
        **_range(one.effect),
        **contrast,
        "pd": one.pd,
        "sceptical_pd": one.sceptical_pd,
        "contact_days": one.contact_days,
        "information": one.information,
        "tolerance": one.tolerance,
        "status": one.status,
    }


def _kind(one: KindInsight) -> dict[str, Any]:
    return {
        "kind": one.kind,
        **_range(one.effect),
        "pd": one.pd,
        "sceptical_pd": one.sceptical_pd,
        "days": one.days,
        "information": one.information,
        "status": one.status,
    }


def _range(size: Estimate | None, *names: str) -> dict[str, float | None]:
    values = (size.mean, size.lo, size.hi) if size else (None, None, None)
    return dict(zip(names or ("mean", "lo", "hi"), values, strict=True))
