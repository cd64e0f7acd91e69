"""What is typed and what is kept: the one is the other, for any form and any answers; and no typing breaks a page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openipt.rooms.filling.asking import Page
from openipt.rooms.filling.happened import happened
from openipt.rooms.filling.laying import fields_of
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import feeling_of, offered
from openipt.rooms.filling.typed import add_row, plant, remove_row
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.therapy.forms import Form, form_ids, open_form, score
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.vocabulary import words_of

PEOPLE = ("P1", "P2", "P3")
OFTEN = ("phq-9", "communication-analysis", "decision-analysis", "relapse-plan", "interpersonal-inventory", "wsas")

letters = st.characters(exclude_categories=("Cs", "Cc"))
written = st.text(st.one_of(letters, st.just("\n")), min_size=1, max_size=80).filter(str.strip)
own_words = st.text(letters, min_size=1, max_size=30).map(str.strip).filter(bool)
forms = st.one_of(st.sampled_from(OFTEN), st.sampled_from(form_ids())).map(open_form)


# ---- any answers of any form ----


def answers_to(draw: Any, form: Form, items: Any) -> dict[str, Any]:
    """Some answers to some questions, as a checked sheet holds them."""
    found: dict[str, Any] = {}
    for item in items:
        if not isinstance(item, NoteItem) and draw(st.booleans()):
            value = one_answer(draw, form, item, found)
            if value not in (None, [], {}):
                found[item.id] = value
    return found


def one_answer(draw: Any, form: Form, item: Any, before: dict[str, Any]) -> Any:
    if isinstance(item, GroupItem):
        rows = [answers_to(draw, form, item.items) for _ in range(draw(st.integers(1, 3)))] if item.repeat else []
        return [row for row in rows if row] if item.repeat else answers_to(draw, form, item.items)
    return draw(ANSWERS[item.kind](form, item, before))


def choice(form: Form, item: Any, before: dict[str, Any]) -> Any:
    if item.rows_of:
        rows = len(before.get(item.rows_of) or ())
        return st.integers(item.count_from, rows - 1 + item.count_from) if rows else st.none()
    values = list(offered(form, item).values())
    own = own_words.filter(lambda text: text not in offered(form, item))
    return st.sampled_from(values) | own if item.other else st.sampled_from(values)


def choices(form: Form, item: Any, before: dict[str, Any]) -> Any:
    marked = st.lists(st.sampled_from(list(offered(form, item).values())), max_size=4, unique=True)
    own = st.lists(own_words.filter(lambda text: text not in offered(form, item)), max_size=2) if item.other else None
    return st.tuples(marked, own).map(lambda both: [*both[0], *both[1]]) if own is not None else marked


def scale(form: Form, item: Any, before: dict[str, Any]) -> Any:
    steps = round((item.max - item.min) / item.step)
    made = st.integers(0, steps).map(lambda n: round(item.min + n * item.step, 6))  # as a page offers it
    return made.map(lambda value: int(value) if float(value).is_integer() else value)


def number(form: Form, item: Any, before: dict[str, Any]) -> Any:
    low, high = int(item.min or 0), int(item.max if item.max is not None else 9999)
    whole = st.integers(low, high)
    cents = st.integers(low * 100, high * 100).map(lambda n: float(Decimal(n) / 100))
    return whole | cents if item.kind == "number" else whole


def day(form: Form, item: Any, before: dict[str, Any]) -> Any:
    lengths = {"day": [10], "month": [7, 10], "year": [4, 7, 10]}[item.precision]
    return st.tuples(st.dates(), st.sampled_from(lengths)).map(lambda both: both[0].isoformat()[: both[1]])


def felt(form: Form, item: Any, before: dict[str, Any]) -> Any:
    word = st.sampled_from(sorted(words_of("feelings"))) | own_words.filter(lambda text: feeling_of(text) == text)
    plain = st.fixed_dictionaries({"emotion": word})
    strong = st.fixed_dictionaries({"emotion": word, "intensity": st.integers(0, 10) | st.sampled_from([2.5, 7.25])})
    return st.lists(plain | strong if item.strength else plain, min_size=1, max_size=3)


somebody = st.sampled_from(PEOPLE) | own_words
strangers = st.lists(own_words.filter(lambda name: name not in PEOPLE), max_size=2)
people = st.tuples(st.lists(st.sampled_from(PEOPLE), max_size=2), strangers).map(lambda both: [*both[0], *both[1]])
ANSWERS = {
    "choice": choice,
    "choices": choices,
    "scale": scale,
    "whole": number,
    "number": number,
    "yes_no": lambda *_: st.booleans(),
    "text": lambda *_: written,
    "long_text": lambda *_: written,
    "date": day,
    "time": lambda *_: st.times().map(lambda at: f"{at:%H:%M}"),
    "moment": lambda *_: st.datetimes().map(lambda at: at.isoformat(timespec="minutes")),
    "person": lambda *_: somebody,
    "people": lambda *_: people,
    "phone": lambda *_: st.from_regex(r"\+?[0-9][0-9 ()/.\-]{1,20}[0-9]", fullmatch=True),
    "feelings": felt,
}


@st.composite
def sheets(draw: Any) -> tuple[Form, dict[str, Any]]:
    form = draw(forms)
    return form, answers_to(draw, form, form.items)


@settings(deadline=None)  # the first look at a form reads it from the shelf
@given(sheets())
def test_answers_written_as_fields_and_read_again_are_the_same_answers(sheet: tuple[Form, dict[str, Any]]) -> None:
    form, answers = sheet

    root, strange = plant(pairs_of(form, answers, PEOPLE))
    found = read(form, root)

    assert found.answers == answers
    assert (strange, found.strange, found.wrong) == ([], [], [])


@settings(deadline=None)  # the first look at a form reads it from the shelf
@given(sheets())
def test_laying_a_sheet_out_keeps_every_answer_in_its_place(sheet: tuple[Form, dict[str, Any]]) -> None:
    form, answers = sheet
    root, _ = plant(pairs_of(form, answers, PEOPLE))
    names = {place.name for place in every(fields_of(Page(form, root, read(form, root), dict.fromkeys(PEOPLE, "?"))))}

    assert set(answers) <= names


def every(fields: Any) -> Any:
    for one in fields:
        yield one
        yield from every(one.fields)
        for row in one.rows:
            yield from every(row.fields)


# ---- garbage ----

parts = st.sampled_from(
    ["lines", "0", "1", "60", "said", "q1", "q9", "felt", "word", "other", "options", "pros", "when"]
)
names = st.lists(parts | st.text(max_size=8), max_size=15).map(".".join) | st.text(max_size=300)
texts = st.text(max_size=50) | st.sampled_from(
    ["", "0", "\0", "-1", "1e400", "٣", "\ud800", "9" * 5000, "2026-02-30", "x" * 5000]
)


@settings(deadline=None)  # the first look at a form reads it from the shelf
@given(forms, st.lists(st.tuples(names, texts), max_size=40))
def test_no_typing_whatever_breaks_reading_showing_or_saying_what_is_wrong(form: Form, pairs: Any) -> None:
    root, strange = plant(pairs)
    found = read(form, root)
    result = score(form, found.answers)
    wrong = by_name([*found.wrong, *in_words(result.errors, found, root)])

    assert all(isinstance(words, str) for several in wrong.values() for words in several)
    assert fields_of(Page(form, root, found, {"P1": "Lena"}, wrong))
    assert json.dumps(found.answers)
    assert isinstance(strange, list)


@settings(deadline=None)  # the first look at a form reads it from the shelf
@given(forms, names, st.lists(st.tuples(names, texts), max_size=20))
def test_rows_can_be_added_and_taken_away_anywhere_without_harm(form: Form, name: str, pairs: Any) -> None:
    root, _ = plant(pairs)
    before = sorted(map(str, read(form, root).answers.items()))

    made = add_row(root, name)
    remove_row(root, made if made != name else "")

    assert sorted(map(str, read(form, root).answers.items())) == before


def test_a_name_that_is_too_deep_or_too_long_is_named_and_kept_out_of_the_tree() -> None:
    deep, long = ".".join("a" * 5000), "a" * 10_000

    root, strange = plant([(deep, "1"), (long, "2"), ("q1", "3"), ("a..b", "4"), ("_own", "5")])

    assert [text for _, text in strange] == ["1", "2", "4"]
    assert list(root.below) == ["q1"]


# ---- rows ----


def typed_talk() -> Any:
    pairs = [
        ("lines.0", ""), ("lines.0.speaker", "other"), ("lines.0.said", "You are late."),
        ("lines.1", ""), ("lines.1.said", "  "),
        ("lines.2", ""), ("lines.2.speaker", "me"), ("lines.2.said", "Right."),
        ("rewrite.0.line", "2"), ("rewrite.0.said", "I was held up, and I am sorry."),
    ]  # fmt: skip
    return plant(pairs)[0]


def test_blank_rows_do_not_count_and_what_points_to_a_row_goes_on_pointing_to_it() -> None:
    found = read(open_form("communication-analysis"), typed_talk())

    assert [row["said"] for row in found.answers["lines"]] == ["You are late.", "Right."]
    assert found.answers["rewrite"] == [{"line": 1, "said": "I was held up, and I am sorry."}]


def test_a_row_that_is_taken_away_leaves_the_marks_of_the_others_alone() -> None:
    root = typed_talk()
    gone = remove_row(root, "lines.0")

    found = read(open_form("communication-analysis"), root)

    assert ("lines.0.said", "You are late.") in gone
    assert [row["said"] for row in found.answers["lines"]] == ["Right."]
    assert found.answers["rewrite"][0]["line"] == 0
    assert add_row(root, "lines") == "lines.3"


def test_what_points_to_a_row_that_is_gone_is_asked_about() -> None:
    root = typed_talk()
    remove_row(root, "lines.2")

    [wrong] = read(open_form("communication-analysis"), root).wrong

    assert wrong.name == "rewrite.0.line"
    assert "taken away" in wrong.words


# ---- what people type ----


def reading(form_id: str, *pairs: tuple[str, str]) -> Any:
    return read(open_form(form_id), plant(pairs)[0])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3", 3),
        ("3.5", 3.5),
        ("3,5", 3.5),
        (" 4 ", 4),
        ("2,500", "2,500"),
        ("many", "many"),
        ("1e3", "1e3"),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_write_it_and_never_guessed(typed: str, kept: Any) -> None:
    assert reading("interpersonal-inventory", ("contact_per_week", typed)).answers.get("contact_per_week") == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("7:05", "07:05"), ("18.40", "18:40"), ("25:00", "25:00"), ("noon", "noon")]
)
def test_a_time_is_kept_as_the_sheet_keeps_times(typed: str, kept: str) -> None:
    found = reading("communication-analysis", ("when.day", "2026-03-05"), ("when.time", typed))
    assert found.answers["when"] == f"2026-03-05T{kept}"


@pytest.mark.parametrize(
    ("parts", "kept", "wrong"),
    [
        ({"year": "2019"}, "2019", ""),
        ({"year": "2019", "month": "03"}, "2019-03", ""),
        ({"year": "2019", "month": "3", "day": "5"}, "2019-03-05", ""),
        ({"year": "2019", "day": "5"}, None, "the month"),
        ({"month": "03"}, None, "the year"),
    ],
)
def test_a_date_is_kept_as_far_as_it_is_known(parts: dict[str, str], kept: str | None, wrong: str) -> None:
    found = reading("interpersonal-inventory", *((f"since.{part}", text) for part, text in parts.items()))
    assert found.answers.get("since") == kept
    assert all(wrong in one.words for one in found.wrong)
    assert bool(wrong) == bool(found.wrong)


def test_a_feeling_is_known_by_its_words_and_any_other_word_is_kept() -> None:
    found = reading(
        "communication-analysis",
        ("lines.0.felt.0.word", "Angry"), ("lines.0.felt.0.strength", "6"), ("lines.0.felt.1.word", "fizzy"),
    )  # fmt: skip
    assert found.answers["lines"][0]["felt"] == [{"emotion": "anger", "intensity": 6}, {"emotion": "fizzy"}]


def test_a_person_of_the_circle_and_somebody_else_are_two_people_and_one_is_asked_for() -> None:
    found = reading("communication-analysis", ("with_person", "P1"), ("with_person.other", "Tom"))
    assert "with_person" not in found.answers
    assert "Two people" in found.wrong[0].words


def test_a_way_back_to_no_answer_is_no_answer() -> None:
    assert reading("phq-9", ("q1", ""), ("q2", "0")).answers == {"q2": 0}


def test_line_ends_of_every_system_are_one_and_a_character_nobody_can_keep_is_named() -> None:
    assert reading("talk-about", ("topic", "a\r\nb")).answers in ({"topic": "a\nb"}, {})
    found = reading("communication-analysis", ("outcome", "a\r\nb\rc"), ("where", "in the\0kitchen"))
    assert found.answers["outcome"] == "a\nb\nc"
    assert [one.name for one in found.wrong] == ["where"]


# ---- when it was answered ----

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day_typed", "time_typed", "moment"),
    [
        ("", "", None),
        ("2026-03-02", "", None),
        ("2026-03-01", "", "2026-03-01T12:00+00:00"),
        ("2026-03-01", "18.40", "2026-03-01T18:40+00:00"),
        ("", "08:00", "2026-03-02T08:00+00:00"),
    ],
)
def test_a_past_day_may_be_given_and_blank_means_now(day_typed: str, time_typed: str, moment: str | None) -> None:
    found, wrong = happened([("_day", day_typed), ("_time", time_typed)], NOW, "UTC")
    assert wrong == []
    assert found == (datetime.fromisoformat(moment) if moment else None)


@pytest.mark.parametrize(
    ("day_typed", "time_typed", "words"),
    [
        ("2026-03-03", "", "ahead"),
        ("2026-03-02", "10:00", "ahead"),
        ("1066-10-14", "", "too far back"),
        ("yesterday", "", "Write the day"),
        ("2026-03-01", "25:99", "Write the day"),
        ("0000-00-00", "\0", "Write the day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(day_typed: str, time_typed: str, words: str) -> None:
    found, [wrong] = happened([("_day", day_typed), ("_time", time_typed)], NOW, "UTC")
    assert found is None
    assert words in wrong.words


def test_a_day_is_a_day_where_the_service_is() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already 2 March in Auckland
    assert happened([("_day", "2026-03-02")], late, "Pacific/Auckland") == (None, [])
    assert happened([("_day", "2026-03-02")], late, "UTC")[1]
