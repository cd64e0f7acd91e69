"""Each method of scoring, and its rule for missing answers, on forms made for the purpose."""

from __future__ import annotations

from typing import Any

import pytest

from openipt.therapy.forms import Form, read_form, score
from openipt.therapy.shelf import Refused, read_text

HEAD = """\
grammar: openipt-form/1
id: made-up
version: 1.0.0
kind: questionnaire
title: Made up
purpose: Made up for a test
filled_by: [client]
rights: ours
answers:
  five: [{value: 0, label: a}, {value: 1, label: b}, {value: 2, label: c}, {value: 3, label: d}, {value: 4, label: e}]
items:
  - {id: q1, kind: choice, choices: five, label: one}
  - {id: q2, kind: choice, choices: five, label: two, reverse: true}
  - {id: q3, kind: choice, choices: five, label: three}
  - {id: q4, kind: choice, choices: five, label: four, allow_na: true}
  - {id: gate, kind: yes_no, label: gate}
"""
SUM = """\
scores: [{id: total, label: T, method: sum, items: [q1, q2, q3], range: [0, 12], higher_is: worse}]
primary: total
"""


def made(text: str, items: str = "") -> Form:
    return read_form(read_text(HEAD + items + text, "form.yaml"))


def total(form: Form, **answers: Any) -> float | None:
    return score(form, answers).scores["total"]


def test_a_sum_turns_reversed_items() -> None:
    assert total(made(SUM), q1=1, q2=1, q3=1) == 1 + 3 + 1


@pytest.mark.parametrize(("answers", "expected"), [((4, 4), 6), ((1, 4), 2), ((0, 3), 2), ((2, 4), 3), ((0, 4), 0)])
def test_proration_rounds_half_up(answers: tuple[int, int], expected: int) -> None:
    """One answer of 3 missing: the mean of two, three times. 1.5 becomes 2, never the even neighbour by habit."""
    form = made(SUM + "missing: {policy: prorate_sum, max_missing: 1}\n")
    result = score(form, {"q1": answers[0], "q2": answers[1]})
    assert result.scores["total"] == expected
    assert result.exact["total"] == 3 * (answers[0] + 4 - answers[1]) / 2
    assert result.status == "prorated"


def test_a_gate_item_must_be_answered_even_on_a_complete_sheet() -> None:
    form = made(SUM + "missing: {policy: prorate_sum, max_missing: 1, requires: [gate]}\n")
    assert total(form, q1=1, q2=1, q3=1) is None
    assert total(form, q1=1, q2=1, q3=1, gate=False) == 5


def test_means_are_judged_unrounded() -> None:
    text = """\
scores:
  - id: total
    label: Mean
    method: mean
    items: [q1, q3]
    range: [0, 1.2]
    higher_is: worse
    transform: [{multiply: 0.1}, {multiply: 3}]
primary: total
missing: {policy: mean_of_answered, max_missing: 1, decimals: 0}
cutoffs: [{id: half, scale: total, op: '>=', value: 0.6, meaning: half}]
bands:
  scale: total
  continuous: true
  set: [{id: low, label: L, min: 0, max: 0.59}, {id: up, label: U, min: 0.6, max: 1.2}]
"""
    result = score(made(text), {"q1": 1, "q3": 3})
    assert result.scores["total"] == 1
    assert result.exact["total"] == 0.6  # 2 * 0.1 * 3 in binary numbers would be 0.6000000000000001
    assert result.cutoffs["half"] is True
    assert result.band == "up"


def test_an_item_that_does_not_apply_leaves_the_total_without_a_band() -> None:
    text = """\
scores: [{id: total, label: T, method: sum, items: [q1, q4], range: [0, 8], higher_is: worse}]
primary: total
missing:
  policy: complete_only
  not_applicable: {items: [q4], code: na, effect: total of the rest}
bands: {scale: total, set: [{id: all, label: All, min: 0, max: 8}]}
"""
    form = made(text)
    assert (total(form, q1=3, q4="na"), score(form, {"q1": 3, "q4": "na"}).band) == (3, None)
    assert (total(form, q1=3, q4=1), score(form, {"q1": 3, "q4": 1}).band) == (4, "all")
    assert total(form, q1=3) is None


def test_a_sheet_on_which_nothing_applies_has_no_score() -> None:
    text = """\
scores: [{id: total, label: T, method: sum, items: [q4], range: [0, 4], higher_is: worse}]
primary: total
missing: {policy: complete_only, not_applicable: {items: [q4], code: na, effect: none}}
"""
    assert total(made(text), q4="na") is None


def test_subscales_are_rounded_before_they_are_added() -> None:
    text = """\
scores:
  - {id: a, label: A, method: sum, items: [q1, q3], range: [0, 8], higher_is: worse, missing: &}
  - id: b
    label: B
    method: count
    items: [q1, q2, gate]
    condition: {op: '>=', value: 1}
    range: [0, 3]
    higher_is: worse
  - {id: total, label: T, method: sum_of_scores, scores: [a, b], range: [0, 11], higher_is: worse}
primary: total
""".replace("&", "{policy: prorate_sum, max_missing: 1}")
    form = made(text)
    result = score(form, {"q1": 1, "q2": 0, "gate": True})
    assert result.scores == {"a": 2, "b": 2, "total": 4}
    assert result.status == "prorated", "a total is made up as soon as one part of it is"


def test_the_mean_of_means_is_exact() -> None:
    text = """\
scores:
  - {id: a, label: A, method: mean, items: [q1, q2, q3], range: [0, 4], higher_is: worse}
  - {id: b, label: B, method: mean, items: [q1], range: [0, 4], higher_is: worse}
  - {id: total, label: T, method: mean_of_scores, scores: [a, b], range: [0, 4], higher_is: worse}
  - {id: line, label: L, method: linear, weights: {a: 0.7, b: -0.1}, range: [-0.4, 2.8], higher_is: neutral}
  - {id: top, label: M, method: sum_of_maxima, groups: [[q1, q2], [q3]], range: [0, 8], higher_is: worse}
primary: total
"""
    result = score(made(text), {"q1": 1, "q2": 3, "q3": 2})
    assert result.exact == {"a": 4 / 3, "b": 1.0, "total": 7 / 6, "line": 5 / 6, "top": 3}
    assert result.scores == {"a": 1.33, "b": 1.0, "total": 1.17, "line": 0.83, "top": 3}


def test_skipped_items_fill_only_blanks() -> None:
    form = made(SUM + "skip: [{when: q1 = 0, items: [q2, q3], score_as: 4}]\n")
    assert total(form, q1=0) == 0 + 0 + 4
    assert total(form, q1=0, q3=1) == 0 + 0 + 1
    assert total(form, q1=1) is None


@pytest.mark.parametrize(
    ("sex", "expected"),
    [({"sex": "female"}, (True, None)), ({"sex": "male"}, (None, False)), ({}, (True, False)), (None, (True, False))],
)
def test_a_cut_off_of_another_context_is_not_known(
    sex: dict[str, str] | None, expected: tuple[bool | None, ...]
) -> None:
    text = """\
cutoffs:
  - {id: women, scale: total, op: '>=', value: 3, meaning: m, applies_to: {sex: female}}
  - {id: men, scale: total, op: '>=', value: 4, meaning: m, applies_to: {sex: male}}
"""
    result = score(made(SUM + text), {"q1": 3, "q2": 4, "q3": 0}, sex)
    assert (result.cutoffs["women"], result.cutoffs["men"]) == expected


REFUSED = {
    "an item that may not apply, in a sum": (SUM.replace("q3", "q4"), "q4"),
    "an item without points": (SUM.replace("q3]", "gate]"), "cannot be scored"),
    "a range that cannot be": (SUM.replace("[0, 12]", "[0, 13]"), "[0, 12]"),
    "a score before its parts": (
        "scores:\n  - {id: t, label: T, method: sum_of_scores, scores: [a], range: [0, 4], higher_is: worse}\n"
        "  - {id: a, label: A, method: sum, items: [q1], range: [0, 4], higher_is: worse}\n",
        "its parts before it",
    ),
    "a name used twice": (SUM + "algorithms: [{id: q1, when: q2 = 1}]\n", "each id once"),
    "all answers missing": (SUM + "missing: {policy: prorate_sum, max_missing: 3}\n", "at least one answer"),
    "a cut-off that divides nothing": (
        SUM + "cutoffs: [{id: c, scale: total, op: '>', value: 12, meaning: m}]\n",
        "0 to 12",
    ),
    "a skip to an impossible answer": (SUM + "skip: [{when: q1 = 0, items: [q2], score_as: 9}]\n", "[0, 1, 2, 3, 4]"),
    "a gate that is not asked": (SUM + "missing: {policy: complete_only, requires: [door]}\n", "gate"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_form_that_cannot_be_scored_is_refused_when_it_is_read(case: str) -> None:
    text, expected = REFUSED[case]
    with pytest.raises(Refused) as refused:
        made(text)
    assert expected in str(refused.value)
