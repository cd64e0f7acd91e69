"""Prove a form before it is used: every name exists, every range is reached, every band and cut-off means something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from openipt.therapy.forms.definition import Fact, Form, Score
from openipt.therapy.forms.items import ChoiceItem, ChoicesItem, GroupItem
from openipt.therapy.forms.scales import ends_of, meets, points, rule_of
from openipt.therapy.shelf import Page, Problem
from openipt.therapy.vocabulary import drawings, vocabulary

Way = tuple[str | int, ...]
Fault = tuple[Way, str, str]  # where, what is wrong, what was expected


def problems_of(form: Form, page: Page) -> list[Problem]:
    """Return what is wrong with a form. Names come first: without them nothing else can be judged."""
    for proof in (_names, _order, _numbers):
        faults = list(proof(form))
        if faults:
            return [page.problem(*fault) for fault in faults]
    return []


def _names(form: Form) -> Iterator[Fault]:
    items = [item.id for item in form.items]
    scores = [score.id for score in form.scores]
    for n, score in enumerate(form.scores):
        yield from _known((*score.parts, *score.item_conditions), items, "scores", n)
        yield from _rows(form, score, n)
        yield from _known((*score.scores, *score.weights), scores, "scores", n)
        yield from _rule_names(score, items, ("scores", n))
    yield from _rule_names(form, items, ())
    yield from _known([form.primary], scores, "primary")
    yield from _known([form.bands.scale] if form.bands else [], scores, "bands", "scale")
    for n, cutoff in enumerate(form.cutoffs):
        yield from _known([cutoff.scale], scores, "cutoffs", n, "scale")
    for n, fact in enumerate(form.facts):
        yield from _share(form, fact, "facts", n, "share_of")
    for n, skip in enumerate(form.skip):
        yield from _known(skip.items, items, "skip", n, "items")
    yield from _known([form.code], vocabulary()["worksheets"], "code")
    yield from _known([form.visibility], vocabulary()["visibility_kinds"], "visibility")
    for n, item in enumerate(form.items):
        yield from _item_names(form, item, ("items", n))


def _known(names: Iterable[str | None], known: Iterable[str], *way: str | int) -> Iterator[Fault]:
    for name in names:
        if name is not None and name not in known:
            yield way, f"{name!r} does not exist in this form", "one of " + ", ".join(sorted(known))


def _share(form: Form, fact: Fact, *way: str | int) -> Iterator[Fault]:
    """A share is told of the rows of a group: what has no rows has no share."""
    groups = [item.id for item in form.items if isinstance(item, GroupItem) and item.repeat]
    if fact.share_of is not None and fact.share_of not in groups:
        expected = "one of " + ", ".join(sorted(groups)) if groups else "a group that repeats; this form has none"
        yield way, f"{fact.share_of!r} is no group with rows in this form", expected


def _rule_names(holder: Form | Score, items: Iterable[str], way: Way) -> Iterator[Fault]:
    rule = holder.missing
    if rule:
        yield from _known(rule.requires, items, *way, "missing", "requires")
        yield from _known((one for pair in rule.either_or for one in pair), items, *way, "missing", "either_or")
        spare = rule.not_applicable.items if rule.not_applicable else ()
        yield from _known(spare, items, *way, "missing", "not_applicable")


def _rows(form: Form, score: Score, n: int) -> Iterator[Fault]:
    """A named method reads times from the rows of a group."""
    if score.algorithm:
        groups = {one.id: one for one in form.items if isinstance(one, GroupItem) and one.repeat}
        way: Way = ("scores", n, "algorithm", "rows")
        yield from _known([score.algorithm.rows], groups, *way)
        if score.algorithm.rows in groups:
            times = [item.id for item in groups[score.algorithm.rows].items if item.kind == "time"]
            yield from _known(score.items, times, "scores", n, "items")


def _item_names(form: Form, item: Any, way: Way) -> Iterator[Fault]:
    yield from _known([item.picture], drawings(), *way, "picture")
    if isinstance(item, (ChoiceItem, ChoicesItem)):
        if isinstance(item.choices, str):
            yield from _known([item.choices], form.answers, *way, "choices")
        yield from _known([item.vocabulary], vocabulary(), *way, "vocabulary")
        yield from _known([item.rows_of], [one.id for one in form.items if isinstance(one, GroupItem)], *way, "rows_of")
    if isinstance(item, GroupItem):
        for n, child in enumerate(item.items):
            yield from _item_names(form, child, (*way, "items", n))


def _order(form: Form) -> Iterator[Fault]:
    """Each id once, and each score after the scores it is made of."""
    # Items, scores and algorithms share one room of names, because an expression may use any of them.
    spoken = [one.id for one in (*form.items, *form.scores, *form.algorithms)]
    yield from _once(spoken, "scores" if form.scores else "algorithms")
    yield from _once([one.id for one in form.cutoffs], "cutoffs")
    yield from _once([one.id for one in form.findings], "findings")
    yield from _once([one.id for one in form.bands.set] if form.bands else [], "bands")
    before: list[str] = []
    for n, score in enumerate(form.scores):
        for part in (*score.scores, *score.weights):
            if part not in before:
                yield ("scores", n), f"{score.id!r} is made of {part!r}, which stands after it", "its parts before it"
        before.append(score.id)


def _once(ids: Sequence[str], key: str) -> Iterator[Fault]:
    for name, times in Counter(ids).items():
        if times > 1:
            yield (
                (key,),
                f"the id {name!r} stands {times} times",
                "each id once, among items, scores and algorithms too",
            )


def _numbers(form: Form) -> Iterator[Fault]:
    for n, score in enumerate(form.scores):
        yield from _range(form, score, n)
        yield from _blanks(form, score, n)
    for n, cutoff in enumerate(form.cutoffs):
        low, high = _declared(form, cutoff.scale)
        test = meets(cutoff)
        if cutoff.op not in ("==", "!=") and test(low) == test(high):
            wrong = f"{cutoff.op} {cutoff.value:g} says the same of every score"
            yield ("cutoffs", n), wrong, f"a value that divides {low:g} to {high:g}"
    yield from _bands(form)
    for n, skip in enumerate(form.skip):
        for item in skip.items:
            offered = points(form, item)
            if skip.score_as not in offered:
                yield ("skip", n), f"{item!r} cannot be answered with {skip.score_as}", f"one of {sorted(offered)}"


def _range(form: Form, score: Score, n: int) -> Iterator[Fault]:
    stray = [name for name in score.item_conditions if name not in score.items]
    if stray:
        yield ("scores", n, "item_conditions"), f"{stray[0]!r} is not counted by this score", "items of the score"
    if score.items and rule_of(form, score).max_missing >= len(score.items):
        yield ("scores", n), f"all {len(score.items)} answers may be missing", "at least one answer for a score"
    ends = ends_of(form, score)
    if ends and any(abs(end - said) > 0.005 for end, said in zip(ends, score.range, strict=True)):
        wrong = f"the range {score.range[0]:g} to {score.range[1]:g} is not what the answers can add up to"
        yield ("scores", n, "range"), wrong, f"[{ends[0]:g}, {ends[1]:g}]"


def _blanks(form: Form, score: Score, n: int) -> Iterator[Fault]:
    """A rule for blanks must be one that its method can keep."""
    rule = rule_of(form, score)
    if rule.policy == "algorithm" and not score.algorithm:
        yield ("scores", n), f"{score.id!r} is no algorithm, and its blanks are left to one", "another policy"
    for pair in rule.either_or if score.method != "sum_of_scores" else ():
        if not any(set(pair) <= set(group) for group in score.groups):
            wrong = f"{' or '.join(pair)} are not in one group of {score.id!r}"
            yield ("scores", n), wrong, "either_or items of one group of a sum_of_maxima"


def _declared(form: Form, score_id: str) -> tuple[float, float]:
    return next(score.range for score in form.scores if score.id == score_id)


def _bands(form: Form) -> Iterator[Fault]:
    if not form.bands:
        return
    score = next(score for score in form.scores if score.id == form.bands.scale)
    low, high = score.range
    bands = form.bands.set
    for n, band in enumerate(bands):
        if band.min > high or band.max < low:
            wrong = f"no score reaches the band {band.id!r} ({band.min:g} to {band.max:g})"
            yield ("bands", "set", n), wrong, f"within {low:g} to {high:g}"
    if bands[0].min != low or bands[-1].max != high:
        wrong = f"the bands go from {bands[0].min:g} to {bands[-1].max:g}"
        yield ("bands", "set"), wrong, f"{low:g} to {high:g}, as the score"
    if not form.bands.continuous and not score.is_exact:
        for n, (lower, upper) in enumerate(pairwise(bands)):
            if upper.min != lower.max + 1:
                wrong = f"a score between {lower.max:g} and {upper.min:g} has no band"
                yield ("bands", "set", n + 1), wrong, f"min: {lower.max + 1:g}"
