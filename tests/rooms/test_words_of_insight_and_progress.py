"""Nothing that insight and progress can show, in any language or on any page, says what makes what (INSIGHT 4.8)."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

import openipt
from openipt.therapy.words import catalogue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "therapy" / "insight"))
from banned import BANNED, banned_in, texts_in

HOUSE = Path(openipt.__file__).parent
LANGUAGES = sorted(path.stem for path in (HOUSE / "library" / "words").glob("*.yaml"))
SAID = ("insight.", "gains.", "progress.", "state.", "caseload.change.")
PAGES = sorted(
    place
    for folder in (
        "rooms/workspace/templates/workspace",
        "rooms/ui/templates/ui/state",
        "rooms/ui/templates/ui/picture",
    )
    for place in (HOUSE / folder).glob("*.html")
    if place.stem in {"insight", "_ask", "_beside", "_since", "switch_insight", "_to_decide", "state", "picture"}
)
CODE = sorted(
    place
    for pattern in (
        "cli/insight*.py",
        "cli/progress*.py",
        "exchange/insight_drawing.py",
        "rooms/workspace/relations.py",
    )
    for place in HOUSE.glob(pattern)
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_any_language_uses_a_banned_word(language: str) -> None:
    lines = {name: line for name, line in catalogue(language).lines.items() if name.startswith(SAID)}
    found = {
        name: [word for text in texts_in(line) for word in banned_in(text, language)] for name, line in lines.items()
    }

    assert len(lines) > 150
    assert BANNED[language]
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.stem)
def test_no_page_brings_a_banned_word_of_its_own(place: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", " ", place.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert banned_in(text) == []


def test_every_page_that_shows_them_is_looked_at() -> None:
    assert {place.stem for place in PAGES} >= {"insight", "_ask", "_beside", "_since", "switch_insight", "state"}


@pytest.mark.parametrize("place", CODE, ids=lambda place: place.stem)
def test_no_command_prints_a_banned_word(place: Path) -> None:
    tree = ast.parse(place.read_text(encoding="utf-8"))
    described = (one for one in ast.walk(tree) if isinstance(one, ast.Module | ast.FunctionDef | ast.ClassDef))
    notes = {ast.get_docstring(one, clean=False) for one in described}
    texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)]

    said = {text: banned_in(text) for text in texts if text not in notes and " " in text}
    assert {text: words for text, words in said.items() if words} == {}


def test_the_reader_of_templates_sees_a_banned_word() -> None:
    assert banned_in(re.sub(r"<[^>]+>", " ", "<p>Contact <b>affects</b> mood</p>")) == ["affects"]
