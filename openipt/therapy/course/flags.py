"""From findings to flags: what was answered, what was answered before, and the rules that follow (RULINGS 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from openipt.therapy.course.state import state
from openipt.therapy.forms import Form, open_form, score
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Entry, Flag, Record
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say

PLAN_HOLDS = timedelta(days=28)  # CLINICAL-RULES 2.2: review by, at most four weeks
SELF_HARM_RULES = ("R1", "R2", "R3")
ADULT = 18  # R12; a service's law may set another age
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class FindingSeen:
    """A finding in one entry, with the item and answer behind it."""

    entry: Entry
    form: Form
    id: str
    item: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class DerivedFlag:
    """A flag as the rules derive it, beside what the record says was done about it."""

    rule: str
    state: Literal["new", "known"]
    on: date
    why: Sentence
    entry: str | None
    form: str | None
    finding: str | None
    item: str | None
    value: Any
    handled: Flag | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has written an outcome yet."""
        return self.handled is None or not self.handled.outcomes


def findings_of(record: Record, entry: Entry) -> tuple[FindingSeen, ...]:
    """Return the findings of one entry. A reported total holds no answers and so no findings."""
    if entry.kind != "answers":
        return ()
    form = open_form(entry.form)
    return tuple(_seen(form, entry, finding) for finding in record.result(entry).findings)


def derived_flags(manual: Manual, record: Record, today: date) -> tuple[DerivedFlag, ...]:
    """Derive every flag up to a day, oldest first, from findings, missed sessions, and states that became worse."""
    found = [
        *_from_entries(record, today),
        *_from_states(manual, record, today),
    ]
    found += list(_from_missed(record, found, today))
    found.sort(key=lambda flag: (flag.on, flag.rule))
    return tuple(found)


def open_flags(manual: Manual, record: Record, today: date) -> tuple[DerivedFlag, ...]:
    """Return the flags nobody has written an outcome to."""
    return tuple(flag for flag in derived_flags(manual, record, today) if flag.is_open)


def _seen(form: Form, entry: Entry, finding_id: str) -> FindingSeen:
    finding = next(one for one in form.findings if one.id == finding_id)
    asked = {one.id for one in form.items}
    named = [name for name in _NAME.findall(finding.when) if name in asked]
    # Of several items the one that raises the finding by itself is the one a person should look at.
    alone = [name for name in named if finding_id in score(form, {name: entry.answers.get(name)}).findings]
    item = (alone or named or [None])[0]
    return FindingSeen(entry, form, finding_id, item, entry.answers.get(item) if item else None)


def _from_entries(record: Record, today: date) -> Iterator[DerivedFlag]:
    table = vocabulary()["finding_rules"]
    for entry in _risky(record, today):
        rules: dict[str, tuple[FindingSeen, str]] = {}
        for seen in _one_an_item(record, entry, table):
            rose = _rose(record, seen)
            rule = _rule(table, seen, rose, _first(record, seen))
            if rule and rule not in rules:
                rules[rule] = (seen, rose)
        for rule, (seen, rose) in rules.items():
            yield _flag(record, rule, seen, rose)
        if record.age is not None and record.age < ADULT:
            yield from _for_minor(record, entry, rules)


def _risky(record: Record, today: date) -> Iterator[Entry]:
    forms = {name for line in vocabulary()["finding_rules"] for name in line["forms"]}
    codes = vocabulary()["worksheet_aliases"]
    for name in sorted({codes.get(form, form) for form in forms}):
        yield from (entry for entry in record.of(name) if entry.happened_at.date() <= today)


def _one_an_item(record: Record, entry: Entry, table: list[dict[str, Any]]) -> list[FindingSeen]:
    """Of findings that rest on the same item keep the one that stands first in the rules."""
    best: dict[str, FindingSeen] = {}
    for seen in sorted(findings_of(record, entry), key=lambda one: _place(table, one)):
        best.setdefault(seen.item or seen.id, seen)
    return list(best.values())


def _names(seen: FindingSeen) -> set[str]:
    return {seen.form.id, seen.form.code or seen.form.id}


def _place(table: list[dict[str, Any]], seen: FindingSeen) -> int:
    for place, line in enumerate(table):
        if seen.id == line["finding"] and _names(seen) & set(line["forms"]):
            return place
    return len(table)


def _rule(table: list[dict[str, Any]], seen: FindingSeen, rose: str, first: bool) -> str | None:
    for line in table:
        fits = line["history"] in ("any", rose) or (line["history"] == "first" and first)
        if seen.id == line["finding"] and _names(seen) & set(line["forms"]) and fits:
            return str(line["rule"])
    return None


def _earlier(record: Record, seen: FindingSeen) -> list[Any]:
    """Earlier answers to the same item in this course, oldest first; blanks are no answers."""
    if seen.item is None:
        return []
    return [
        entry.answers[seen.item]
        for entry in record.of(seen.entry.form)
        if entry.happened_at < seen.entry.happened_at and entry.answers.get(seen.item) is not None
    ]


def _first(record: Record, seen: FindingSeen) -> bool:
    return not _earlier(record, seen)


def _rose(record: Record, seen: FindingSeen) -> str:
    earlier = _earlier(record, seen)
    if not earlier:
        return "not_rose"
    return "rose" if _rank(seen, seen.value) > _rank(seen, earlier[-1]) else "not_rose"


def _rank(seen: FindingSeen, value: Any) -> float:
    """Order answers: numbers by size, words by their place among the choices."""
    if isinstance(value, (int, float)):
        return float(value)
    item = next((one for one in seen.form.items if one.id == seen.item), None)
    if isinstance(item, ChoiceItem):
        offered = [choice for choice, _ in choices_of(seen.form, item)]
        return float(offered.index(value)) if value in offered else -1.0
    return -1.0


def _flag(record: Record, rule: str, seen: FindingSeen, rose: str) -> DerivedFlag:
    on = seen.entry.happened_at.date()
    handled = _handled(record, rule, on)
    known = rule in ("R1", "R2") and rose == "not_rose" and _is_known(record, seen, handled)
    earlier = _earlier(record, seen)
    line = "flag.rose" if rose == "rose" else "flag.known" if known else "flag.answered"
    why = say(
        line,
        form=seen.form.name,
        item=_item_words(seen),
        answer=_answer_words(seen, seen.value),
        before=_answer_words(seen, earlier[-1]) if earlier else None,
    )
    return DerivedFlag(rule, "known" if known else "new", on, why, seen.entry.id, seen.form.id, seen.id, seen.item, seen.value, handled)


def _item_words(seen: FindingSeen) -> str:
    item = next((one for one in seen.form.items if one.id == seen.item), None)
    if item is None:
        return seen.id.replace("_", " ")
    return item.id.removeprefix("q") if seen.form.kind == "questionnaire" else item.label or item.id


def _answer_words(seen: FindingSeen, value: Any) -> str:
    item = next((one for one in seen.form.items if one.id == seen.item), None)
    if isinstance(item, ChoiceItem):
        return dict(choices_of(seen.form, item)).get(value, str(value))
    return str(value)


def _is_known(record: Record, seen: FindingSeen, handled: Flag | None) -> bool:
    """Known: assessed before, and a safety plan that is current. Then the same answer is asked and recorded, no new task."""
    moment = seen.entry.happened_at
    assessed = any(
        outcome.assessed and moment - PLAN_HOLDS <= outcome.at < moment
        for flag in record.flags
        if flag.rule in SELF_HARM_RULES
        for outcome in flag.outcomes
    )
    if not assessed:
        return False
    stated = handled is not None and handled.state == "known"  # a clinician wrote that the plan is current
    return stated or plan_is_current(record, moment.date())


def plan_is_current(record: Record, day: date) -> bool:
    """Whether a safety plan stands and its review date has not passed; without a date it holds four weeks."""
    plans = [entry for entry in record.of("safety-plan") if entry.happened_at.date() <= day]
    if not plans:
        return False
    made = plans[-1].happened_at.date()
    review = day_of(plans[-1].answers.get("review_by")) or made + PLAN_HOLDS
    return day <= review


def _handled(record: Record, rule: str, on: date) -> Flag | None:
    return next((flag for flag in record.flags if flag.rule == rule and flag.answered_at.date() == on), None)


def _for_minor(record: Record, entry: Entry, rules: dict[str, tuple[FindingSeen, str]]) -> Iterator[DerivedFlag]:
    for rule, (seen, rose) in rules.items():
        if rule in SELF_HARM_RULES and _flag(record, rule, seen, rose).state == "new":
            on = entry.happened_at.date()
            why = say("flag.minor", age=record.age)
            yield DerivedFlag("R12", "new", on, why, entry.id, seen.form.id, seen.id, seen.item, seen.value, _handled(record, "R12", on))
            return


def _from_states(manual: Manual, record: Record, today: date) -> Iterator[DerivedFlag]:
    """R5: the state becomes worse. Asked on each day a score came in."""
    before = None
    for name in manual.outcome:
        for day in sorted({reading.day for reading in record.readings(name) if reading.day <= today}):
            now = state(manual, record, day)
            if now.id == "worse" and before != "worse":
                yield DerivedFlag("R5", "new", day, now.why, None, now.form, None, None, now.latest, _handled(record, "R5", day))
            before = now.id


def _from_missed(record: Record, flags: list[DerivedFlag], today: date) -> Iterator[DerivedFlag]:
    """R11: a session missed while a flag of R1 to R3 has no outcome."""
    for session in record.sessions:
        if session.attended or session.day > today:
            continue
        waiting = [flag for flag in flags if flag.rule in SELF_HARM_RULES and flag.on <= session.day and flag.is_open]
        if waiting:
            why = say("flag.missed", on=session.day, since=waiting[0].on)
            yield DerivedFlag("R11", "new", session.day, why, None, None, None, None, None, _handled(record, "R11", session.day))
