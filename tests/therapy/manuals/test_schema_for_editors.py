"""An editor that knows the schema marks no manual that is right, and marks a name that nobody knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from openipt.cli.shelf_new import new_folder
from openipt.therapy import shelf
from openipt.therapy.manuals import manual_ids
from openipt.therapy.manuals.schema import page_schema
from openipt.therapy.shelf import read_page, read_text

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "add-a-manual.md"


@pytest.fixture(scope="module")
def checker() -> Any:
    schema = page_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def complaints(checker: Any, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:100]}" for error in checker.iter_errors(data)]


@pytest.mark.parametrize("name", manual_ids())
def test_every_manual_on_the_shelf_keeps_the_schema(checker: Any, name: str) -> None:
    assert complaints(checker, read_page(shelf.find(name, "manuals") / "manual.yaml").data) == []


def test_what_was_begun_and_what_the_how_to_page_shows_keep_it(checker: Any, tmp_path: Path) -> None:
    assert complaints(checker, read_page(new_folder("manual", "our-way", tmp_path) / "manual.yaml").data) == []
    (shown,) = re.findall(r"^```yaml our-shelf/\S+\n(.*?)^```", HOW_TO.read_text(encoding="utf-8"), re.M | re.S)
    assert complaints(checker, read_text(shown, "shown").data) == []


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("gates: [consent, open_flag]", "gates: [consnt]", "$.gates[0]"),
        ("decision_points: []", "decision_points: [DP99]", "$.decision_points[0]"),
        ("exit: [INI.09]", "exit: [INI.99]", "$.phases[0].exit[0]"),
        ("first_of: [phq-9]", "first_of: [phq-99]", "$.measures[0].first_of[0]"),
        ("outcome: [phq-9]", "outcome: [phq-99]", "$.outcome[0]"),
        ("forbid: []", "forbid: [EVERYTHING]", "$.forbid[0]"),
        ("purpose: treatment", "purposes: treatment", "$"),
    ],
)
def test_a_name_nobody_knows_is_marked_at_its_place(
    checker: Any, tmp_path: Path, before: str, after: str, where: str
) -> None:
    text = (new_folder("manual", "our-way", tmp_path) / "manual.yaml").read_text(encoding="utf-8")
    assert before in text
    places = {error.json_path for error in checker.iter_errors(read_text(text.replace(before, after), "x").data)}
    assert where in places
