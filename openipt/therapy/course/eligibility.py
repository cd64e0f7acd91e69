"""Is this the right treatment? The manual's rules held against the facts on record; what is not known is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from openipt.therapy.course.beside import PROVIDER, agreed, has_provider
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual, add_ons, manual_ids, open_manual
from openipt.therapy.manuals.definition import Known, Rule
from openipt.therapy.record import Record
from openipt.therapy.words import Sentence, say

Standing = Literal["excluded", "elsewhere", "caution", "fits", "open"]
Answer = Literal["yes", "no", "unsure", "unknown"]
ORDER: tuple[Standing, ...] = ("fits", "caution", "open", "elsewhere", "excluded")


@dataclass(frozen=True, slots=True)
class RuleMet:
    """One rule with its answer, and the fact or the person it came from."""

    kind: Literal["population", "include", "caution", "exclude", "elsewhere"]
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
        """Return what nobody has answered yet, or not surely: for whom it was made, and the exclusions."""
        return tuple(rule for rule in self.rules if _is_open(rule))

    @property
    def made_for_others(self) -> tuple[RuleMet, ...]:
        """Return for whom it was made, where this client is not one of them."""
        return tuple(rule for rule in self.rules if rule.kind == "population" and rule.answer == "no")

    @property
    def speaks_for_it(self) -> bool:
        """Whether anything known says that this treatment is meant for this."""
        return bool(self.met("include"))


def eligibility(manual: Manual, record: Record, today: date) -> Suitability:
    """Hold a manual's rules against the record of a client."""
    asked = _asked(manual, record, today)
    rules = _for_its_people(tuple(_met(kind, rule, record, asked, today) for kind, rule in manual.rules()))
    rules += tuple(_beside(record, asked, today))
    return Suitability(manual, _standing(rules), rules)


def _for_its_people(rules: tuple[RuleMet, ...]) -> tuple[RuleMet, ...]:
    """A score speaks for a manual only where it is known that the client is one of those it was made for."""
    if all(rule.answer == "yes" for rule in rules if rule.kind == "population"):
        return rules
    return tuple(replace(rule, answer="unknown", why=None) if rule.kind == "include" else rule for rule in rules)


def _beside(record: Record, asked: dict[str, Answer], today: date) -> Iterator[RuleMet]:
    """The rules of an add-on, for any manual: where it is agreed, or where a fact on record speaks for it."""
    for one in add_ons().values():
        rules = [_met(kind, rule, record, asked, today) for kind, rule in one.rules()]
        if one in agreed(record) or any(met.kind == "include" and met.answer == "yes" for met in rules):
            yield from (_provided(met, record) if met.kind == "exclude" else met for met in rules)


def _provided(met: RuleMet, record: Record) -> RuleMet:
    """Answer the exclusion of an add-on from the record: is nobody named who treats the use?"""
    if has_provider(record):
        return replace(met, answer="no", why=say("gate.add_on.open", who=record.says("intake")[PROVIDER]))
    if not agreed(record) and met.answer == "no":
        return met  # a clinician has asked; the name is wanted once the add-on is agreed
    return replace(met, answer="yes" if agreed(record) else "unknown", why=say("gate.add_on.closed"))


def choose(record: Record, today: date) -> tuple[Suitability, ...]:
    """Return how every manual on the shelf stands for a client: those that fit first, those excluded last."""
    found = [eligibility(open_manual(name), record, today) for name in manual_ids()]
    return tuple(sorted(found, key=_first))


def _first(one: Suitability) -> tuple[int, bool, int, int, int, str]:
    """What fits first; within that, what something known speaks for, then what was made for such a client.

    Of several that stand alike, the treatment of one person comes first, in its own form before one adapted from it,
    and what most trials were looked up for: the usual first choice is not hidden behind the letters of its title.
    """
    made_for = [rule.answer for rule in one.rules if rule.kind == "population"]
    near = 1 if not made_for else 0 if all(answer == "yes" for answer in made_for) else 2
    adapted = (one.manual.purpose != "treatment") + (one.manual.format != "individual") + (one.manual.base is not None)
    sure = sum(len(found.records) for found in one.manual.evidence if found.certainty == "verified")
    return ORDER.index(one.standing), not one.speaks_for_it, near, adapted, -sure, one.manual.title


def _is_open(rule: RuleMet) -> bool:
    return rule.kind in ("population", "exclude") and rule.answer in ("unknown", "unsure")


def _standing(rules: tuple[RuleMet, ...]) -> Standing:
    there = {rule.kind for rule in rules if rule.answer == "yes"}
    if "exclude" in there or any(rule.kind == "population" and rule.answer == "no" for rule in rules):
        return "excluded"
    if any(map(_is_open, rules)):
        return "open"
    if "elsewhere" in there:
        return "elsewhere"
    return "caution" if "caution" in there else "fits"


def _asked(manual: Manual, record: Record, today: date) -> dict[str, Answer]:
    """Return rule -> answer as a clinician gave it by a day, the newest check of this manual last."""
    answers: dict[str, Answer] = {}
    for entry in record.of("eligibility-check"):
        if entry.happened_at.date() <= today and entry.answers.get("manual") == manual.id:
            answers |= {row["rule"]: row["answer"] for row in entry.answers.get("answers") or ()}
    return answers


def _met(kind: Any, rule: Rule, record: Record, asked: dict[str, Answer], today: date) -> RuleMet:
    """A fact on record that says yes outweighs an answer of no: both are shown to the clinician."""
    for known in rule.known_from:
        fact = _fact(known, record, today)
        if fact is not None:
            return RuleMet(kind, rule, "yes", fact)
    if rule.age and record.age is not None:
        least, most = rule.age
        answer: Answer = "yes" if least <= record.age <= most else "no"
        return RuleMet(kind, rule, answer, say("eligibility.age"))
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
