"""Pages are read strictly: what is not meant is refused, with file, line, key and what was expected."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openipt.therapy.forms import Form, read_form
from openipt.therapy.shelf import Problem, Refused, read_page, read_text, to_model

GOOD = """\
grammar: openipt-form/1
id: made-up
version: 1.0.0
kind: questionnaire
title: Made up
purpose: Made up for a test
filled_by: [client]
rights: ours
items:
  - id: q1
    kind: choice
    label: One
    choices: [{value: 0, label: "no"}, {value: 1, label: "yes"}]
  - {id: q2, kind: choice, label: Two, choices: [{value: 0, label: a}, {value: 1, label: b}]}
scores:
  - id: total
    label: Total
    method: sum
    items: [q1, q2]
    range: [0, 2]
    higher_is: worse
primary: total
bands:
  scale: total
  set:
    - {id: low, label: Low, min: 0, max: 1}
    - {id: top, label: Top, min: 2, max: 2}
findings:
  - id: seen
    level: review
    when: q1 = 1
    action: Ask.
"""
ITEM_LINE, SCORE_LINE, BAND_LINE = 10, 16, 25


def form_of(text: str) -> Form:
    return read_form(read_text(text, "form.yaml"))


def refused(text: str | bytes, folder: Path) -> tuple[Problem, ...]:
    page = folder / "form.yaml"
    page.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    with pytest.raises(Refused) as problem:
        read_form(read_page(page, "form.yaml"))
    return problem.value.problems


def test_the_good_page_is_good() -> None:
    assert form_of(GOOD).id == "made-up"


def without(line: str) -> str:
    assert line in GOOD
    return GOOD.replace(line, "")


def with_(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


GROUP = "{id: g%d, kind: group, items: [%s]}"
NESTED = GROUP % (4, GROUP % (3, GROUP % (2, GROUP % (1, "{id: last, kind: text}"))))

SHARE = "facts:\n  - {id: half, label: Half, value: q1, share_of: %s}\n"
ONE = "{id: one, kind: text, label: One}"
GROUP_OF_ROWS = f"{{id: talk, kind: group, label: Talk, repeat: {{least: 0, most: 9}}, items: [{ONE}]}}"

# case -> page, line, key, a part of what is wrong, a part of what was expected
BAD: dict[str, tuple[str | bytes, int, str, str, str]] = {
    "a misspelt key": (with_("purpose:", "purpos:"), 6, "purpos", "'purpos' is not known", "title"),
    "a misspelt key inside": (with_("    label: One", "    lable: One"), 12, "items[0].lable", "'lable'", "choices"),
    "a missing key": (without("title: Made up\n"), 1, "", "'title' is missing", "'title'"),
    "a key twice": (GOOD + "title: Again\n", 33, "title", "stands twice (first on line 5)", "once"),
    "a key twice, once quoted": (GOOD + '"title": Again\n', 33, "title", "stands twice", "once"),
    "an anchor": (with_("title: Made", "title: &name Made"), 5, "title", "anchor", "the value alone"),
    "an alias": (
        GOOD.replace("Made up\n", "&t Made\n", 1) + "short: *t\n",
        33,
        "short",
        "an alias",
        "no aliases",
    ),
    "a tag": (with_("title: Made up", "title: !!str 3"), 5, "title", "tag", "the value alone"),
    "a tag of a program": (GOOD + "short: !!python/object:os.system x\n", 33, "short", "tag", "the value alone"),
    "a merge key": (with_("    label: One", "    <<: {label: One}"), 12, "items[0].<<", "'<<'", "choices"),
    "a tab": (with_("  scale: total", "\tscale: total"), 24, "", "'\\t'", "YAML 1.2"),
    "a wrong type": (with_("title: Made up", "title: 12"), 5, "title", "12 does not fit", "a valid string"),
    "a list for a word": (with_("title: Made up", "title: [Made, up]"), 5, "title", "does not fit", "a valid string"),
    "a word for a number": (with_("range: [0, 2]", "range: [0, two]"), 20, "scores[0].range[1]", "'two'", "number"),
    "a truth for a number": (with_("range: [0, 2]", "range: [0, true]"), 20, "scores[0].range[1]", "True", "number"),
    "a word of yaml 1.1": (GOOD + "validated: yes\n", 33, "validated", "'yes'", "boolean"),
    "an endless number": (with_("range: [0, 2]", "range: [0, .inf]"), 20, "scores[0].range[1]", "'.inf'", "number"),
    "a number too large": (with_("range: [0, 2]", "range: [0, 1e999]"), 20, "scores[0].range[1]", "'1e999'", "number"),
    "a number without end": (
        with_("range: [0, 2]", f"range: [0, {'9' * 5000}]"),
        20,
        "scores[0].range[1]",
        "999",
        "number",
    ),
    "a key that is no text": (GOOD + "true: x\n", 33, "", "'true' is not text", "quotes"),
    "a number for a key": (GOOD + "1: x\n", 33, "[1]", "'1' is not known", "title"),
    "a kind that is not known": (with_("kind: questionnaire", "kind: quiz"), 4, "kind", "'quiz'", "'worksheet'"),
    "an item of no kind": (with_("    kind: choice\n", ""), ITEM_LINE, "items[0]", "does not fit", "discriminator"),
    "an impossible range": (
        with_("range: [0, 2]", "range: [2, 0]"),
        SCORE_LINE,
        "scores[0]",
        "holds no score",
        "least",
    ),
    "a range no answers reach": (with_("range: [0, 2]", "range: [0, 3]"), 20, "scores[0].range", "0 to 3", "[0, 2]"),
    "an unknown item": (with_("items: [q1, q2]", "items: [q1, q7]"), SCORE_LINE, "scores[0]", "'q7'", "q1, q2"),
    "an unknown score": (with_("primary: total", "primary: totl"), 22, "primary", "'totl'", "total"),
    "an unreachable band": (with_("min: 2, max: 2", "min: 3, max: 4"), 27, "bands.set[1]", "'top'", "0 to 2"),
    "bands with a hole": (with_("min: 0, max: 1", "min: 0, max: 0"), 27, "bands.set[1]", "between 0 and 2", "min: 1"),
    "bands that end early": (
        with_("min: 2, max: 2", "min: 1.5, max: 1.9"),
        BAND_LINE,
        "bands.set",
        "0 to 1.9",
        "0 to 2",
    ),
    "bands that overlap": (with_("min: 2, max: 2", "min: 1, max: 2"), BAND_LINE, "bands.set", "overlap", "rising"),
    "an unknown name": (with_("q1 = 1", "q9 = 1"), 31, "findings[0].when", "'q9'", "q1, q2, total"),
    "an expression misread": (with_("q1 = 1", "q1 == 1"), 31, "findings[0].when", "'='", "a name"),
    "a share of no group": (GOOD + SHARE % "rows", 34, "facts[0].share_of", "'rows' is no group with rows", "has none"),
    "a share of a group without rows": (
        with_("  - {id: q2", f"  - {{id: g, kind: group, label: G, items: [{ONE}]}}\n  - {GROUP_OF_ROWS}\n  - {{id: q2")
        + SHARE % "g",
        36,
        "facts[0].share_of",
        "'g' is no group with rows in this form",
        "one of talk",
    ),
    "groups too deep": (with_("  - {id: q2", f"  - {NESTED}\n  - {{id: q2"), 9, "items", "4 deep", "at most 3"),
    "an item twice": (with_("{id: q2", "{id: q1"), 9, "items", "'q1' stands twice", "once"),
    "lists too deep": (
        GOOD + "notes: " + "[" * 30 + "]" * 30 + "\n",
        33,
        "notes" + "[0]" * 24,
        "deeper than 24",
        "flatter",
    ),
    "brackets without end": (GOOD + "notes: " + "[" * 5000, 33, "", "nested deeper", "a flatter page"),
    "not utf-8": (GOOD.encode() + b"# caf\xe9\n", 0, "", f"byte {len(GOOD) + 5} is not UTF-8", "UTF-8"),
    "utf-16": (GOOD.encode("utf-16"), 0, "", "byte 0 is not UTF-8", "UTF-8"),
    "half a character": (GOOD + 'short: "\\ud800"\n', 33, "short", "half", "text"),
    "a control character": (GOOD + "short: \x07\n", 33, "", "'\\x07'", "characters that people can read"),
    "empty": ("", 1, "", "empty", "a mapping"),
    "only a comment": ("# later\n", 1, "", "empty", "a mapping"),
    "a list": ("- a\n- b\n", 1, "", "does not fit", "an object"),
    "a word": ("word\n", 1, "", "does not fit", "an object"),
    "two pages in one": (GOOD + "---\na: 1\n", 33, "", "another document", "YAML 1.2"),
    "a bracket left open": (with_("[client]", "[client"), 8, "", "expected ',' or ']'", "YAML 1.2"),
    "far too long": ("#" * 2_000_001, 0, "", "2,000,000", "people write"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_page_is_refused_by_file_line_key_and_what_was_expected(case: str, tmp_path: Path) -> None:
    text, line, key, wrong, expected = BAD[case]
    problems = refused(text, tmp_path)
    assert ("form.yaml", line, key) in [(problem.file, problem.line, problem.key) for problem in problems]
    meant = next(problem for problem in problems if (problem.line, problem.key) == (line, key))
    assert wrong in meant.wrong
    assert expected in meant.expected
    assert str(meant).startswith(f"form.yaml:{line}: " if line else "form.yaml: ")
    assert len(str(meant)) < 400


def test_every_problem_of_a_page_is_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("title:", "titel:").replace("label: Two", "lable: Two")
    problems = refused(text, tmp_path)
    assert {"titel", "items[1].lable"} <= {problem.key for problem in problems}
    assert not any("too_short" in str(problem) or "at least 1 item" in str(problem) for problem in problems)


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path / "form.yaml", tmp_path):
        with pytest.raises(Refused) as problem:
            read_page(place)
        assert "cannot be opened" in str(problem.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("12:30", "12:30"),
        ("2025-10-27", "2025-10-27"),
        ("2025-10-27T10:00:00Z", "2025-10-27T10:00:00Z"),
        ("1.10", 1.1),  # a number in YAML 1.2, and so 1.1: a version must be quoted, or have three parts
        ("1.0.0", "1.0.0"),
        ('"1.10"', "1.10"),
        ("'3'", "3"),
        ("3", 3),
        ("-3", -3),
        ("+3", 3),
        ("0", 0),
        ("007", "007"),  # a code, not a number
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".nan", ".nan"),
        ("123456789012345678901", "123456789012345678901"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", "Null"),
        ("NO # Norway", "NO"),
        (">-\n  one\n  two", "one two"),
        ("one\n  two", "one two"),
        ("|\n  one\n  two\n", "one\ntwo\n"),
    ],
)
def test_plain_values_mean_what_yaml_1_2_says(written: str, meant: Any) -> None:
    read = read_text(f"a: {written}", "page").data["a"]
    assert read == meant
    assert type(read) is type(meant)


def test_folded_text_holds_nothing_that_was_not_written() -> None:
    folded = read_text("a: >\n  one two\n  three\n\n  four\n", "page").data["a"]
    assert folded == "one two three\nfour\n"


def test_a_byte_order_mark_is_no_text() -> None:
    page = read_text("\ufeffa: 1\n", "page")
    assert page.data == {"a": 1}
    with pytest.raises(Refused):
        read_text("\ufeffa: !x 1\n", "page")


def test_every_place_knows_its_line() -> None:
    page = read_text(GOOD, "page")
    assert page.line(("items", 0, "label")) == 12
    assert page.line(("bands", "set", 1)) == 27
    assert page.line(("bands", "not", "there")) == 23
    assert page.line(("nowhere",)) == 1


@example("&0[&0")
@given(
    st.text()
    | st.lists(
        st.sampled_from(["a:", " ", "\n", "- ", "[", "]", "{", "}", '"', "'", "&x ", "*x", "!t ", "| ", "? ", "1"])
    ).map("".join)
)
def test_reading_raises_nothing_but_refused(text: str) -> None:
    """Whatever is typed: it is read, or it is refused with reasons; nothing else comes out."""
    problems: tuple[Problem, ...] = ()
    try:
        to_model(read_text(text, "page"), Form)
    except Refused as refused:
        problems = refused.problems
    assert problems, "no text made of this is a whole form"
    assert all(problem.wrong and problem.expected for problem in problems)


@pytest.mark.parametrize(
    "text",
    ["a: " + "[" * 200_000, "a: " + "{b: " * 50_000, "a:\n  " + "- " * 100_000 + "x"],
    ids=["brackets", "braces", "dashes"],
)
def test_a_page_nested_as_an_attack_is_refused_before_a_parser_labours_over_it(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(Refused, match="deeper than 24"):
        read_text(text, "page")
    assert time.process_time() - begun < 0.2
