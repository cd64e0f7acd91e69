"""Scores: each method of the closed list as a closure over a sheet, with its missing-answer rule and its reach."""

# ruff: noqa: ARG001 - closures of one kind share one signature, whether or not they need all of it
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import count, takewhile
from operator import getitem, itemgetter
from typing import Any

from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.definition import Cutoff, Form, Limit, MissingRule, Score
from openipt.therapy.forms.items import ChoiceItem, GroupItem, NumberItem, PlainItem, ScaleItem
from openipt.therapy.forms.meaning import Answers
from openipt.therapy.forms.rhythm import regularity, week_of

COMPLETE = MissingRule(policy="complete_only")
_WIDEST = 10_000  # steps of an item that still has points; beyond it a number is a measurement, not an answer


# One score: as reported, unrounded, whether blanks were made up for, whether part of it did not apply.
# A plain tuple, because a sheet makes several of them and a result has to be cheap.
Scored = tuple[float | None, float | None, bool, bool]

UNSCORED: Scored = (None, None, False, False)
Method = Callable[[Answers, Mapping[str, Any]], Scored]
Reach = Callable[[Answers], tuple[float, float] | None]


def half_up(value: Fraction | float, decimals: int = 0) -> float:
    """Round half up, never half to even (MEASURES 4.4); whole numbers come back as int."""
    step = 10**decimals
    exact = value if isinstance(value, Fraction) else Fraction(value)
    # floor(exact * step + 1/2) in whole numbers: made-up totals are rounded on every sheet with blanks.
    rounded: int = (2 * exact.numerator * step + exact.denominator) // (2 * exact.denominator)
    return rounded if decimals == 0 else rounded / step


def rule_of(form: Form, score: Score) -> MissingRule:
    """Return the missing-answer rule of a score: its own; the form's for the primary score; else complete only."""
    if score.missing:
        return score.missing
    if form.missing and (score.id == form.primary or form.missing.policy == "complete_only"):
        return form.missing
    return COMPLETE


class Steps(dict[Any, Any]):
    """What each step of a fractional scale is worth. 0.1 + 0.2 is a hair off its step, and means the step."""

    def __missing__(self, raw: Any) -> Any:
        return self[min(self, key=lambda step: abs(step - raw))]


def points(form: Form, item_id: str) -> dict[Any, Any]:
    """Return raw answer -> points for an item, reversed where the item is. Points of fractional steps are fractions."""
    item = next(item for item in form.items if item.id == item_id)
    raw = _raw_numbers(form, item)
    if not raw:
        raise ValueError(
            f"the item {item_id!r} of kind {item.kind!r} cannot be scored; expected numbered choices, a scale, or a "
            f"whole number with min and max"
        )
    turn = min(raw) + max(raw)
    if any(isinstance(value, Fraction) for value in raw):
        return Steps((float(value), turn - value if item.reverse else value) for value in raw)
    return {value: turn - value if item.reverse else value for value in raw}


def _raw_numbers(form: Form, item: Any) -> Sequence[int] | Sequence[Fraction]:
    """Return every number an item can be answered with; none where an answer may have no points at all."""
    if isinstance(item, ChoiceItem) and not (item.other or item.rows_of or item.vocabulary):
        values = [value for value, _ in choices_of(form, item)]
        return [] if any(isinstance(value, str) for value in values) else [int(value) for value in values]
    if isinstance(item, ScaleItem) and item.step == int(item.step):
        return range(item.min, item.max + 1, int(item.step))
    if isinstance(item, ScaleItem):
        step = Fraction(repr(item.step))  # through its spelling: 0.1 on the page means one tenth
        up = list(takewhile(lambda value: value <= item.max, (item.min + n * step for n in count())))
        return up if len(up) <= _WIDEST else ()
    if isinstance(item, NumberItem) and item.kind == "whole" and item.min is not None and item.max is not None:
        steps = range(int(item.min), int(item.max) + 1)
        return steps if len(steps) <= _WIDEST else ()
    return ()


def places_of(form: Form, items: Iterable[str]) -> int:
    """Return how many decimals a sum of some items can have: as many as their steps are written with."""
    steps = [item.step for item in form.items if item.id in set(items) and isinstance(item, ScaleItem)]
    return max((len(repr(step).partition(".")[2]) for step in steps if step != int(step)), default=0)


def _truths(form: Form, item_id: str, test: Callable[[float], bool]) -> dict[Any, bool]:
    """Return raw answer -> whether it counts."""
    item = next(item for item in form.items if item.id == item_id)
    if isinstance(item, PlainItem) and item.kind == "yes_no":
        return {True: test(1), False: test(0)}
    offered = points(form, item_id)
    return type(offered)((raw, test(raw)) for raw in offered)


def _never_na(form: Form, names: Sequence[str], spare: Iterable[str] = ()) -> None:
    for item in form.items:
        if item.id in names and isinstance(item, ChoiceItem) and item.allow_na and item.id not in spare:
            raise ValueError(
                f"the item {item.id!r} may not apply; expected it under missing.not_applicable of its score"
            )


def all_given(names: Sequence[str]) -> Callable[[Answers], Sequence[Any] | None]:
    """Return a quick look at several answers: all of them, or None where any is blank."""
    take = itemgetter(*names)
    single = len(names) == 1

    def given(a: Answers) -> Sequence[Any] | None:
        try:
            values = (take(a),) if single else take(a)
        except KeyError:
            return None
        return None if None in values else values

    return given


def method_of(form: Form, score: Score) -> Method:
    """Build the closure that computes one score."""
    rule = rule_of(form, score)
    if score.method in ("sum", "mean"):
        method = _added(form, score, rule)
    elif score.method == "count":
        method = _counted(form, score)
    elif score.method == "sum_of_maxima":
        method = _maxima(form, score, rule)
    elif score.algorithm:
        method = _named(score, rule)
    else:
        method = _of_scores(score, rule)
    gates = rule.requires
    if not gates:
        return method
    return lambda a, v: UNSCORED if any(a.get(item) is None for item in gates) else method(a, v)


def _added(form: Form, score: Score, rule: MissingRule) -> Method:
    table = [(item, points(form, item)) for item in score.items]
    size = len(table)
    spare = set(rule.not_applicable.items) if rule.not_applicable else set()
    _never_na(form, score.items, spare)
    is_mean = score.method == "mean"
    look = all_given(score.items)
    worths = [worth for _, worth in table]
    straight = not is_mean and not score.transform and not spare
    turned = any(raw != worth for one in worths for raw, worth in one.items())
    allowed = 0 if rule.policy == "complete_only" else rule.max_missing
    places = places_of(form, score.items)

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        if straight and (values := look(a)) is not None:
            total: Any = sum(map(getitem, worths, values)) if turned else sum(values)
            if places:
                total = half_up(total, places)
            return total, total, False, False
        total = 0
        given = left_out = 0
        for item, worth in table:
            raw = a.get(item)
            if raw is not None:
                if raw == "na" and item in spare:
                    left_out += 1
                else:
                    total += worth[raw]
                    given += 1
        asked = size - left_out
        blank = asked - given
        if blank > allowed or given == 0:
            return UNSCORED
        if blank == 0 and not is_mean and not score.transform:
            total = half_up(total, places) if places else total
            return total, total, False, bool(left_out)
        exact = Fraction(total if is_mean else total * asked, given)
        for step in score.transform:
            exact = _stepped(exact, step)
        whole = not is_mean and not score.transform
        return half_up(exact, places if whole else rule.decimals), float(exact), blank > 0, bool(left_out)

    return compute


def _stepped(value: Fraction, step: Any) -> Fraction:
    # Through its spelling: 0.1 on the page means one tenth, not the nearest binary number.
    if step.subtract is not None:
        return value - Fraction(repr(step.subtract))
    if step.divide is not None:
        return value / Fraction(repr(step.divide))
    return value * Fraction(repr(step.multiply))


def meets(limit: Limit | Cutoff) -> Callable[[float], bool]:
    """Return the test of a limit or a cut-off."""
    value = limit.value
    tests: dict[str, Callable[[float], bool]] = {
        "==": lambda x: x == value,
        "!=": lambda x: x != value,
        "<": lambda x: x < value,
        "<=": lambda x: x <= value,
        ">": lambda x: x > value,
        ">=": lambda x: x >= value,
    }
    return tests[limit.op]


def _tests(score: Score) -> list[tuple[str, Callable[[float], bool]]]:
    usual = score.condition
    limits = [(item, score.item_conditions.get(item, usual)) for item in score.items]
    return [(item, meets(limit)) for item, limit in limits if limit]


def _counted(form: Form, score: Score) -> Method:
    _never_na(form, score.items)
    truths = [_truths(form, item, test) for item, test in _tests(score)]
    look = all_given(score.items)

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        values = look(a)
        if values is None:
            return UNSCORED
        n = sum(map(getitem, truths, values))
        return n, n, False, False

    return compute


def _maxima(form: Form, score: Score, rule: MissingRule) -> Method:
    if rule.policy != "complete_only":
        raise ValueError(f"the highest answers of {score.id!r} cannot be made up; expected policy: complete_only")
    groups = [[(item, points(form, item)) for item in group] for group in score.groups]
    _never_na(form, score.parts)
    either = [pair for pair in rule.either_or if set(pair) & set(score.parts)]
    # Each needed answer is a group of its own: of every group here, one answer at least.
    needed = [*either, *((item,) for item in score.parts if not any(item in pair for pair in either))]
    places = places_of(form, score.parts)

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        if not all(any(a.get(item) is not None for item in group) for group in needed):
            return UNSCORED
        total = sum(max(worth[a[item]] for item, worth in group if a.get(item) is not None) for group in groups)
        total = half_up(total, places) if places else total
        return total, total, False, False

    return compute


def _named(score: Score, rule: MissingRule) -> Method:
    assert score.algorithm is not None  # noqa: S101 - the definition has seen to it
    method, week = score.algorithm, week_of(score.algorithm, score.items)

    def metric(a: Answers, v: Mapping[str, Any]) -> Scored:
        times = week(a)
        exact = regularity(times, method) if times is not None else None
        return UNSCORED if exact is None else (half_up(exact, rule.decimals), float(exact), False, False)

    def recorded(a: Answers, v: Mapping[str, Any]) -> Scored:
        times = week(a)
        n = None if times is None else sum(map(len, times))
        return n, n, False, False

    return metric if method.name == "social_rhythm_metric" else recorded


def _of_scores(score: Score, rule: MissingRule) -> Method:
    weights = score.weights or dict.fromkeys(score.scores, 1)
    share = len(weights) if score.method == "mean_of_scores" else 1
    whole = score.method == "sum_of_scores"
    # A sum of subscales adds them as reported, each rounded first; a mean takes them unrounded (MEASURES 8.17).
    named = [(name if whole else f"{name}.exact", weight) for name, weight in weights.items()]

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        total = 0.0
        for name, weight in named:
            part = v.get(name)
            if part is None:
                return UNSCORED
            total += weight * part
        exact = Fraction(total).limit_denominator(10**9) / share  # the ratio that the binary number stands for
        return half_up(exact, 0 if whole else rule.decimals), float(exact), False, False

    return compute


def reach_of(form: Form, score: Score) -> Reach | None:
    """Build the closure that tells how low and how high a score can still end, whatever the blanks become."""
    if score.method == "count":
        tests = _tests(score)
        return lambda a: _count_reach(tests, a)
    if score.method == "sum" and not score.transform and not rule_of(form, score).not_applicable:
        table = [(item, points(form, item)) for item in score.items]
        return lambda a: _sum_reach(table, a)
    return None


def ends_of(form: Form, score: Score) -> tuple[float, float] | None:
    """Return the least and the most a score can be on a complete sheet; None where its parts are other scores."""
    if score.method == "count":
        truths = [_truths(form, item, test).values() for item, test in _tests(score)]
        return sum(map(all, truths)), sum(map(any, truths))
    if score.method == "sum_of_maxima":
        groups = [[points(form, item).values() for item in group] for group in score.groups]
        return float(sum(max(map(min, one)) for one in groups)), float(sum(max(map(max, one)) for one in groups))
    if score.algorithm:
        rows = next((item for item in form.items if item.id == score.algorithm.rows), None)
        days = rows.repeat.most if isinstance(rows, GroupItem) and rows.repeat else 1
        return 0, days if score.algorithm.name == "social_rhythm_metric" else days * len(score.items)
    if score.method not in ("sum", "mean"):
        return None
    worths = [points(form, item).values() for item in score.items]
    share = len(worths) if score.method == "mean" else 1
    ends = [Fraction(sum(map(end, worths))) / share for end in (min, max)]
    for step in score.transform:
        ends = [_stepped(end, step) for end in ends]
    return float(min(ends)), float(max(ends))


def _count_reach(tests: Sequence[tuple[str, Callable[[float], bool]]], a: Answers) -> tuple[float, float]:
    sure = open_ = 0
    for item, test in tests:
        raw = a.get(item)
        if raw is None:
            open_ += 1
        elif test(raw):
            sure += 1
    return sure, sure + open_


def _sum_reach(table: Sequence[tuple[str, dict[Any, Any]]], a: Answers) -> tuple[float, float]:
    least: Any = 0
    most: Any = 0
    for item, worth in table:
        raw = a.get(item)
        least += worth[raw] if raw is not None else min(worth.values())
        most += worth[raw] if raw is not None else max(worth.values())
    return least, most
