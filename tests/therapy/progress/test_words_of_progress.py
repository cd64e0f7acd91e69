"""What is said of progress, in every language: no causes, no blame, no promises (INSIGHT 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import openipt
from openipt.cli.progress_page import html
from openipt.therapy.forms import open_form
from openipt.therapy.progress import default_reference, own_scale
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import catalogue, render

LANGUAGES = sorted(path.stem for path in (Path(openipt.__file__).parent / "library" / "words").glob("*.yaml"))
BLOCKS = ("progress.", "state.", "point.")
BANNED = re.compile(
    r"\b(causes?|caused|causing|because|due to|affects?|impacts?|makes? (you|them|her|him)|leads? to|triggers?|drives?"
    r"|moves?|proves?|proof|toxic|bad for|should|must|(worst|best) (person|client|therapist)|significan(t|tly|ce)"
    r"|risk factors?|predicts?|predicted|prediction|fail(s|ed|ing|ure)?|success(ful)?|good therapist|poor responder)\b",
    re.IGNORECASE,
)


def texts(line: Any) -> Iterator[str]:
    yield from (text for key, text in line.items() if key != "by") if isinstance(line, Mapping) else (line,)


def lines(language: str) -> dict[str, Any]:
    found = catalogue(language).lines
    return {name: line for name, line in found.items() if name.startswith(BLOCKS)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_progress_says_a_banned_word(language: str) -> None:
    found = lines(language)
    assert len(found) > 60
    said = [f"{name}: {text}" for name, line in found.items() for text in texts(line) if BANNED.search(text)]
    assert said == []


def test_the_words_of_the_states_are_prompts_and_no_verdicts() -> None:
    for name, state in vocabulary()["states"].items():
        assert not BANNED.search(state["shown"]), name


@pytest.mark.parametrize(
    "text",
    ["This is because of you.", "It leads to more.", "A significant change", "You should see her less", "It fails"],
)
def test_the_list_knows_a_banned_word_when_it_meets_one(text: str) -> None:
    assert BANNED.search(text)


def page_of_everything() -> str:
    """A page on which every sentence about a client that can be said is said."""
    reference = replace(default_reference(open_form("phq-9")), courses=120, version="local-120")
    own = own_scale("Own", sd=8, reliability=0.9)
    courses = {
        "on track": [20, 19, 19, 10, 9, 4],
        "off track": [24, 22, 20, 18, 18, 18, 18, 18],
        "twice": [15, 19, 20],
        "worsened": [22, 22],
        "open": [12, 11, 10.5, 9.6],
        "worse": [20, 8, 15, 15],
        "ask": [20, 19, None, None],
        "steady": [9, 8],
        "gap": [20, None, 9, 9],
        "one": [18],
        "none": [],
    }
    followed = [openipt.progress(weekly(scores), client=name, reference=reference) for name, scores in courses.items()]
    apart = [openipt.progress(weekly([30, 3]), own), openipt.progress(weekly([3, 30, 30]), "own-stress")]
    return html([*followed, *apart], ["row 3: blank"])


def weekly(scores: list[float | None]) -> list[tuple[date, float | None]]:
    return [(date(2026, 1, 5) + timedelta(days=7 * week), score) for week, score in enumerate(scores)]


def test_no_page_says_a_banned_word_and_none_says_an_id() -> None:
    page = page_of_everything()
    text = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text)
    assert not BANNED.search(text), BANNED.search(text)
    assert not re.search(r"progress\.[a-z]|state\.[a-z]|off_track|\{|\}|None", text)


def test_a_sentence_about_others_always_says_with_whom_one_is_compared() -> None:
    for name, line in lines("en").items():
        for text in texts(line):
            if "in 100" in text:
                assert "ompared with people" in text, name


def test_every_definition_of_every_measure_can_be_said() -> None:
    for name in ("phq-9", "gad-7", "who-5", "ors", "own-stress", "core-10"):
        made = openipt.progress(weekly([8, 6]), name)
        for sentence in made.definitions.values():
            said = render(sentence)
            assert said.endswith(".")
            assert "None" not in said
