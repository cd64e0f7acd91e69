"""Check answers against a form: each answer is of the kind that was asked, or the whole sheet is rejected by name."""

# ruff: noqa: ARG001, ARG005 - closures of one kind share one signature, whether or not they need all of it
from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.items import (
    LONG_TEXT,
    ChoiceItem,
    ChoicesItem,
    DateItem,
    FeelingsItem,
    GroupItem,
    MomentItem,
    NoteItem,
    NumberItem,
    ScaleItem,
)
from openipt.therapy.forms.result import Trouble
from openipt.therapy.vocabulary import words_of
from openipt.therapy.words import Sentence, say

Checker = Callable[[Any, str, Mapping[str, Any]], list[Trouble]]

_DATE = {
    "day": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    "month": re.compile(r"[0-9]{4}-[0-9]{2}\Z"),
    "year": re.compile(r"[0-9]{4}\Z"),
}
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{1,28}\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT_TEXT = 400
_NAME = 60  # characters of a person's name in the circle


def choices_of(form: Form, item: ChoiceItem | ChoicesItem) -> tuple[tuple[int | str, str], ...]:
    """Return the answers an item offers as (value, words); empty where they are rows of another group."""
    if item.vocabulary:
        return tuple(words_of(item.vocabulary).items())
    chosen = form.answers[item.choices] if isinstance(item.choices, str) else item.choices
    return tuple((choice.value, choice.label) for choice in chosen)


def checker(form: Form) -> dict[str, Checker]:
    """Build one checker for each item of a form; notes take no answer and have none."""
    return {item.id: _for_item(form, item) for item in form.items if not isinstance(item, NoteItem)}


def _for_item(form: Form, item: Any) -> Checker:
    if isinstance(item, ChoiceItem):
        return _choice(form, item)
    if isinstance(item, ChoicesItem):
        return _choices(form, item)
    if isinstance(item, ScaleItem):
        return _scale(item)
    if isinstance(item, NumberItem):
        return _number(item)
    if isinstance(item, DateItem):
        return _simple(lambda value: _is_date(value, item.precision), f"answer.date_{item.precision}")
    if isinstance(item, MomentItem) and item.precision == "day":
        return _simple(lambda value: _is_moment(value) or _is_date(value, "day"), "answer.day_or_moment")
    if isinstance(item, FeelingsItem):
        return _feelings(item)
    if isinstance(item, GroupItem):
        return _group(form, item)
    return _PLAIN[item.kind]


def _one(path: str, line: str, value: Any, **expected: Any) -> list[Trouble]:
    return [Trouble(path, say(line, item=path, value=_shown(value), **expected))]


def _shown(value: Any) -> str:
    try:
        text = repr(value[:60] if isinstance(value, str) else value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a list thousands deep
        text = f"a {type(value).__name__} too large to show"
    return text if len(text) <= 40 else text[:37] + "..."


def _place_of(path: str) -> str:
    return path if len(path) <= 80 else path[:77] + "..."


def _simple(fits: Callable[[Any], bool], line: str) -> Checker:
    return lambda value, path, sheet: [] if fits(value) else _one(path, line, value)


def _choice(form: Form, item: ChoiceItem) -> Checker:
    if item.rows_of:
        return _row_number(item)
    offered = {value for value, _ in choices_of(form, item)} | ({"na"} if item.allow_na else set())
    expected = _offer(offered)

    def check(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if isinstance(value, (int, str)) and not isinstance(value, bool) and value in offered:
            return []
        if item.other and _is_words(value):
            return []
        return _one(path, "answer.choice", value, expected=expected)

    return check


def _offer(offered: set[int | str]) -> str:
    numbers = sorted(value for value in offered if isinstance(value, int))
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        named = [f"{numbers[0]} to {numbers[-1]}"]
    else:
        named = [str(number) for number in numbers]
    return ", ".join([*named, *sorted(str(value) for value in offered if isinstance(value, str))])


def _row_number(item: ChoiceItem) -> Checker:
    """A row of another group, by its number; whether that row exists is known only with the whole sheet."""

    def check(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if item.other and _is_words(value):
            return []
        rows = sheet.get(item.rows_of or "")
        last = (len(rows) if isinstance(rows, list) else 0) - 1 + item.count_from
        if type(value) is int and item.count_from <= value <= last:
            return []
        return _one(path, "answer.row", value, group=item.rows_of, first=item.count_from, last=last)

    return check


def _choices(form: Form, item: ChoicesItem) -> Checker:
    offered = {value for value, _ in choices_of(form, item)}

    def check(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if not isinstance(value, list):
            return _one(path, "answer.list", value)
        wrong = [
            one for one in value if not (isinstance(one, (int, str)) and not isinstance(one, bool) and one in offered)
        ]
        if item.other:
            wrong = [one for one in wrong if not _is_words(one)]
        return [trouble for one in wrong for trouble in _one(path, "answer.choice", one, expected=_offer(offered))]

    return check


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _scale(item: ScaleItem) -> Checker:
    whole = item.step == int(item.step)

    def fits(value: Any) -> bool:
        if not _is_number(value) or not item.min <= value <= item.max:
            return False
        if whole:  # where whole numbers are defined, 3.0 is not one of them (MEASURES 3)
            return isinstance(value, int) and (value - item.min) % int(item.step) == 0
        steps = (value - item.min) / item.step
        return math.isclose(steps, round(steps), abs_tol=1e-9)

    return lambda value, path, sheet: (
        [] if fits(value) else _one(path, "answer.scale", value, low=item.min, high=item.max, step=item.step)
    )


def _number(item: NumberItem) -> Checker:
    line = f"answer.{item.kind}"
    low = -math.inf if item.min is None else item.min
    high = math.inf if item.max is None else item.max

    def check(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if not _is_number(value) or (item.kind == "whole" and not isinstance(value, int)):
            return _one(path, line, value)
        if low <= value <= high:
            return []
        if high == math.inf:
            return _one(path, "answer.too_low", value, low=low)
        return _one(path, "answer.range", value, low=low, high=high)

    return check


def _is_date(value: Any, coarsest: str) -> bool:
    if not isinstance(value, str):
        return False
    for precision in ("day", "month", "year"):
        if _DATE[precision].match(value):
            try:
                date.fromisoformat(value + {"day": "", "month": "-01", "year": "-01-01"}[precision])
            except ValueError:
                return False
            return True
        if precision == coarsest:
            return False
    return False


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_text(most: int) -> Callable[[Any], bool]:
    # A lone surrogate cannot be stored or sent: it is refused here, by name, not as an error further down.
    return lambda value: isinstance(value, str) and len(value) <= most and not _SURROGATE.search(value)


def _is_words(value: Any, most: int = _SHORT_TEXT) -> bool:
    """Whether a value is text that says something: not empty, not too long, and storable."""
    return isinstance(value, str) and 0 < len(value) <= most and not _SURROGATE.search(value)


def _are_people(value: Any) -> bool:
    return isinstance(value, list) and all(_is_words(person, _NAME) for person in value)


_PLAIN: dict[str, Checker] = {
    "yes_no": _simple(lambda value: isinstance(value, bool), "answer.yes_no"),
    "text": _simple(_is_text(_SHORT_TEXT), "answer.text"),
    "long_text": _simple(_is_text(LONG_TEXT), "answer.long_text"),
    "time": _simple(lambda value: isinstance(value, str) and bool(_TIME.match(value)), "answer.time"),
    "moment": _simple(_is_moment, "answer.moment"),
    "person": _simple(lambda value: _is_words(value, _NAME), "answer.person"),
    "people": _simple(_are_people, "answer.people"),
    "phone": _simple(lambda value: isinstance(value, str) and bool(_PHONE.match(value)), "answer.phone"),
}


def _feelings(item: FeelingsItem) -> Checker:
    def check(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if not isinstance(value, list):
            return _one(path, "answer.list", value)
        wrong = [one for one in value if not _is_feeling(one, item.strength)]
        return [trouble for one in wrong for trouble in _one(path, "answer.feeling", one)]

    return check


def _is_feeling(value: Any, strength: bool) -> bool:
    if not isinstance(value, Mapping) or not set(value) <= {"emotion", "intensity"}:
        return False
    emotion, intensity = value.get("emotion"), value.get("intensity")
    return _is_words(emotion) and (intensity is None or (strength and _is_number(intensity) and 0 <= intensity <= 10))


def _group(form: Form, item: GroupItem) -> Checker:
    inside = {child.id: _for_item(form, child) for child in item.items if not isinstance(child, NoteItem)}

    def check(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if item.repeat is None:
            return row(value, path, sheet)
        if not isinstance(value, list):
            return _one(path, "answer.list", value)
        if len(value) > item.repeat.most:
            return [Trouble(path, say("answer.rows", item=path, n=len(value), most=item.repeat.most))]
        return [trouble for place, one in enumerate(value) for trouble in row(one, f"{path}[{place}]", sheet)]

    def row(value: Any, path: str, sheet: Mapping[str, Any]) -> list[Trouble]:
        if not isinstance(value, Mapping):
            return _one(path, "answer.mapping", value)
        return check_all(inside, value, f"{path}.", sheet)

    return check


def check_all(
    checkers: Mapping[str, Checker], answers: Mapping[str, Any], before: str, sheet: Mapping[str, Any]
) -> list[Trouble]:
    """Check every answer given; a blank (None) is no trouble, an unknown item is."""
    troubles: list[Trouble] = []
    for key, value in answers.items():
        check = checkers.get(key)
        if check is None:
            path = _place_of(f"{before}{key}")
            troubles.append(Trouble(path, unknown(path, checkers)))
        elif value is not None:
            troubles += check(value, f"{before}{key}", sheet)
    return troubles


def unknown(path: str, known: Mapping[str, Any]) -> Sentence:
    """Say that a form asks no such item."""
    return say("answer.unknown", item=path, known=", ".join(map(str, known)))
