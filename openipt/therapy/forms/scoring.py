"""Score one sheet of answers: check it, compute every score, and say what a person must see in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from openipt.therapy.forms.checking import Checker, check_all, checker, choices_of
from openipt.therapy.forms.complete import Wanted, blank_of, wanted_of
from openipt.therapy.forms.counted import counted
from openipt.therapy.forms.days import past_of, too_late
from openipt.therapy.forms.definition import Algorithm, Bands, Form
from openipt.therapy.forms.items import ChoiceItem, GroupItem, NoteItem
from openipt.therapy.forms.meaning import Answers, Meaning, Scope, bound
from openipt.therapy.forms.result import Derived, Hint, Missing, Result, Status, Trouble
from openipt.therapy.forms.scales import all_given, meets, method_of, reach_of
from openipt.therapy.words import say

_NO_ROWS: tuple[Mapping[str, Any], ...] = ()
_NOTHING_MISSING = Missing(0, (), False)
_READY: dict[int, tuple[Form, Engine]] = {}
_NAME = re.compile(r"[\[.]")  # what follows the name of an item: a row, a part


def score(form: Form, answers: Mapping[str, Any], context: Mapping[str, str] | None = None) -> Result:
    """Check and score one sheet.

    Args:
        form: The definition it was filled in on.
        answers: Raw answer by item id; a blank is absent or None, never zero.
        context: What limits a cut-off (`{"sex": "female"}`); cut-offs of another context are then unknown. With
            `today` (`2026-03-01`), items marked `past` take no later day.

    Returns:
        The full result. A sheet with an impossible answer comes back with `valid` False and no scores at all; what
        its other answers say by themselves stays among the findings.
    """
    return engine_of(form).run(answers, context)


def engine_of(form: Form) -> Engine:
    """Return the prepared engine of a form; building it proves that every name in the form exists."""
    ready = _READY.get(id(form))
    if ready is None or ready[0] is not form:
        ready = _READY[id(form)] = (form, Engine(form))
    return ready[1]


class Engine:
    """A form made ready: closures instead of look-ups, so that a whole result takes microseconds."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.checkers: dict[str, Checker] = checker(form)
        self.quick = {item.id: _numbers(form, item) for item in form.items if _is_quick(item)}
        self.scope = Scope(
            items={item.id: _names(item) for item in form.items},
            computed={s.id: reach_of(form, s) for s in form.scores} | {a.id: None for a in form.algorithms},
            outcomes={a.id: frozenset(one.id for one in a.outcomes) for a in form.algorithms if a.outcomes},
        )
        self.methods = [(s.id, f"{s.id}.exact", method_of(form, s)) for s in form.scores]
        self.skips = [(self.read(skip.when, "skip"), skip) for skip in form.skip]
        self.algorithms = [(one.id, self.rule(one)) for one in form.algorithms]
        self.findings = [(one.id, self.read(one.when, one.id)) for one in form.findings]
        # A mean is judged by its exact value, a sum as it is reported (MEASURES 3).
        exact = {s.id for s in form.scores if s.is_exact}
        judged = {s.id: f"{s.id}.exact" if s.id in exact else s.id for s in form.scores}
        self.cutoffs = [(one.id, judged[one.scale], meets(one), one.applies_to) for one in form.cutoffs]
        self.band = _band_finder(form.bands, exact) if form.bands else None
        self.primary = made_of(form, form.primary)  # a total is made up if any part of it is
        self.judged = made_of(form, form.bands.scale) if form.bands else set()
        self.asked = _scored_items(form)
        self.look = all_given(self.asked) if self.asked else None
        self.either = either_of(form)
        self.facts = [
            (one, self.each(one.each), counted(one.value, one.id, self.around(one.each))) for one in form.facts
        ]
        self.checks = [(one, self.each(one.each), self.read(one.when, one.id, one.each)) for one in form.checks]
        self.wanted: list[Wanted] = wanted_of(form.items, self.scope, frozenset(self.asked))
        self.past = past_of(form.items)

    def read(self, text: str, where: str, each: str | None = None) -> Meaning:
        """Bind an expression of this form; raise Misread naming the place."""
        return bound(text, where, self.around(each))

    def around(self, each: str | None) -> Scope:
        """Return what names mean on the sheet, or in a row of one of its groups."""
        return self.scope.inside(each) if each else self.scope

    def each(self, group: str | None) -> Meaning | None:
        """Return the rows of a group, for facts and checks that are made once a row."""
        return bound(group, "each", self.scope) if group else None

    def rule(self, one: Algorithm) -> Meaning:
        """Bind a rule: three-valued, or the first of its outcomes that is true."""
        if one.when:
            return self.read(one.when, one.id)
        ways = [(way.id, self.read(way.when, f"{one.id}.{way.id}") if way.when else None) for way in one.outcomes]
        return lambda a, v, r: next((name for name, holds in ways if holds is None or holds(a, v, r) is True), None)

    def run(self, answers: Mapping[str, Any], context: Mapping[str, str] | None) -> Result:
        """Do the work of `score`."""
        form = self.form
        troubles = self.troubles(answers)
        if self.past and not troubles and context and context.get("today"):
            troubles = too_late(self.past, answers, str(context["today"]))
        if troubles:
            return self.rejected(troubles, self.heard(answers, troubles))
        a = self.skipped(answers) if self.skips else answers
        v: dict[str, Any] = {}
        scores: dict[str, float | None] = {}
        exact: dict[str, float | None] = {}
        prorated = partial = False
        for name, exact_name, method in self.methods:
            one = method(a, v)
            scores[name] = v[name] = one[0]
            exact[name] = v[exact_name] = one[1]
            if one[2] and name in self.primary:
                prorated = True
            if one[3] and name in self.judged:
                partial = True
        algorithms = {}
        for name, meaning in self.algorithms:
            algorithms[name] = v[name] = meaning(a, v, _NO_ROWS)
        blank = () if self.look and self.look(a) else self.blank(a)
        if self.wanted:
            blank += tuple(blank_of(self.wanted, a, v))
        primary = scores.get(form.primary) if form.primary else None
        status: Status = "unscored" if primary is None else "prorated" if prorated else "scored"
        return Result(
            form.id,
            form.version,
            True,
            (),
            status,
            scores,
            exact,
            self.band(v) if self.band and not partial else None,
            {
                name: None if (x := v.get(scale)) is None or (aim and context and not _meant(aim, context)) else test(x)
                for name, scale, test, aim in self.cutoffs
            },
            algorithms,
            tuple([name for name, meaning in self.findings if meaning(a, v, _NO_ROWS) is True]),
            Missing(len(blank), blank, prorated) if blank else _NOTHING_MISSING,
            tuple(self.derived(a, v)) if self.facts else (),
            tuple(self.hints(a, v)) if self.checks else (),
        )

    def troubles(self, answers: Mapping[str, Any]) -> list[Trouble]:
        """Return what cannot be taken. Plain choices are looked up directly; only the rest goes the long way."""
        if not isinstance(answers, Mapping):
            return [Trouble("", say("answer.mapping", item="answers", value=type(answers).__name__))]
        quick = self.quick
        for item, value in answers.items():
            if value is not None:
                offered = quick.get(item)
                if offered is None or value.__class__ is not int or value not in offered:
                    return check_all(self.checkers, answers, "", answers)
            elif item not in self.checkers:
                return check_all(self.checkers, answers, "", answers)
        return []

    def heard(self, answers: Mapping[str, Any], troubles: list[Trouble]) -> dict[str, bool | None]:
        """Return what each finding says of a sheet that cannot be taken: a slip never hides another answer.

        An answer that cannot be read counts as blank, also where it could have been skipped; no score is made up.
        """
        if not isinstance(answers, Mapping):
            return {}
        wrong = {_NAME.split(trouble.item, maxsplit=1)[0] for trouble in troubles}
        rest = {item: value for item, value in answers.items() if item not in wrong}
        a = {item: value for item, value in self.skipped(rest).items() if item not in wrong} if self.skips else rest
        v: dict[str, Any] = {}
        for name, exact_name, method in self.methods:
            one = method(a, v)
            v[name], v[exact_name] = (None, None) if one[2] else one[:2]
        for name, meaning in self.algorithms:
            v[name] = meaning(a, v, _NO_ROWS)
        return {name: meaning(a, v, _NO_ROWS) for name, meaning in self.findings}

    def rejected(self, troubles: list[Trouble], heard: Mapping[str, bool | None]) -> Result:
        """Return the result of a sheet that cannot be taken: nothing is scored, no danger answer is passed over."""
        form = self.form
        nothing: dict[str, float | None] = {one.id: None for one in form.scores}
        return Result(
            form.id,
            form.version,
            False,
            tuple(troubles),
            "unscored",
            nothing,
            dict(nothing),
            None,
            {one.id: None for one in form.cutoffs},
            {one.id: None for one in form.algorithms},
            tuple(name for name, held in heard.items() if held is True),
            Missing(0, (), False),
        )

    def skipped(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fill the blanks that an earlier answer made needless; an answer that was given is never overwritten."""
        filled = dict(answers)
        for meaning, skip in self.skips:
            if meaning(answers, {}, _NO_ROWS) is True:
                for item in skip.items:
                    if filled.get(item) is None:
                        filled[item] = skip.score_as
        return filled

    def blank(self, a: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the scored items that are blank; where one of two is enough, both only while both are."""
        blank = tuple([item for item in self.asked if a.get(item) is None])
        enough = {item for pair in self.either if any(a.get(one) is not None for one in pair) for item in pair}
        return tuple([item for item in blank if item not in enough]) if enough else blank

    def derived(self, a: Mapping[str, Any], v: Mapping[str, Any]) -> list[Derived]:
        """Return the facts derived from the sheet; unknown ones are left out."""
        return [
            Derived(fact.id, value, row)
            for fact, rows, meaning in self.facts
            for row, around in _around(rows, a, v)
            if (value := meaning(a, v, around)) is not None
        ]

    def hints(self, a: Mapping[str, Any], v: Mapping[str, Any]) -> list[Hint]:
        """Return the checks that speak."""
        return [
            Hint(check.id, check.level, check.say, check.item, row)
            for check, rows, meaning in self.checks
            for row, around in _around(rows, a, v)
            if meaning(a, v, around) is True
        ]


def _around(rows: Meaning | None, a: Answers, v: Mapping[str, Any]) -> list[tuple[int | None, tuple[Any, ...]]]:
    if rows is None:
        return [(None, _NO_ROWS)]
    return [(number, ({**row, "row": number},)) for number, row in enumerate(rows(a, v, _NO_ROWS) or (), 1)]


def _meant(aim: Mapping[str, str], context: Mapping[str, str]) -> bool:
    return all(context.get(key) in (None, value) for key, value in aim.items())


def _is_quick(item: Any) -> bool:
    return isinstance(item, ChoiceItem) and not (item.rows_of or item.vocabulary or item.allow_na or item.other)


def _numbers(form: Form, item: Any) -> frozenset[int]:
    return frozenset(value for value, _ in choices_of(form, item) if isinstance(value, int))


def made_of(form: Form, score_id: str | None) -> set[str]:
    """Return a score and every score it is made of."""
    one = form.score_named(score_id) if score_id else None
    return {one.id}.union(*(made_of(form, part) for part in (*one.scores, *one.weights))) if one else set()


def _scored_items(form: Form) -> tuple[str, ...]:
    """Return the items that any score needs, in the order they are asked."""
    used = {item for one in form.scores for item in one.parts}
    return tuple(item.id for item in form.items if item.id in used)


def either_of(form: Form) -> list[tuple[str, ...]]:
    """Return the items of which one answer is enough, by the rules of the form and of its scores."""
    rules = [form.missing, *(one.missing for one in form.scores)]
    return [pair for rule in rules if rule for pair in rule.either_or]


def _names(item: Any) -> Any:
    if isinstance(item, GroupItem):
        return {child.id: _names(child) for child in item.items if not isinstance(child, NoteItem)}
    return None


def _band_finder(bands: Bands, exact: set[str]) -> Callable[[Mapping[str, Any]], str | None]:
    scale = bands.scale
    if bands.continuous:
        steps = [(band.min, band.id) for band in bands.set]
        name = f"{scale}.exact" if scale in exact else scale

        def last_reached(v: Mapping[str, Any]) -> str | None:
            value = v.get(name)
            return None if value is None else next((band for low, band in reversed(steps) if value >= low), None)

        return last_reached
    if scale in exact:
        limits = [(band.min, band.max, band.id) for band in bands.set]

        def around(v: Mapping[str, Any]) -> str | None:
            value = v.get(scale)
            return None if value is None else next((band for low, high, band in limits if low <= value <= high), None)

        return around
    table: dict[Any, str] = {n: band.id for band in bands.set for n in range(int(band.min), int(band.max) + 1)}
    return lambda v: table.get(v.get(scale))
