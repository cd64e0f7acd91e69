"""The shelf keeps the ids and numbers of the reference definitions (RULINGS 21): a compact table, compared in full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.definition import MissingRule
from openipt.therapy.forms.expressions import parse
from openipt.therapy.forms.items import ChoiceItem, GroupItem
from openipt.therapy.shelf import read_page

TABLE: dict[str, dict[str, Any]] = read_page(Path(__file__).with_name("reference_ids.yaml")).data
OURS = {"own-functioning", "own-longing", "own-satisfaction", "own-stress"}
# Asked only after certain answers; where they are asked, a complete sheet has them (MEASURES 6).
ASKED_LATER = {"asq": {"q5"}, "c-ssrs-screener": {"q3", "q4", "q5", "q6_recent"}}
# Not in words of the reference, and needed to score: which days, and where a day begins (PROTOCOLS 2.7).
BESIDE = {"rows", "day_from"}


def leaves(form: Form) -> list[Any]:
    """The items that take an answer, also inside a group."""
    return [one for item in form.items for one in (item.items if isinstance(item, GroupItem) else (item,))]


def rule(missing: MissingRule) -> list[Any]:
    return [missing.policy, missing.max_missing]


@pytest.fixture(params=TABLE)
def pair(request: pytest.FixtureRequest) -> tuple[Form, dict[str, Any]]:
    return open_form(request.param), TABLE[request.param]


Pair = tuple[Form, dict[str, Any]]


def test_all_54_instruments_stand_on_the_shelf_and_nothing_unknown_beside_them() -> None:
    assert len(TABLE) == 54
    assert set(shelf.ids("questionnaires")) == set(TABLE) | OURS


def test_items_and_what_they_take(pair: Pair) -> None:
    form, expected = pair
    items = leaves(form)
    assert [item.id for item in items] == expected["items"]
    assert [item.id for item in items if item.reverse] == expected.get("reversed", [])
    assert [item.id for item in items if not item.scored] == expected.get("unscored", [])
    required = {item.id for item in items if item.required} - ASKED_LATER.get(form.id, set())
    assert required == set(expected.get("required", []))
    assert {item.id: item.loinc for item in items if item.loinc} == expected.get("loinc", {})
    for way in expected.get("answers", []):
        for name in way["of"]:
            item = next(one for one in items if one.id == name)
            if isinstance(item, ChoiceItem):
                assert [value for value, _ in choices_of(form, item)] == way["values"], name
            else:
                kind = {"whole": "integer", "scale": "decimal"}[item.kind]
                assert [kind, item.min, item.max] == way["values"], name


def test_scores(pair: Pair) -> None:
    form, expected = pair
    assert {one.id: one.method for one in form.scores} == {
        name: one["method"] for name, one in expected.get("scores", {}).items()
    }
    for score in form.scores:
        one = expected["scores"][score.id]
        assert (list(score.range), score.higher_is) == (one["range"], one["higher_is"]), score.id
        for key in ("groups", "scores", "weights"):
            assert plain(getattr(score, key)) == one.get(key, plain(type(getattr(score, key))())), (score.id, key)
        if not score.algorithm:
            assert list(score.items) == one.get("items", [])
        assert limit(score.condition) == one.get("condition")
        assert {name: limit(test) for name, test in score.item_conditions.items()} == one.get("item_conditions", {})
        steps = [step.model_dump(exclude_none=True) for step in score.transform]
        assert steps == one.get("transform", [])
        if "missing" in one:
            assert score.missing is not None
            assert rule(score.missing) == one["missing"], score.id
        if score.algorithm:
            numbers = score.algorithm.model_dump()
            assert {key: numbers[key] for key in one["algorithm"]} == one["algorithm"]
            assert set(numbers) - set(one["algorithm"]) - BESIDE <= {"window_minutes", "min_occurrences", "outlier_sd"}


def test_the_rule_for_blanks(pair: Pair) -> None:
    form, expected = pair
    assert form.primary == expected.get("primary")
    assert form.missing is not None
    known = expected["missing"]
    assert rule(form.missing) == [known["policy"], known["max_missing"]]
    assert plain(form.missing.requires) == known.get("requires", [])
    assert plain(form.missing.either_or) == known.get("either_or", [])
    assert form.missing.decimals == known["decimals"]


def test_bands_and_cutoffs(pair: Pair) -> None:
    form, expected = pair
    bands = expected.get("bands")
    assert (form.bands is None) == (bands is None)
    if form.bands:
        assert {one.id: [one.min, one.max] for one in form.bands.set} == bands["set"]
        assert (form.bands.scale, form.bands.continuous) == (bands["scale"], bands["continuous"])
    cutoffs = {
        one.id: [one.scale, one.op, one.value, *([one.applies_to] if one.applies_to else [])] for one in form.cutoffs
    }
    assert cutoffs == expected.get("cutoffs", {})


def test_rules_findings_and_skips(pair: Pair) -> None:
    form, expected = pair
    rules = expected.get("algorithms", {})
    assert [one.id for one in form.algorithms] == list(rules)
    for one in form.algorithms:
        if one.outcomes:
            assert [way.id for way in one.outcomes] == rules[one.id]
        else:
            assert parse(one.when or "") == parse(rules[one.id])
    assert [one.id for one in form.findings] == list(expected.get("findings", {}))
    for finding in form.findings:
        level, when = expected["findings"][finding.id]
        assert (finding.level, parse(finding.when)) == (level, parse(when)), finding.id
    skips = [[parse(one.when), list(one.items), one.score_as] for one in form.skip]
    assert skips == [[parse(when), *rest] for when, *rest in expected.get("skips", [])]


def test_change_and_codes(pair: Pair) -> None:
    form, expected = pair
    known = expected.get("change", {})
    assert form.change.reliable == known.get("reliable")
    for key in ("recovery", "remission"):
        found = getattr(form.change, key)
        assert ([found.op, found.value] if found else None) == known.get(key), key
    codes = {key: code for key in ("panel", "total") if (code := getattr(form.loinc, key))}
    assert codes == expected.get("codes", {})


def test_the_words_have_the_status_of_the_reference(pair: Pair) -> None:
    form, expected = pair
    assert form.terms.text_status == expected["text"]


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value


def limit(test: Any) -> Any:
    return {"op": test.op, "value": test.value} if test else None
