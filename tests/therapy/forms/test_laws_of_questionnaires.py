"""What holds for every questionnaire on the shelf, whatever is answered."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form, score
from openipt.therapy.words import render

QUESTIONNAIRES = shelf.ids("questionnaires")
quick = settings(max_examples=60, deadline=None)


def offered(form: Form, item_id: str) -> list[Any]:
    """Return the numbers an item takes, lowest first; the test's own reading of the definition."""
    item = next(item for item in form.items if item.id == item_id)
    if item.kind == "choice":
        chosen = form.answers[item.choices] if isinstance(item.choices, str) else item.choices
        return sorted(choice.value for choice in chosen)
    assert item.kind in ("scale", "whole"), item
    if item.kind == "scale" and item.step == 0.1:
        return [tenths / 10 for tenths in range(item.min * 10, item.max * 10 + 1)]
    return list(range(int(item.min), int(item.max) + 1))


def asked(form: Form) -> list[str]:
    return [item.id for item in form.items if item.kind in ("choice", "scale", "whole")]


def scored(form: Form, score_id: str | None = None) -> list[str]:
    """Return the items that a score is made of, through its parts."""
    one = form.score_named(score_id)
    direct = list(one.parts)
    parts = [item for part in (*one.scores, *one.weights) for item in scored(form, part)]
    return list(dict.fromkeys(direct + parts))


def is_added(form: Form) -> bool:
    """Whether the main score adds or averages its own items, so that each point and each blank counts in it."""
    return form.score_named() is not None and form.score_named().method in ("sum", "mean")


def sheets(form: Form, complete: bool = False) -> st.SearchStrategy[dict[str, int]]:
    answers = {item: st.sampled_from(offered(form, item)) for item in asked(form)}
    return st.fixed_dictionaries(answers) if complete else st.fixed_dictionaries({}, optional=answers)


def is_reversed(form: Form, item_id: str) -> bool:
    return next(item for item in form.items if item.id == item_id).reverse


def completed(form: Form, sheet: dict[str, int], *, high: bool) -> dict[str, int]:
    """Fill every blank with the answer that scores most (or least)."""
    filled = dict(sheet)
    for item in scored(form):
        if item not in filled:
            filled[item] = offered(form, item)[-1 if high != is_reversed(form, item) else 0]
    return filled


@pytest.fixture(params=QUESTIONNAIRES)
def form(request: pytest.FixtureRequest) -> Form:
    return open_form(request.param)


@pytest.fixture
def scored_form(form: Form) -> Form:
    if form.score_named() is None:
        pytest.skip("nothing to score")
    return form


@pytest.fixture
def added_form(form: Form) -> Form:
    if not is_added(form):
        pytest.skip("its main score is not a plain sum or mean")
    return form


def test_the_shelf_holds_the_questionnaires_we_promise() -> None:
    assert {"phq-9", "gad-7", "phq-a", "wsas", "audit-c", "pg-13-r", "alliance-5"} <= set(QUESTIONNAIRES)


def test_more_points_never_lower_a_score(added_form: Form) -> None:
    """A worse answer never lowers a score that is higher when worse, nor a better one a score higher when better."""
    form = added_form

    @quick
    @given(sheet=sheets(form), data=st.data())
    def law(sheet: dict[str, int], data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(scored(form)))
        steps = offered(form, item)
        low, high = sorted(data.draw(st.tuples(st.sampled_from(steps), st.sampled_from(steps))))
        fewer, more = (high, low) if is_reversed(form, item) else (low, high)
        before, after = (score(form, {**sheet, item: raw}).scores[form.primary] for raw in (fewer, more))
        if before is not None and after is not None:
            assert before <= after

    law()


def test_the_order_of_answers_does_not_matter(form: Form) -> None:
    @quick
    @given(sheet=sheets(form), data=st.data())
    def law(sheet: dict[str, int], data: st.DataObject) -> None:
        shuffled = dict(data.draw(st.permutations(list(sheet.items()))))
        assert score(form, shuffled) == score(form, sheet)

    law()


def test_a_blank_is_never_zero(added_form: Form) -> None:
    """A score of a sheet with blanks lies where some completion would put it, and null is the same as absent."""
    form = added_form

    @quick
    @given(sheet=sheets(form))
    def law(sheet: dict[str, int]) -> None:
        result = score(form, sheet)
        assert score(form, {item: sheet.get(item) for item in asked(form)}) == result
        value = result.scores[form.primary]
        if value is not None:
            ends = [score(form, completed(form, sheet, high=high)).scores[form.primary] for high in (False, True)]
            assert ends[0] <= value <= ends[1]

    law()


def test_an_empty_sheet_has_no_score(scored_form: Form) -> None:
    form = scored_form
    result = score(form, {})
    assert result.valid
    assert result.status == "unscored"
    assert set(result.scores.values()) == {None}
    assert result.band is None
    assert set(result.cutoffs.values()) <= {None}
    assert set(scored(form)) <= set(result.missing.items)


def test_a_sheet_with_one_blank_too_many_has_no_score(added_form: Form) -> None:
    form = added_form
    rule = form.score_named().missing or form.missing
    most = 0 if rule.policy == "complete_only" else rule.max_missing
    sheet = {item: offered(form, item)[-1] for item in asked(form)}
    for item in scored(form)[: most + 1]:
        assert score(form, sheet).scores[form.primary] is not None
        del sheet[item]
    assert score(form, sheet).scores[form.primary] is None


def reachable(form: Form, items: list[str]) -> dict[int, dict[str, int]]:
    """Return every total that the items can add up to, each with a sheet that does."""
    others = {item: offered(form, item)[-1] for item in asked(form) if item not in items}
    totals: dict[int, dict[str, int]] = {0: others}
    for item in items:
        steps = offered(form, item)
        turn = steps[0] + steps[-1]
        worth = {raw: turn - raw if is_reversed(form, item) else raw for raw in steps}
        totals = {n + points: {**sheet, item: raw} for n, sheet in totals.items() for raw, points in worth.items()}
    return totals


def test_a_band_exists_for_every_reachable_total(form: Form) -> None:
    score_id = form.bands and form.bands.scale
    if not score_id or form.score_named(score_id).method not in ("sum", "mean"):
        pytest.skip("no bands, or a score of scores")
    one = form.score_named(score_id)
    if any(item.kind == "scale" and item.step != 1 for item in form.items):
        pytest.skip("too many totals to try; its examples try the edges")
    totals = reachable(form, list(one.items))
    results = {total: score(form, sheet) for total, sheet in totals.items()}
    assert all(form.band_label(result.band) for result in results.values())
    values = [result.scores[score_id] for result in results.values()]
    assert (min(values), max(values)) == one.range
    if not one.is_exact and one.method == "sum":
        assert {total: result.scores[score_id] for total, result in results.items()} == {n: n for n in totals}


IMPOSSIBLE: list[Any] = [True, "3 ", 77, -1, 10**400, math.nan, math.inf, 3.0, [], {}, b"3", "\ud800"]
TAKEN = {"whole": [77], "text": ["3 "], "long_text": ["3 "], "person": ["3 "], "group": [[]]}


@pytest.mark.parametrize("value", IMPOSSIBLE, ids=lambda value: ascii(value)[:12])
def test_an_impossible_answer_rejects_the_whole_sheet_by_name(form: Form, value: Any) -> None:
    full = {item: offered(form, item)[-1] for item in asked(form)}
    for item in form.items:
        if value in TAKEN.get(item.kind, []) or (value == 3.0 and item.kind == "scale" and item.step != int(item.step)):
            continue
        result = score(form, {**full, item.id: value})
        assert not result.valid, item.id
        assert [trouble.item for trouble in result.errors] == [item.id]
        assert item.id in render(result.errors[0].problem)
        assert result.status == "unscored"
        assert set(result.scores.values()) | set(result.exact.values()) <= {None}
        assert set(result.cutoffs.values()) | set(result.algorithms.values()) <= {None}
        assert result.band is None
        about_it = {one.id for one in form.findings if item.id in one.when}
        assert set(result.findings) <= {*score(form, {**full, item.id: None}).findings, *about_it}


@pytest.mark.parametrize("value", [0, None], ids=["answered", "blank"])
def test_an_unknown_item_rejects_the_whole_sheet(form: Form, value: int | None) -> None:
    result = score(form, {"q77": value})
    assert not result.valid
    assert [trouble.item for trouble in result.errors] == ["q77"]
    assert form.items[0].id in render(result.errors[0].problem)


@pytest.mark.parametrize("answers", [None, [], "q1", 3])
def test_something_that_is_no_sheet_is_rejected(form: Form, answers: Any) -> None:
    result = score(form, answers)
    assert not result.valid
    assert result.errors[0].item == ""
    assert render(result.errors[0].problem)
