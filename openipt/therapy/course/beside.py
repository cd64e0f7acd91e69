"""What stands beside the treatment: the add-ons agreed, and those that the facts on record speak for."""

from __future__ import annotations

from openipt.therapy.manuals import AddOn, Manual, add_ons
from openipt.therapy.manuals.definition import GateRule
from openipt.therapy.record import Record
from openipt.therapy.vocabulary import vocabulary

PROVIDER = "substance_treatment_provider"


def agreed(record: Record) -> tuple[AddOn, ...]:
    """Return the add-ons that the contract names."""
    named = record.says("contract").get("add_ons") or ()
    return tuple(one for name, one in add_ons().items() if name in named)


def has_provider(record: Record) -> bool:
    """Whether somebody is named who treats the substance use."""
    return bool(record.says("intake").get(PROVIDER))


def gate_rules(manual: Manual, record: Record) -> tuple[GateRule, ...]:
    """Return the gates of a course: the manual's, and those of its add-ons, whatever the manual is."""
    own = {rule.id for rule in manual.gates}
    return (*manual.gates, *(_gate(one.gate) for one in agreed(record) if manual.known and one.gate not in own))


def _gate(name: str) -> GateRule:
    entry = vocabulary()["gates"][name]
    return GateRule(id=name, strength=entry["strength"], holds_back=entry["holds_back"], fact=entry["fact"])
