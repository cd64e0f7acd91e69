"""Each instrument has worked examples enough: the ends, blanks, impossible answers, each finding, band and cut-off."""

from __future__ import annotations

from typing import Any

import pytest
from test_reference_ids import OURS, TABLE
from test_worked_examples import sheet

from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form
from openipt.therapy.forms.items import ChoiceItem, ScaleItem
from openipt.therapy.shelf import read_page

INSTRUMENTS = sorted(TABLE)
SCORED = [form_id for form_id in INSTRUMENTS if TABLE[form_id].get("primary")]
FINDINGS = [form_id for form_id in INSTRUMENTS if TABLE[form_id].get("findings")]
BANDS = [form_id for form_id in INSTRUMENTS if TABLE[form_id].get("bands")]
CUTOFFS = [form_id for form_id in INSTRUMENTS if TABLE[form_id].get("cutoffs")]
OUTCOMES = ["asq", "c-ssrs-screener"]


def examples(form_id: str) -> list[dict[str, Any]]:
    return read_page(shelf.find(form_id, "questionnaires") / "examples.yaml").data


def answers(form: Form, example: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sheet(form, example["answers"]).items() if value is not None}


def taken(form_id: str) -> list[dict[str, Any]]:
    return [one for one in examples(form_id) if one["expect"].get("valid", True)]


@pytest.mark.parametrize("form_id", INSTRUMENTS)
def test_an_instrument_has_twelve_worked_examples(form_id: str) -> None:
    assert len(examples(form_id)) >= 12
    cases = [one["case"] for one in examples(form_id)]
    assert len(set(map(str, cases))) == len(cases)


@pytest.mark.parametrize("form_id", sorted(OURS))
def test_our_own_words_have_five(form_id: str) -> None:
    assert len(examples(form_id)) >= 5


@pytest.mark.parametrize("form_id", INSTRUMENTS)
def test_an_impossible_answer_is_among_them(form_id: str) -> None:
    assert any(one["expect"].get("errors") for one in examples(form_id))


@pytest.mark.parametrize("form_id", [one for one in SCORED if one != "srm-5"])
def test_the_lowest_and_the_highest_sheet_are_among_them(form_id: str) -> None:
    form = open_form(form_id)
    for pick in (0, -1):
        for one in taken(form_id):
            given = answers(form, one)
            if all(given.get(item) == ends(form, item)[pick] for item in needed(form)):
                break
        else:
            pytest.fail(f"no sheet with every answer at its {'lowest' if pick == 0 else 'highest'}")


def needed(form: Form) -> list[str]:
    used = {item for one in form.scores for item in one.parts}
    skipped = {item for one in form.skip for item in one.items}
    return [item.id for item in form.items if item.id in used and item.id not in skipped]


def ends(form: Form, item_id: str) -> tuple[float, float]:
    item = next(item for item in form.items if item.id == item_id)
    if isinstance(item, ChoiceItem):
        chosen = form.answers[item.choices] if isinstance(item.choices, str) else item.choices
        values = [choice.value for choice in chosen]
        return min(values), max(values)
    assert isinstance(item, ScaleItem)
    return item.min, item.max


@pytest.mark.parametrize("form_id", [one for one in SCORED if one != "srm-5"])
def test_one_blank_and_too_many_are_among_them(form_id: str) -> None:
    form = open_form(form_id)
    blanks = [
        1 if one["expect"]["missing"] == 1 else len(one["expect"]["missing"])
        for one in taken(form_id)
        if isinstance(one["expect"].get("missing"), list) or one["expect"].get("missing") == 1
    ]
    assert 1 in blanks
    assert any(one["expect"].get("status") == "unscored" for one in taken(form_id)), form.id


@pytest.mark.parametrize("form_id", FINDINGS)
def test_each_finding_speaks_and_keeps_silent(form_id: str) -> None:
    told = [set(one["expect"]["findings"]) for one in taken(form_id) if "findings" in one["expect"]]
    for finding in TABLE[form_id]["findings"]:
        assert any(finding in one for one in told), finding
        assert any(finding not in one for one in told), finding


@pytest.mark.parametrize("form_id", BANDS)
def test_both_ends_of_each_band_are_tried(form_id: str) -> None:
    """Within one step of the answers: not every limit of a mean can be reached."""
    form = open_form(form_id)
    assert form.bands
    score = form.score_named(form.bands.scale)
    assert score
    near = 0.0 if not score.is_exact else 4.0 if score.transform else 0.3
    near = {"ors": 0.1, "srs-3": 0.1, "srm-5": 1.0}.get(form_id, near)
    for band in form.bands.set:
        found = [
            one["expect"]["scores"][score.id]
            for one in taken(form_id)
            if one["expect"].get("band") == band.id and one["expect"].get("scores", {}).get(score.id) is not None
        ]
        assert found, band.id
        assert min(found) - band.min <= near, band.id
        assert band.max - max(found) <= near, band.id


@pytest.mark.parametrize("form_id", CUTOFFS)
def test_each_cutoff_is_met_and_missed(form_id: str) -> None:
    for cutoff in TABLE[form_id]["cutoffs"]:
        told = [one["expect"].get("cutoffs", {}).get(cutoff) for one in taken(form_id)]
        assert {True, False} <= set(told), cutoff


@pytest.mark.parametrize("form_id", OUTCOMES)
def test_each_named_outcome_comes_out(form_id: str) -> None:
    for rule, outcomes in TABLE[form_id]["algorithms"].items():
        assert {one["expect"]["algorithms"][rule] for one in taken(form_id)} == set(outcomes)


@pytest.mark.parametrize("form_id", [one for one in INSTRUMENTS if TABLE[one].get("skips")])
def test_each_skip_is_tried(form_id: str) -> None:
    for _when, items, _points in TABLE[form_id]["skips"]:
        assert any(
            one["expect"].get("missing") == [] and not set(items) & set(answers(open_form(form_id), one))
            for one in taken(form_id)
        ), items
