"""The closed expression grammar: what binds how, three values, rows, and that nothing but Misread ever comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.forms.expressions import CALLS, ROWS, Misread, parse
from openipt.therapy.forms.meaning import Scope, understand

LINE = {"speaker": None, "said": None, "weight": None, "ways": {"way": None}}
SCOPE = Scope(
    items={"a": None, "b": None, "c": None, "text": None, "signs": None, "lines": LINE, "one": {"inner": None}},
    computed={"total": lambda answers: (2, 5), "band": None},
)


def value(text: str, answers: Mapping[str, Any] | None = None, **computed: Any) -> Any:
    return understand(text, SCOPE)(answers or {}, computed, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 3 - 2", 5),
        ("12 / 3 / 2", 2),
        ("-2 + 5", 3),
        ("--2", 2),
        ("2 - -3", 5),
        ("2 * -3", -6),
        ("1 + 1 = 2", True),
        ("1 < 2 and 2 < 3", True),
        ("true or true and false", True),
        ("(true or true) and false", False),
        ("not true or true", True),
        ("not (true or true)", False),
        ("not 1 = 2", True),
        ("not not true", True),
        ("2.5 * 2", 5),
        ("1 / 0", None),
        ("'a' = 'a'", True),
        ("'b' in ['a', 'b']", True),
        ("['a', 'b'] has 'c'", False),
        ("'x' + 1", None),
        ("'x' < 1", None),
        ("3 in 4", None),
    ],
)
def test_what_binds_more_closely(text: str, expected: Any) -> None:
    assert value(text) == expected


numbers = st.integers(0, 9).map(str)
sums = st.recursive(numbers, lambda part: st.tuples(part, st.sampled_from("+-*"), part).map(" ".join), max_leaves=6)
tests = st.tuples(sums, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), sums).map(" ".join)
logic = st.recursive(
    tests,
    lambda part: st.one_of(
        part.map("not {}".format),
        st.tuples(part, st.sampled_from(["and", "or"]), part).map(" ".join),
        part.map("({})".format),
    ),
    max_leaves=8,
)


@given(st.one_of(sums, logic))
def test_signs_bind_as_people_who_write_python_expect(text: str) -> None:
    python = " ".join({"=": "=="}.get(word, word) for word in text.split())
    assert value(text) == eval(python, {"__builtins__": {}})  # noqa: S307 - the text was made above from a dozen words


THREE = {"true": True, "false": False, "c = 1": None}
AND = {(True, True): True, (True, None): None, (None, None): None}
OR = {(False, False): False, (False, None): None, (None, None): None}


@pytest.mark.parametrize("left", THREE)
@pytest.mark.parametrize("right", THREE)
def test_three_values_after_kleene(left: str, right: str) -> None:
    x, y = THREE[left], THREE[right]
    assert value(f"{left} and {right}") is AND.get((x, y), AND.get((y, x), False))
    assert value(f"{left} or {right}") is OR.get((x, y), OR.get((y, x), True))
    assert value(f"not ({left})") is (None if x is None else not x)


@pytest.mark.parametrize("text", ["a + 1", "a >= 1", "1 <= a", "a = b", "-a", "a in [1]", "length(a)", "days(a, b)"])
def test_what_is_not_answered_is_not_known(text: str) -> None:
    assert value(text) is None
    assert value(text, {"a": None, "b": None}) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("total >= 2", True),
        ("total >= 3", None),
        ("total > 5", False),
        ("total <= 5", True),
        ("total < 2", False),
        ("2 <= total", True),
        ("5 < total", False),
        ("total = 6", False),
        ("total = 4", None),
        ("total != 1", True),
        ("band = 'x'", None),
    ],
)
def test_a_score_that_is_not_known_is_judged_by_how_far_it_can_go(text: str, expected: bool | None) -> None:
    assert value(text) is expected


def test_a_known_score_is_judged_by_itself() -> None:
    assert value("total = 4", total=4) is True
    assert value("total > 4", total=4) is False


LINES = [
    {"speaker": "me", "said": "You ALWAYS leave", "weight": 2},
    {"speaker": "other", "said": "", "weight": 5},
    {"speaker": "me", "weight": None, "ways": [{"way": "voice"}]},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(lines)", 3),
        ("count(lines where speaker = 'me')", 2),
        ("sum(weight over lines)", 7),
        ("mean(weight over lines)", 3.5),
        ("least(weight over lines where speaker = 'other')", 5),
        ("most(weight + row over lines)", 7),
        ("list(said over lines)", ["You ALWAYS leave"]),
        ("any(weight > 4 over lines)", True),
        ("any(weight > 9 over lines)", None),
        ("all(weight > 1 over lines)", None),
        ("all(weight > 2 over lines)", False),
        ("doubles(speaker over lines)", 1),
        ("any(mentions(said, ['always', 'never']) over lines)", True),
        ("count(lines where mentions(said, 'never'))", 0),
        ("count(lines where row = 3)", 1),
        ("sum(count(ways) over lines)", 1),
        ("count(lines where any(way = 'voice' over ways))", 1),
        ("count(lines where missing(said))", 2),
        ("count(lines where answered(weight) and a = 1)", 2),
        ("sum(said over lines where speaker = 'me')", None),
        ("lines > 3", None),
        ("length(lines)", 3),
    ],
)
def test_rows(text: str, expected: Any) -> None:
    assert value(text, {"lines": LINES, "a": 1}) == expected


def test_rows_that_were_not_filled_in_are_neither_none_nor_all() -> None:
    assert value("count(lines)") is None
    assert value("any(weight > 1 over lines)") is None
    assert value("count(lines)", {"lines": []}) == 0


def test_a_name_means_the_row_first() -> None:
    scope = Scope(items={"a": None, "lines": {"a": None, "total": None}}, computed={"total": lambda answers: (0, 9)})
    answers = {"a": 1, "lines": [{"a": 7, "total": 3}]}
    assert understand("sum(a over lines)", scope)(answers, {"total": 8}, ()) == 7
    assert understand("sum(total over lines)", scope)(answers, {"total": 8}, ()) == 3
    assert understand("any(total > 5 over lines)", scope)(answers, {"total": 8}, ()) is False
    assert understand("a", scope)(answers, {}, ()) == 1


def test_a_group_without_rows_is_reached_by_a_dot() -> None:
    assert value("one.inner = 3", {"one": {"inner": 3}}) is True
    assert value("one.inner = 3") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("days('2025-03-01', '2025-03-31')", 30), ("days('2025-03', '2025-03-31')", None), ("days(3, 4)", None)],
)
def test_days(text: str, expected: int | None) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "wrong", "expected"),
    [
        ("total = 'high'", "'total' beside 'high'", "a number"),
        ("q77 >= 1", "q77", "a, b"),
        ("total > d", "'d'", "one of"),
        ("count(rows)", "'rows'", "lines, one"),
        ("sum(wait over lines)", "'wait'", "weight"),
        ("one.other", "one.other", "one.inner"),
        ("a.b", "a.b", "one of a"),
        ("weight > 1", "'weight'", "one of"),
        ("row = 1", "'row'", "one of"),
        ("lengthy(a)", "lengthy", "length"),
        ("length(a, b)", "2 parts", "1"),
        ("days(a)", "1 parts", "2"),
        ("count(5)", "'5'", "lines, one"),
        ("", "the end", "a name"),
        ("a >", "the end", "a name"),
        ("(a", "the end", "')'"),
        ("a b", "'b'", "the end"),
        ("1 < 2 < 3", "'<'", "the end"),
        ("a == 1", "'='", "a name"),
        ("a && b", "'&& b'", "the signs of the grammar"),
        ("a = 'open", '"\'open"', "'text'"),
        ("[1, a]", "']'", "numbers or 'texts'"),
        ("sum(a)", "')'", "over"),
        ("Total", "'Total'", "names"),
        ("a; b", "'; b'", "names"),
        ("__import__", "'__import__'", "names"),
    ],
)
def test_what_the_grammar_does_not_know_is_refused_with_what_was_expected(text: str, wrong: str, expected: str) -> None:
    with pytest.raises(Misread) as misread:
        understand(text, SCOPE)
    found, _, wanted = str(misread.value).partition("; expected ")
    assert wrong in found
    assert expected in wanted


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "a" + ")" * 500,
        "(" * 26 + "a" + ")" * 26,
        "not " * 299 + "true",
        "-" * 299 + "1",
        "[" * 299,
        "length(" * 100 + "a" + ")" * 100,
        " + ".join(["a"] * 5000),
        "9" * 5000,
    ],
    ids=lambda text: text[:8],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(Misread) as misread:
        understand(text, SCOPE)
    assert "expected" in str(misread.value)
    assert len(str(misread.value)) < 600


def test_the_longest_that_is_taken_still_has_a_meaning() -> None:
    assert value("(" * 24 + "a" + ")" * 24, {"a": 1}) == 1
    assert value(" + ".join(["a"] * 150), {"a": 1}) == 150


WORDS = [
    "a",
    "total",
    "lines",
    "speaker",
    "one.inner",
    "row",
    "'me'",
    "1",
    "2.5",
    "true",
    "over",
    "where",
    "and",
    "or",
    "not",
]
SIGNS = ["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "(", ")", "[", "]", ",", "has", "in"]
soup = st.lists(st.sampled_from([*WORDS, *SIGNS, *(f"{name}(" for name in (*CALLS, *ROWS))]), max_size=25).map(" ".join)
any_answer = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=3)),
    lambda part: st.one_of(st.lists(part, max_size=2), st.dictionaries(st.sampled_from(["speaker", "inner"]), part)),
    max_leaves=4,
)
rows = st.lists(st.fixed_dictionaries({}, optional={"speaker": any_answer, "weight": any_answer}), max_size=2)


@given(st.text() | soup)
def test_reading_raises_nothing_but_misread(text: str) -> None:
    said = "; expected "
    try:
        parse(text)
    except Misread as misread:
        said = str(misread)
    assert "; expected " in said


def judge(text: str, answers: Mapping[str, Any], computed: Mapping[str, Any]) -> None:
    """Understand a text and ask it about a sheet; only that it is not understood may come out."""
    try:
        meaning = understand(text, SCOPE)
    except Misread:
        return
    meaning(answers, computed, ())


@given(text=soup, a=any_answer, lines=rows, total=st.none() | st.integers(0, 9))
def test_what_was_understood_has_a_meaning_for_every_sheet(text: str, a: Any, lines: Any, total: int | None) -> None:
    judge(text, {"a": a, "lines": lines}, {"total": total})


signs = st.sampled_from(["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "has", "in"])
pairs = st.tuples(st.sampled_from(WORDS[:8]), signs, st.sampled_from(WORDS[:8])).map(" ".join)
counts = pairs.map("count(lines where {})".format) | pairs.map("sum({} over lines)".format)


@given(text=pairs | counts, a=any_answer, lines=rows)
def test_answers_of_every_kind_may_meet(text: str, a: Any, lines: Any) -> None:
    judge(text, {"a": a, "lines": lines}, {})
