"""Scores: each method of the closed list as a closure over a sheet, with its missing-answer rule and its reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.definition import Form, Limit, MissingRule, Score
from openipt.therapy.forms.items import ChoiceItem, NumberItem, ScaleItem
from openipt.therapy.forms.meaning import Answers

COMPLETE = MissingRule(policy="complete_only")


class Scored(NamedTuple):
    """One score: as reported, unrounded, whether blanks were made up for, whether part of it did not apply."""

    value: float | None
    exact: float | None
    prorated: bool = False
    partial: bool = False


UNSCORED = Scored(None, None)
Method = Callable[[Answers, Mapping[str, Any]], Scored]
Reach = Callable[[Answers], tuple[float, float] | None]


def half_up(value: Fraction | float, decimals: int = 0) -> float:
    """Round half up, never half to even (MEASURES 4.4); whole numbers come back as int."""
    step = 10**decimals
    rounded = floor(Fraction(value) * step + Fraction(1, 2))
    return rounded if decimals == 0 else rounded / step


def rule_of(form: Form, score: Score) -> MissingRule:
    """Return the missing-answer rule of a score: its own; the form's for the primary score; else complete only."""
    if score.missing:
        return score.missing
    if form.missing and (score.id == form.primary or form.missing.policy == "complete_only"):
        return form.missing
    return COMPLETE


def points(form: Form, item_id: str) -> dict[Any, float]:
    """Return raw answer -> points for an item, reversed where the item is."""
    item = next(item for item in form.items if item.id == item_id)
    if isinstance(item, ChoiceItem):
        raw = [value for value, _ in choices_of(form, item) if isinstance(value, int)]
    elif isinstance(item, ScaleItem) or (isinstance(item, NumberItem) and item.min is not None and item.max is not None):
        raw = list(range(int(item.min or 0), int(item.max or 0) + 1))
    else:
        raise ValueError(f"the item {item_id!r} of kind {item.kind!r} cannot be scored; expected choice, scale or a bounded number")
    turn = min(raw) + max(raw)
    return {value: turn - value if item.reverse else value for value in raw}


def method_of(form: Form, score: Score) -> Method:
    """Build the closure that computes one score."""
    rule = rule_of(form, score)
    if score.method in ("sum", "mean"):
        return _added(form, score, rule)
    if score.method == "count":
        return _counted(score)
    if score.method == "sum_of_maxima":
        return _maxima(form, score)
    return _of_scores(score, rule)


def _added(form: Form, score: Score, rule: MissingRule) -> Method:
    table = [(item, points(form, item)) for item in score.items]
    size = len(table)
    spare = set(rule.not_applicable.items) if rule.not_applicable else set()
    is_mean = score.method == "mean"
    allowed = 0 if rule.policy == "complete_only" else rule.max_missing

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        total: float = 0
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
        if blank == 0 and not is_mean and not score.transform:
            return Scored(total, total, partial=bool(left_out))
        if blank > allowed or given == 0 or any(a.get(item) is None for item in rule.requires):
            return UNSCORED
        exact = Fraction(total) / given * (1 if is_mean else asked)
        for step in score.transform:
            exact = _stepped(exact, step)
        whole = not is_mean and not score.transform
        return Scored(half_up(exact, 0 if whole else rule.decimals), float(exact), blank > 0, bool(left_out))

    return compute


def _stepped(value: Fraction, step: Any) -> Fraction:
    if step.subtract is not None:
        return value - Fraction(step.subtract)
    if step.divide is not None:
        return value / Fraction(step.divide)
    return value * Fraction(step.multiply)


def meets(limit: Limit) -> Callable[[float], bool]:
    """Return the test of a limit."""
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
    assert score.condition is not None
    return [(item, meets(score.item_conditions.get(item, score.condition))) for item in score.items]


def _counted(score: Score) -> Method:
    tests = _tests(score)

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        n = 0
        for item, test in tests:
            raw = a.get(item)
            if raw is None:
                return UNSCORED
            if test(raw):
                n += 1
        return Scored(n, n)

    return compute


def _maxima(form: Form, score: Score) -> Method:
    groups = [[(item, points(form, item)) for item in group] for group in score.groups]

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        total: float = 0
        for group in groups:
            given = [worth[a[item]] for item, worth in group if a.get(item) is not None]
            if not given:
                return UNSCORED
            total += max(given)
        return Scored(total, total)

    return compute


def _of_scores(score: Score, rule: MissingRule) -> Method:
    weights = score.weights or dict.fromkeys(score.scores, 1.0)
    share = len(weights) if score.method == "mean_of_scores" else 1

    def compute(a: Answers, v: Mapping[str, Any]) -> Scored:
        parts = [v.get(f"{name}.exact") for name in weights]
        if any(part is None for part in parts):
            return UNSCORED
        exact = sum(weight * part for weight, part in zip(weights.values(), parts, strict=True)) / share
        whole = score.method == "sum_of_scores"
        return Scored(half_up(exact, 0 if whole else rule.decimals), exact)

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


def _count_reach(tests: Sequence[tuple[str, Callable[[float], bool]]], a: Answers) -> tuple[float, float]:
    sure = sum(1 for item, test in tests if a.get(item) is not None and test(a[item]))
    return sure, sure + sum(1 for item, _ in tests if a.get(item) is None)


def _sum_reach(table: Sequence[tuple[str, dict[Any, float]]], a: Answers) -> tuple[float, float]:
    least = most = 0.0
    for item, worth in table:
        raw = a.get(item)
        least += worth[raw] if raw is not None else min(worth.values())
        most += worth[raw] if raw is not None else max(worth.values())
    return least, most
