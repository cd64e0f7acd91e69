"""Is this the right treatment? The manual's rules held against the facts on record; what is not known is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual, manual_ids, open_manual
from openipt.therapy.manuals.definition import Known, Rule
from openipt.therapy.record import Record
from openipt.therapy.words import Sentence, say

Standing = Literal["excluded", "elsewhere", "caution", "fits", "open"]
Answer = Literal["yes", "no", "unsure", "unknown"]
ORDER: tuple[Standing, ...] = ("fits", "caution", "open", "elsewhere", "excluded")


@dataclass(frozen=True, slots=True)
class RuleMet:
    """One rule with its answer, and the fact or the person it came from."""

    kind: Literal["include", "caution", "exclude", "elsewhere"]
    rule: Rule
    answer: Answer
    why: Sentence | None


@dataclass(frozen=True, slots=True)
class Suitability:
    """How a manual stands for a client on a day. Nothing is chosen here."""

    manual: Manual
    standing: Standing
    rules: tuple[RuleMet, ...]

    def met(self, kind: str) -> tuple[RuleMet, ...]:
        """Return the rules of a kind whose situation is there."""
        return tuple(rule for rule in self.rules if rule.kind == kind and rule.answer == "yes")

    @property
    def open(self) -> tuple[RuleMet, ...]:
        """Return the exclusions nobody has answered yet, or not surely."""
        return tuple(rule for rule in self.rules if rule.kind == "exclude" and rule.answer in ("unknown", "unsure"))


def eligibility(manual: Manual, record: Record, today: date) -> Suitability:
    """Hold a manual's rules against the record of a client."""
    asked = _asked(manual, record)
    rules = tuple(_met(kind, rule, record, asked, today) for kind, rule in manual.rules())
    return Suitability(manual, _standing(rules), rules)


def choose(record: Record, today: date) -> tuple[Suitability, ...]:
    """Return how every manual on the shelf stands for a client: those that fit first, those excluded last, by name."""
    found = [eligibility(open_manual(name), record, today) for name in manual_ids()]
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.standing), one.manual.title)))


def _standing(rules: tuple[RuleMet, ...]) -> Standing:
    there = {rule.kind for rule in rules if rule.answer == "yes"}
    if "exclude" in there:
        return "excluded"
    if any(rule.kind == "exclude" and rule.answer in ("unknown", "unsure") for rule in rules):
        return "open"
    if "elsewhere" in there:
        return "elsewhere"
    return "caution" if "caution" in there else "fits"


def _asked(manual: Manual, record: Record) -> dict[str, Answer]:
    """Return rule -> answer as a clinician gave it, the newest check of this manual last."""
    answers: dict[str, Answer] = {}
    for entry in record.of("eligibility-check"):
        if entry.answers.get("manual") == manual.id:
            answers |= {row["rule"]: row["answer"] for row in entry.answers.get("answers") or ()}
    return answers


def _met(kind: Any, rule: Rule, record: Record, asked: dict[str, Answer], today: date) -> RuleMet:
    """A fact on record that says yes outweighs an answer of no: both are shown to the clinician."""
    for known in rule.known_from:
        fact = _fact(known, record, today)
        if fact is not None:
            return RuleMet(kind, rule, "yes", fact)
    if rule.id in asked:
        return RuleMet(kind, rule, asked[rule.id], say("eligibility.asked"))
    return RuleMet(kind, rule, "unknown", None)


def _fact(known: Known, record: Record, today: date) -> Sentence | None:
    """Return what the record says, if it says yes; the newest sheet speaks."""
    entries = [
        entry
        for entry in record.of(known.form)
        if entry.happened_at.date() <= today and entry.kind != "without_content"
    ]
    if not entries:
        return None
    entry, form = entries[-1], open_form(known.form)
    there = False
    if known.item is not None:
        there = entry.answers.get(known.item) in known.answer
    elif known.at_least is not None:
        readings = [reading for reading in record.readings(form.id) if reading.day <= today]
        there = bool(readings) and readings[-1].value >= known.at_least
    elif entry.kind == "answers":
        result = record.result(entry)
        there = known.finding in result.findings or (
            known.cutoff is not None and result.cutoffs.get(known.cutoff) is True
        )
    elif known.cutoff is not None and entry.total is not None:
        there = _total_reaches(form.id, known.cutoff, entry.total)
    return say("eligibility.fact", form=form.name, on=entry.happened_at) if there else None


def _total_reaches(form_id: str, cutoff_id: str, total: float) -> bool:
    from openipt.therapy.forms.scales import meets

    cutoff = next(one for one in open_form(form_id).cutoffs if one.id == cutoff_id)
    return meets(cutoff)(total)
