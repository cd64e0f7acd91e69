"""Every worked example on the shelf comes out as its author says: what is valid, scored, missing, derived, asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from openipt.therapy import shelf
from openipt.therapy.forms import Form, Result, open_form, score
from openipt.therapy.forms.opening import KINDS
from openipt.therapy.shelf import read_page

EXAMPLE_KEYS = {"case", "answers", "context", "expect"}


def worked_examples() -> Iterator[Any]:
    """One test a worked example, named after its form and its case."""
    for kind in KINDS:
        for form_id in shelf.ids(kind):
            page = shelf.find(form_id, kind) / "examples.yaml"
            if page.is_file():
                for example in read_page(page).data:
                    yield pytest.param(form_id, example, id=f"{form_id}: {example['case']}")


def sheet(form: Form, answers: Any) -> dict[str, Any]:
    """A short list of answers stands for the items in the order the form asks them."""
    if not isinstance(answers, list):
        return answers
    asked = [item.id for item in form.items if item.kind != "note"]
    return dict(zip(asked[: len(answers)], answers, strict=True))


def facts_of(result: Result) -> dict[str, Any]:
    """A fact made once stands alone; a fact made for each row is a list, in the order of the rows."""
    found: dict[str, Any] = {}
    for fact in result.facts:
        if fact.row is None:
            found[fact.id] = fact.value
        else:
            found.setdefault(fact.id, []).append(fact.value)
    return found


def only(found: Any, expected: dict[str, Any]) -> dict[str, Any]:
    """What was found for the names an example speaks of; a name that was not found is None."""
    return {name: found.get(name) for name in expected}


def in_order(names: Any) -> list[str]:
    return sorted(map(str, names))


CLOSE: dict[str, Callable[[Result], Any]] = {
    "scores": lambda r: r.scores,
    "exact": lambda r: r.exact,
    "facts": facts_of,
}
NAMED: dict[str, Callable[[Result], Any]] = {"cutoffs": lambda r: r.cutoffs, "algorithms": lambda r: r.algorithms}
SAME: dict[str, Callable[[Result], Any]] = {
    "valid": lambda r: r.valid,
    "status": lambda r: r.status,
    "band": lambda r: r.band,
}
LISTED: dict[str, Callable[[Result], Any]] = {
    "missing": lambda r: r.missing.items,
    "findings": lambda r: r.findings,
    "hints": lambda r: [hint.id for hint in r.hints],
    "errors": lambda r: [trouble.item for trouble in r.errors],
}


def check(key: str, expected: Any, result: Result) -> None:
    """Compare one thing an example speaks of with what came out."""
    if key in CLOSE:
        for name, value in only(CLOSE[key](result), expected).items():
            numbers = expected[name] if _are_numbers(expected[name]) else None
            assert value == (pytest.approx(numbers, abs=0.005) if numbers is not None else expected[name]), name
    elif key in NAMED:
        assert only(NAMED[key](result), expected) == expected
    elif key in SAME:
        assert SAME[key](result) == expected
    elif key == "missing" and isinstance(expected, int):
        assert result.missing.n == expected
    else:
        assert in_order(LISTED[key](result)) == in_order(expected)


def _are_numbers(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in values)


@pytest.mark.parametrize(("form_id", "example"), list(worked_examples()))
def test_a_worked_example_comes_out_as_written(form_id: str, example: dict[str, Any]) -> None:
    assert set(example) <= EXAMPLE_KEYS
    unknown = set(example["expect"]) - {*CLOSE, *NAMED, *SAME, *LISTED}
    assert not unknown, f"{form_id}: an example cannot expect {unknown}"
    form = open_form(form_id)

    result = score(form, sheet(form, example["answers"]), example.get("context"))

    explained = {key: getattr(result, key, None) for key in ("errors", "missing", "hints", "findings")}
    if "valid" not in example["expect"]:
        assert result.valid, explained
    for key, expected in example["expect"].items():
        check(key, expected, result)


@pytest.mark.parametrize("form_id", shelf.ids("worksheets"))
def test_an_example_speaks_only_of_facts_and_checks_the_sheet_has(form_id: str) -> None:
    form = open_form(form_id)
    page = shelf.find(form_id, "worksheets") / "examples.yaml"
    assert page.is_file(), f"{form_id} has no worked examples; expected examples.yaml beside form.yaml"
    expected = [example["expect"] for example in read_page(page).data]

    assert {name for one in expected for name in one.get("facts", {})} <= {fact.id for fact in form.facts}
    assert {name for one in expected for name in one.get("hints", ())} <= {check.id for check in form.checks}
    assert {name for one in expected for name in one.get("findings", ())} <= {finding.id for finding in form.findings}


@pytest.mark.parametrize("form_id", shelf.ids("worksheets"))
def test_an_empty_worksheet_is_valid_and_says_nothing(form_id: str) -> None:
    result = score(open_form(form_id), {})

    assert result.valid
    assert not result.hints
    assert not result.findings
