"""The reference pages of the forms are true: their examples load, and what they promise about blanks holds."""

from __future__ import annotations

import doctest
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from openipt.therapy.forms import Form, read_form, score
from openipt.therapy.forms.definition import Change, Rights, Score
from openipt.therapy.forms.scoring import engine_of
from openipt.therapy.shelf import read_text

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [*sorted((DOCS / "reference").glob("*.md")), *sorted((DOCS / "how-to").glob("*.md"))]
_BLOCK = re.compile(r"^```yaml form\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(text, id=f"{page.name}-{number}")
    for page in PAGES
    for number, text in enumerate(_BLOCK.findall(page.read_text(encoding="utf-8")), 1)
]
ITEMS = ("q1", "q2", "q3")
REFERENCE = (DOCS / "reference" / "forms.md").read_text(encoding="utf-8")


@cache
def form_named(form_id: str) -> Form:
    texts = [example.values[0] for example in EXAMPLES]
    return next(form for form in (read_form(read_text(text, "example")) for text in texts) if form.id == form_id)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_pages_loads(text: str) -> None:
    form = read_form(read_text(text, "example"))

    assert score(form, {}).valid


def test_the_pages_have_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("model", [Form, Rights, Change, Score], ids=lambda model: model.__name__)
def test_every_key_of_the_grammar_is_described(model: type) -> None:
    absent = [key for key in model.model_fields if f"`{key}`" not in REFERENCE]

    assert absent == []


def test_a_prorated_sheet_gives_what_the_page_says() -> None:
    form = form_named("evening-three")

    result = score(form, {"q1": 3, "q2": 3})

    assert (result.status, result.scores, result.band) == ("prorated", {"total": 5, "n_heavy": None}, "heavy")
    assert result.findings == ("alone_all_day",)


CONDITIONS = [
    f"{name} {sign} {value}"
    for name, most in (("total", 10), ("n_heavy", 3))
    for sign in ("<", "<=", "=", "!=", ">=", ">")
    for value in range(most + 1)
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_with_blanks_agrees_with_every_way_of_filling_them(condition: str) -> None:
    form = form_named("evening-three")
    meaning = engine_of(form).read(condition, "a test")

    for sheet in product((None, 0, 1, 2, 3), repeat=3):
        answers = dict(zip(ITEMS, sheet, strict=True))
        filled = product(*((0, 1, 2, 3) if one is None else (one,) for one in sheet))
        ways = {meaning({}, score(form, dict(zip(ITEMS, way, strict=True))).scores, ()) for way in filled}
        certain = ways.pop() if len(ways) == 1 else None

        assert meaning(answers, {}, ()) is certain, answers


@pytest.mark.parametrize("page", sorted((DOCS / "tutorials").glob("*.md")), ids=lambda page: page.name)
def test_a_tutorial_gives_what_it_shows(page: Path) -> None:
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert tried > 0
    assert failed == 0
