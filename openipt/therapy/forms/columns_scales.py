"""Scores over columns: each method of the closed list for a block of rows at once.

It says of every row what `scales` says of one sheet. This module loads numpy; only `columns.score_columns` imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np  # type: ignore[import-not-found, unused-ignore]

from openipt.therapy.forms.columns_answers import (
    Answered,
    Array,
    Codes,
    UnevenError,
    Worth,
    share_of,
    smallest,
    worth_of,
)
from openipt.therapy.forms.columns_meaning import Ends, Made, Sheets
from openipt.therapy.forms.definition import Form, MissingRule, Score
from openipt.therapy.forms.items import PlainItem
from openipt.therapy.forms.scales import _stepped, _tests, half_up, places_of, points, rule_of

Method = Callable[[Sheets], Made]
Finish = Callable[[int, int, int], tuple[float, float]]  # parts, answers given, left out -> as reported, exact


def method_over(form: Form, score: Score) -> Method:
    """Build the method of one score; raise UnevenError where it has to be made row by row."""
    rule = rule_of(form, score)
    if score.algorithm:
        raise UnevenError(f"{score.id} is a named method over rows")
    if score.method in ("sum", "mean"):
        method = _added(form, score, rule)
    elif score.method == "count":
        method = _counted(form, score)
    elif score.method == "sum_of_maxima":
        method = _maxima(form, score, rule)
    else:
        method = _of_scores(score, rule)
    return _gated(method, rule.requires) if rule.requires else method


def _gated(method: Method, gates: Sequence[str]) -> Method:
    def made(s: Sheets) -> Made:
        found = method(s)
        for name in gates:
            found.unknown = _or(found.unknown, s.answers[name].blank)
        if found.unknown is not None:
            for mask in (found.made_up, found.in_part):
                if mask is not None:
                    mask &= found.unknown == 0
        return found

    return made


def _or(x: Array | None, y: Array | None) -> Array | None:
    return y if x is None else x if y is None else x | y


def _total(parts: Sequence[Array], kind: str) -> Array:
    total = parts[0].astype(kind)
    for one in parts[1:]:
        total += one
    return total


def _blanks(answers: Sequence[Answered]) -> Array | None:
    """Count the blanks of each row; None where there are none."""
    masks = [mask for one in answers if (mask := one.blank) is not None]
    if not masks:
        return None
    return -reduce(np.add, masks, np.zeros(1, "int8" if len(masks) < 128 else "int16"))


def _added(form: Form, score: Score, rule: MissingRule) -> Method:
    share = share_of(form, score.items)
    worths = [worth_of(form, item, share) for item in score.items]
    kind = smallest(sum(min(0, one.least) for one in worths), sum(max(0, one.most) for one in worths))
    asked, spare = len(worths), set(rule.not_applicable.items if rule.not_applicable else ())
    allowed = 0 if rule.policy == "complete_only" else rule.max_missing
    places = places_of(form, score.items)
    finish, steady = _finish(score, rule, places, asked, share)
    made_up_table = _made_up_table(worths, allowed) if steady and allowed else None
    reach = _sum_reach(worths, share) if score.method == "sum" and not score.transform and not spare else None

    def made(s: Sheets) -> Made:
        answers = [s.answers[item] for item in score.items]
        total = _total([worth.parts(one) for worth, one in zip(worths, answers, strict=True)], kind)
        blanks = _blanks(answers)
        left = _left_out(s, score.items, spare) if spare else None
        given = asked - (0 if blanks is None else blanks) - (0 if left is None else left)
        unknown: Array = None
        if blanks is not None or left is not None:
            unknown = (given == 0) if blanks is None else (blanks > allowed) | (given == 0)
        made_up = None if blanks is None else (blanks > 0) & ~unknown
        in_part = None if left is None else (left > 0) & ~unknown
        masks = (None if unknown is None else -(unknown.view("int8")), made_up, in_part)
        reached = None if reach is None else lambda: reach(answers, total)
        if steady:
            if made_up is None or made_up_table is None or not made_up.any():
                return Made(total, total, *masks, reached)
            return Made(*made_up_table(total, blanks), *masks, reached)
        value, exact = _finished(finish, total, given, left, unknown)
        return Made(value, exact, *masks, reached)

    return made


def _made_up_table(worths: Sequence[Worth], allowed: int) -> Callable[[Array, Array], tuple[Array, Array]]:
    """Return what makes of a total and its blanks the score that the mean of the answers stands for.

    Every total there can be is worked out once with every number of blanks, rounded half up; rows look it up.
    """
    asked = len(worths)
    low, high = sum(min(0, one.least) for one in worths), sum(max(0, one.most) for one in worths)
    wide = np.arange(low, high + 1, dtype="int64") * asked
    given = asked - np.arange(min(allowed, asked - 1) + 1, dtype="int64")[:, None]
    kind = smallest(-(abs(low) * asked) - 1, high * asked + 1)
    rounded = ((2 * wide + given) // (2 * given)).astype(kind).ravel()
    exact = (wide / given).ravel()

    def made_up(total: Array, blanks: Array) -> tuple[Array, Array]:
        place = blanks.astype("intp")
        place *= len(wide)
        place += total
        place -= low
        # Rows with more blanks than that have no score; they take the last place, and nobody reads it.
        return np.take(rounded, place, mode="clip"), np.take(exact, place, mode="clip")

    return made_up


def _left_out(s: Sheets, names: Sequence[str], spare: set[str]) -> Array:
    found = np.zeros(s.n, "int16")
    for name in names:
        one = s.answers[name]
        if name in spare and isinstance(one, Codes):
            found += one.look_up(lambda value: value == "na")
    return found


def _finish(score: Score, rule: MissingRule, places: int, asked: int, share: int) -> tuple[Finish, bool]:
    """Return how a total becomes a score, and whether a complete one simply stays what it is."""
    is_mean = score.method == "mean"
    whole = not is_mean and not score.transform

    def finish(parts: int, given: int, left: int) -> tuple[float, float]:
        total: Any = Fraction(parts, share)
        applied = asked - left
        if given == applied and whole:
            total = half_up(total, places)
            return total, total
        exact = Fraction(total if is_mean else total * applied, given)
        for step in score.transform:
            exact = _stepped(exact, step)
        return half_up(exact, places if whole else rule.decimals), float(exact)

    return finish, whole and not places and share == 1 and not rule.not_applicable


def _finished(finish: Finish, total: Array, given: Any, left: Any, unknown: Array | None) -> tuple[Array, Array]:
    """Work out each different combination once, in exact fractions."""
    shape = np.zeros(len(total), "int64")
    key = (total.astype("int64") * 4096 + (shape + given)) * 4096 + (shape if left is None else left)
    if unknown is not None:
        key = np.where(unknown, np.int64(-1), key)
    different, place = np.unique(key, return_inverse=True)
    pairs = np.zeros((len(different), 2))
    for n, one in enumerate(different.tolist()):
        if one != -1:
            pairs[n] = finish(one >> 24, (one >> 12) & 4095, one & 4095)
    return pairs[place, 0], pairs[place, 1]


def _sum_reach(worths: Sequence[Worth], share: int) -> Callable[[Sequence[Answered], Array], Ends]:
    """Return what fills the blanks of a total, which counts them as 0, with the least and with the most."""

    def reach(answers: Sequence[Answered], total: Array) -> Ends:
        least, most = total.copy(), total.copy()
        for worth, one in zip(worths, answers, strict=True):
            if (blank := one.blank) is not None:
                least += blank & total.dtype.type(worth.least)
                most += blank & total.dtype.type(worth.most)
        return least, most, share

    return reach


def _counted(form: Form, score: Score) -> Method:
    tests = [(item, test, _step_truths(form, item, test)) for item, test in _tests(score)]

    def truths(s: Sheets) -> list[Array]:
        return [_meets(s.answers[item], test, by_step) for item, test, by_step in tests]

    def made(s: Sheets) -> Made:
        found = truths(s)
        n = reduce(np.add, found) if len(found) < 128 else _total(found, "int16")
        masks = [mask for item, _, _ in tests if (mask := s.answers[item].blank) is not None]
        unknown = reduce(np.bitwise_or, masks) if masks else None

        def reach() -> Ends:
            return n, n - _total(masks, n.dtype), 1

        return Made(n, n, unknown, reach=reach if masks else None)

    return made


def _meets(answers: Answered, test: Callable[[Any], Any], by_step: Array | None) -> Array:
    """Return 1 where an answer counts, 0 where it does not or is blank."""
    if isinstance(answers, Codes):
        return answers.look_up(lambda one: one is not None and one != "na" and bool(test(one)))
    found = (test(answers.values) if by_step is None else by_step[answers.steps]).view("int8")
    return found if answers.blank is None else found & ~answers.blank


def _step_truths(form: Form, item_id: str, test: Callable[[float], bool]) -> Array | None:
    item = next(one for one in form.items if one.id == item_id)
    if isinstance(item, PlainItem):
        return None
    offered = points(form, item_id)
    return np.array([test(raw) for raw in offered]) if any(isinstance(raw, float) for raw in offered) else None


def _maxima(form: Form, score: Score, rule: MissingRule) -> Method:
    share = share_of(form, score.parts)
    groups = [[worth_of(form, item, share) for item in group] for group in score.groups]
    either = [pair for pair in rule.either_or if set(pair) & set(score.parts)]
    needed = [*either, *((item,) for item in score.parts if not any(item in pair for pair in either))]
    places = places_of(form, score.parts)

    def made(s: Sheets) -> Made:
        unknown = None
        for group in needed:
            masks = [s.answers[item].blank for item in group]
            if all(mask is not None for mask in masks):
                unknown = _or(unknown, -np.logical_and.reduce([mask != 0 for mask in masks]).view("int8"))
        total = _total([_highest(group, s) for group in groups], "int64")
        if share == 1 and not places:
            return Made(total, total, unknown)
        value = np.array([half_up(Fraction(one, share), places) for one in total.tolist()])
        return Made(value, value, unknown)

    return made


def _highest(group: Sequence[Worth], s: Sheets) -> Array:
    found: Array | None = None
    for worth in group:
        parts, blank = worth.parts(s.answers[worth.item]).astype("int64"), s.answers[worth.item].blank
        parts = parts if blank is None else np.where(blank, np.iinfo("int64").min // 64, parts)
        found = parts if found is None else np.maximum(found, parts)
    return found


def _of_scores(score: Score, rule: MissingRule) -> Method:
    weights = score.weights or dict.fromkeys(score.scores, 1)
    share = len(weights) if score.method == "mean_of_scores" else 1
    whole = score.method == "sum_of_scores"
    decimals = 0 if whole else rule.decimals

    def made(s: Sheets) -> Made:
        total = np.zeros(s.n)
        unknown = None
        for name, weight in weights.items():
            part = s.made[name]
            total = total + weight * (part.value if whole else part.exact).astype("float64")
            unknown = _or(unknown, part.unknown)
        if unknown is not None:
            total = np.where(unknown, 0.0, total)
        different, place = np.unique(total, return_inverse=True)
        pairs = np.zeros((len(different), 2))
        for n, one in enumerate(different.tolist()):
            exact = Fraction(one).limit_denominator(10**9) / share  # as `scales` does, from the same binary number
            pairs[n] = half_up(exact, decimals), float(exact)
        return Made(pairs[place, 0], pairs[place, 1], unknown)

    return made
