"""The catalogue of sentences: everything the code says stands in it, with the values it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import openipt
from openipt.therapy.words import Catalogue, Sentence, catalogue, render, render_all, say

HOUSE = Path(openipt.__file__).parent
ENGLISH = catalogue("en")
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
STYLES = {None, "short", "listed", "weekday", "time"}


def modules() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def said() -> Iterator[tuple[str, ast.Call]]:
    """Every `say(...)` in the house, with its place."""
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                yield f"{module.relative_to(HOUSE)}:{node.lineno}", node


def texts_of(line: Any) -> list[str]:
    return [text for key, text in line.items() if key != "by"] if isinstance(line, Mapping) else [line]


def slots_of(line: Any) -> set[str]:
    counted = {line["by"]} if isinstance(line, Mapping) else set()
    return counted | {slot for text in texts_of(line) for slot, _ in SLOT.findall(text)}


def ids_in(node: ast.expr) -> list[str]:
    """The ids a first argument can be: a literal, or both sides of an `a if b else c`."""
    if isinstance(node, ast.IfExp):
        return ids_in(node.body) + ids_in(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_the_house_says_something() -> None:
    assert sum(1 for _ in said()) > 5


def test_every_sentence_the_code_says_is_in_the_catalogue() -> None:
    unknown = [
        f"{place} {name}" for place, call in said() for name in ids_in(call.args[0]) if name not in ENGLISH.lines
    ]
    assert unknown == []


def test_every_sentence_gets_the_values_it_needs() -> None:
    missing = []
    for place, call in said():
        given = {keyword.arg for keyword in call.keywords}
        if None in given:
            continue  # say(id, **values): what is inside is known only when it runs
        for name in ids_in(call.args[0]):
            missing += [f"{place} {name} lacks {slot}" for slot in slots_of(ENGLISH.lines.get(name, "")) - given]
    assert missing == []


def test_ids_that_are_handed_on_are_in_the_catalogue() -> None:
    """Ids also travel as plain text to a function that says them: whatever looks like one has to be one."""
    looks = re.compile(r"answer\.[a-z_]*[a-z]\Z")
    handed = {
        node.value
        for module in (HOUSE / "therapy" / "forms").glob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and looks.match(node.value)
    }
    assert len(handed) > 10
    assert handed <= set(ENGLISH.lines)
    assert {f"answer.date_{precision}" for precision in ("day", "month", "year")} <= set(ENGLISH.lines)
    assert {"answer.whole", "answer.number"} <= set(ENGLISH.lines)


@pytest.mark.parametrize("name", sorted(ENGLISH.lines))
def test_a_line_is_well_made(name: str) -> None:
    line = ENGLISH.lines[name]
    assert re.fullmatch(r"[a-z0-9_]+(\.[a-zA-Z0-9_]+)+", name)
    for text in texts_of(line):
        assert isinstance(text, str), text
        assert text == text.strip()
        assert "!" not in text
        assert "  " not in text
        assert {style or None for _, style in SLOT.findall(text)} <= STYLES
        assert not re.search(r"[{}]", SLOT.sub("", text)), "a bracket that is no slot"


@pytest.mark.parametrize("name", sorted(name for name, line in ENGLISH.lines.items() if isinstance(line, Mapping)))
def test_a_line_that_counts_has_a_form_for_every_number(name: str) -> None:
    line = ENGLISH.lines[name]
    assert {"by", "other"} <= set(line) <= {"by", "zero", "one", "two", "few", "many", "other"}
    values = dict.fromkeys(slots_of(line), "x")
    for n in (0, 1, 2, 21):
        assert render(Sentence(name, {**values, line["by"]: n}))


def made(**lines: Any) -> Catalogue:
    return Catalogue("en", "one_other", ENGLISH.months, ENGLISH.weekdays, ", ", " and ", "; ", "; and ", lines)


@pytest.mark.parametrize(
    ("line", "values", "expected"),
    [
        ("on {on}", {"on": date(2025, 10, 27)}, "on 27 October 2025"),
        ("on {on:short}", {"on": date(2025, 10, 27)}, "on 27 October"),
        ("on {on:weekday}", {"on": date(2025, 10, 27)}, "on Monday 27 October 2025"),
        ("at {at:time}", {"at": datetime(2025, 10, 27, 9, 5)}, "at 27 October 2025, 09:05"),
        ("{n} left", {"n": 2.50}, "2.5 left"),
        ("{n} left", {"n": 10.0}, "10 left"),
        ("with {who}", {"who": ["Ana", "Bo", "Cy"]}, "with Ana, Bo and Cy"),
        ("with {who}", {"who": ["Ana"]}, "with Ana"),
        ("with {who}", {"who": ()}, "with "),
        ("{nothing}", {"nothing": None}, ""),
        ("{word}", {"word": "{word} {other}"}, "{word} {other}"),
        ("so: {inner}", {"inner": say("b", n=1)}, "so: one"),
        ({"by": "n", "one": "{n} day", "other": "{n} days"}, {"n": 1}, "1 day"),
        ({"by": "n", "one": "{n} day", "other": "{n} days"}, {"n": 0}, "0 days"),
        ({"by": "n", "other": "{n} days"}, {"n": 1}, "1 days"),
    ],
)
def test_values_are_written_as_people_write_them(line: Any, values: dict[str, Any], expected: str) -> None:
    table = made(a=line, b={"by": "n", "one": "one", "other": "many"})
    assert table.text(Sentence("a", values)) == expected


def test_what_is_not_in_the_catalogue_is_named() -> None:
    with pytest.raises(KeyError, match=r"no sentence 'not\.there'"):
        render(say("not.there"))
    with pytest.raises(KeyError, match="item"):
        render(say("answer.list", value=3))


def test_sentences_are_values() -> None:
    first, second = say("answer.list", item="a", value=[1]), say("answer.list", item="a", value=[1])
    assert first == second
    assert hash(first) == hash(second)
    assert first != say("answer.list", item="b", value=[1])
    assert render_all([first, second]) == f"{render(first)} {render(second)}"


@pytest.mark.parametrize("written", ["Will she stay?", "Enough!", "And then…"])
def test_what_somebody_wrote_keeps_its_own_end(written: str) -> None:
    known = replace(catalogue(), lines={"told": "Mood and event: {text}.", "quoted": "She said: “{text}”."})

    assert known.text(say("told", text=written)) == f"Mood and event: {written}"
    assert known.text(say("told", text="We ate together")) == "Mood and event: We ate together."
    assert known.text(say("quoted", text=written)) == f"She said: “{written}”."
