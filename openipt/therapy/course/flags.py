"""From findings to flags: what was answered, what was answered before, and the rules that follow (RULINGS 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from openipt.therapy.course.conversations import BY_GRAVITY, asked_because_of
from openipt.therapy.course.position import day_counted
from openipt.therapy.course.state import days_confirmed, first_rise, worse_on
from openipt.therapy.forms import Form, has_form, score
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Entry, Flag, Record, agreement
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say

PLAN_HOLDS = timedelta(days=28)  # CLINICAL-RULES 2.2: review by, at most four weeks
MET_WITHIN = timedelta(days=1)  # known ends where nobody met the client within a day
SELF_HARM_RULES = BY_GRAVITY
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

    def was_open(self, moment: datetime) -> bool:
        """Whether it stood at a moment, and nobody had written an outcome by then."""
        outcomes = self.handled.outcomes if self.handled else ()
        return self.on <= moment.date() and not any(outcome.at <= moment for outcome in outcomes)


def findings_of(record: Record, entry: Entry) -> tuple[FindingSeen, ...]:
    """Return the findings of one entry. A reported total holds no answers and so no findings."""
    if entry.kind != "answers":
        return ()
    found = record.result(entry).findings
    return tuple(_seen(record.form_of(entry), entry, finding) for finding in found) if found else ()


def derived_flags(manual: Manual, record: Record, today: date) -> tuple[DerivedFlag, ...]:
    """Derive every flag up to a day, oldest first, from findings, missed sessions, and states that became worse."""
    return record.remember(("flags", manual.id, manual.version, today), lambda: _derive(manual, record, today))


def _derive(manual: Manual, record: Record, today: date) -> tuple[DerivedFlag, ...]:
    found = [*_from_entries(record, today), *_from_states(manual, record, today)]
    found += list(_from_missed(record, found, today))
    return tuple(sorted(found, key=lambda flag: (flag.on, flag.rule)))


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
    for entry in _risky(record, today):
        flags = [_flag(record, rule, seen, today) for rule, seen in _rules_of(record, entry).items()]
        yield from flags
        if record.age is not None and record.age < ADULT:
            yield from _for_minor(record, flags)


def _rules_of(record: Record, entry: Entry) -> dict[str, FindingSeen]:
    """Return the rules an entry raises. Of each item the first line of the table that fits speaks; each rule once."""
    found = findings_of(record, entry)
    return record.remember(("rules", entry.id), lambda: _raised(record, found)) if found else {}


def _raised(record: Record, found: tuple[FindingSeen, ...]) -> dict[str, FindingSeen]:
    items: set[str] = set()
    rules: dict[str, FindingSeen] = {}
    for line in vocabulary()["finding_rules"]:
        for seen in found:
            place = seen.item or seen.id
            if place not in items and _fits(record, line, seen):
                items.add(place)
                if asked_because_of(record, seen.entry, str(line["rule"]), seen.item) is None:
                    rules.setdefault(str(line["rule"]), seen)
    return rules


def _fits(record: Record, line: dict[str, Any], seen: FindingSeen) -> bool:
    if seen.id != line["finding"] or not {seen.form.id, seen.form.code} & set(line["forms"]):
        return False
    history = line["history"]
    return history in ("any", _rose(record, seen)) or (history == "first" and _first(record, seen))


def _risky(record: Record, today: date) -> Iterator[Entry]:
    forms = {name for line in vocabulary()["finding_rules"] for name in line["forms"]}
    codes = vocabulary()["worksheet_aliases"]
    for name in sorted({codes.get(form, form) for form in forms}):
        entries = [entry for entry in record.of(name) if entry.happened_at.date() <= today]
        # A form may have left the shelf while the record keeps the answers: then nothing can be read from them.
        yield from entries if entries and has_form(name) else ()


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
    """Whether this was found for the first time in this course: a first "yes" after a "no" is a first one too."""
    earlier = [one for one in record.of(seen.entry.form) if one.happened_at < seen.entry.happened_at]
    return not any(seen.id in record.result(one).findings for one in earlier if one.kind == "answers")


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


def _flag(record: Record, rule: str, seen: FindingSeen, today: date) -> DerivedFlag:
    on = seen.entry.happened_at.date()
    handled = _handled(record, rule, on, seen.entry.id) or _of_older_version(record, rule, seen)
    rose = _rose(record, seen)
    known = rule in ("R1", "R2") and rose == "not_rose" and _is_known(record, seen, handled, today)
    line = "rose" if rose == "rose" else "known" if known else "answered"
    why = _why(record, seen, line) if seen.item else _why_whole(record, seen)
    return DerivedFlag(
        rule, "known" if known else "new", on, why, seen.entry.id, seen.form.id, seen.id, seen.item, seen.value, handled
    )


def _why(record: Record, seen: FindingSeen, line: str) -> Sentence:
    """Say what was answered to one question: by its number in a questionnaire, by its words on a sheet."""
    item = next(one for one in seen.form.items if one.id == seen.item)
    numbered = seen.form.kind == "questionnaire"
    earlier = _earlier(record, seen)
    return say(
        f"flag.{line}" if numbered else f"flag.sheet.{line}",
        form=seen.form.name,
        item=item.id.removeprefix("q") if numbered else item.label or item.id,
        answer=_answer_words(seen, seen.value),
        before=_answer_words(seen, earlier[-1]) if earlier else None,
    )


def _why_whole(record: Record, seen: FindingSeen) -> Sentence:
    """Say what several answers together come to, in the form's own words for it, never in those of the finding."""
    finding = next(one for one in seen.form.findings if one.id == seen.id)
    results = record.result(seen.entry).algorithms
    for algorithm in seen.form.algorithms:
        for outcome in algorithm.outcomes if algorithm.id in _NAME.findall(finding.when) else ():
            if outcome.id == results.get(algorithm.id) and outcome.label:
                return say("flag.outcome", form=seen.form.name, what=outcome.label)
    return say("flag.whole", form=seen.form.name)


def _answer_words(seen: FindingSeen, value: Any) -> str | Sentence:
    item = next((one for one in seen.form.items if one.id == seen.item), None)
    if isinstance(value, bool):
        return say("flag.yes") if value else say("flag.no")
    if isinstance(item, ChoiceItem):
        return dict(choices_of(seen.form, item)).get(value, str(value))
    return str(value)


def _is_known(record: Record, seen: FindingSeen, handled: Flag | None, today: date) -> bool:
    """Known: assessed before, with a current safety plan. The same answer is then asked and recorded, no new task.

    It ends where nobody met the client within a day of the answer, and where the therapy ends (CLINICAL-RULES 2.2).
    """
    on = seen.entry.happened_at.date()
    if not _is_met(record, on, today, handled) or _is_ending(record, on):
        return False
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


def _is_met(record: Record, on: date, today: date, handled: Flag | None) -> bool:
    """Whether somebody spoke with the client by the day after an answer; while that day is not over, they still may."""
    spoken = [
        *(session.day for session in record.held()),
        *(one.at.date() for one in (handled.outcomes if handled else ())),
    ]
    return today <= on + MET_WITHIN or any(on <= day <= on + MET_WITHIN for day in spoken)


def _is_ending(record: Record, on: date) -> bool:
    """Whether a day is the last of the therapy, or lies after it."""
    agreed = agreement(record)
    last = day_counted(record, agreed.total) if agreed else None
    return any(day is not None and on >= day for day in (last, record.ended_on))


def plan_is_current(record: Record, day: date) -> bool:
    """Whether a safety plan stands and its review date has not passed. It holds four weeks at most."""
    plans = [entry for entry in record.of("safety-plan") if entry.happened_at.date() <= day]
    if not plans:
        return False
    made = plans[-1].happened_at.date()
    review = day_of(plans[-1].answers.get("review_by")) or made + PLAN_HOLDS
    return day <= min(review, made + PLAN_HOLDS)


def _handled(record: Record, rule: str, on: date, entry: str | None = None) -> Flag | None:
    """Return the recorded flag of a rule: of the entry itself, else one of that day that names no other entry."""
    same_day = [flag for flag in record.flags if flag.rule == rule and flag.answered_at.date() == on]
    return next(
        (flag for flag in same_day if flag.entry and flag.entry == entry),
        next((flag for flag in same_day if entry is None or flag.entry is None), None),
    )


def _of_older_version(record: Record, rule: str, seen: FindingSeen) -> Flag | None:
    """Return the flag of a version that this sheet replaces, where the same was answered: nobody is called twice."""
    by_id = {entry.id: entry for entry in record.entries}
    older = by_id.get(seen.entry.replaces or "")
    while older is not None and seen.item is not None and older.answers.get(seen.item) == seen.value:
        found = next((flag for flag in record.flags if flag.rule == rule and flag.entry == older.id), None)
        if found is not None:
            return found
        older = by_id.get(older.replaces or "")
    return None


def _for_minor(record: Record, flags: list[DerivedFlag]) -> Iterator[DerivedFlag]:
    """R12: one flag beside the first new one of R1 to R3 in a minor's answers."""
    cause = next((flag for flag in flags if flag.rule in SELF_HARM_RULES and flag.state == "new"), None)
    if cause is not None:
        handled = _handled(record, "R12", cause.on, cause.entry)
        if handled is None and cause.handled is not None and cause.handled.entry != cause.entry:
            handled = next((one for one in record.flags if (one.rule, one.entry) == ("R12", cause.handled.entry)), None)
        yield replace(cause, rule="R12", why=say("flag.minor"), handled=handled)


def _from_states(manual: Manual, record: Record, today: date) -> Iterator[DerivedFlag]:
    """R5: the state becomes worse. Asked on each day a score came in, or a clinician confirmed a rise."""
    first = first_rise(manual, record)
    if first is None:
        return
    before = None
    scored = {reading.day for name in manual.outcome for reading in record.readings(name)}
    for day in sorted(day for day in scored | set(days_confirmed(record, first)) if first <= day <= today):
        now = worse_on(manual, record, day)
        if now is not None and before is None:
            handled = _handled(record, "R5", day)
            yield DerivedFlag("R5", "new", day, now.why, None, now.form, None, None, now.latest, handled)
        before = now


def _from_missed(record: Record, flags: list[DerivedFlag], today: date) -> Iterator[DerivedFlag]:
    """R11: a session missed while a flag of R1 to R3 has no outcome."""
    for session in record.sessions:
        if session.attended or session.day > today:
            continue
        waiting = [flag for flag in flags if flag.rule in SELF_HARM_RULES and flag.was_open(session.happened_at)]
        if waiting:
            why = say("flag.missed", on=session.day, since=waiting[0].on)
            handled = _handled(record, "R11", session.day)
            yield DerivedFlag("R11", "new", session.day, why, None, None, None, None, None, handled)
