"""A form laid out for a page or for paper: what is asked, what may be answered, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.items import (
    ChoiceItem,
    ChoicesItem,
    DateItem,
    FeelingsItem,
    GroupItem,
    NoteItem,
    NumberItem,
    ScaleItem,
)
from openipt.therapy.vocabulary import label
from openipt.therapy.words import catalogue

EMPTY_ROWS = 3  # how many rows of a repeated group an empty sheet shows, at least
ACROSS = 11  # a scale of up to so many steps stands in one line
MOST_COLUMNS = 6  # so many shared answers still stand side by side


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that may be given."""

    words: str
    given: bool
    many: bool = False
    step: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One item on the page. `way` says how it is drawn: heading, note, answers, line, box, rows, part."""

    id: str
    way: str
    asked: str
    help: str | None = None
    example: str | None = None
    picture: str | None = None
    required: bool = False
    answers: tuple[Answer, ...] = ()
    across: bool = False
    low: str | None = None
    high: str | None = None
    unit: str | None = None
    said: str | None = None
    rows: tuple[tuple[Shown, ...], ...] = ()
    row_name: str | None = None
    columns: tuple[str, ...] = ()
    way_to: str = ""  # from the top of the form: `days.dinner`


def lay_out(
    form: Form, answers: Mapping[str, Any] | None = None, staff: bool = True, names: Mapping[str, str] | None = None
) -> list[Shown]:
    """Lay out a form. With `answers` it is shown as filled; `names` give the people of the circle their words.

    Questions that share their answers stand together as one table, as they do on paper.
    """
    shown = list(_items(form, form.items, answers, staff, names or {}))
    return _together(shown) if form.kind == "questionnaire" else shown


def _together(shown: list[Shown]) -> list[Shown]:
    made: list[Shown] = []
    for words, run in groupby(shown, key=_shared):
        items = tuple(run)
        if words and len(items) > 1:
            made.append(
                Shown(id=items[0].id, way="table", asked="", columns=words, rows=tuple((item,) for item in items))
            )
        else:
            made += items
    return made


def _shared(item: Shown) -> tuple[str, ...]:
    """Return the answers an item shares with its neighbours; nothing where it does not stand in a table."""
    plain = item.way == "answers" and not item.across and 2 < len(item.answers) <= MOST_COLUMNS
    return tuple(answer.words for answer in item.answers) if plain and not any(one.many for one in item.answers) else ()


def _items(
    form: Form,
    items: tuple[Any, ...],
    answers: Mapping[str, Any] | None,
    staff: bool,
    names: Mapping[str, str],
    way: str = "",
) -> Iterator[Shown]:
    for item in items:
        if item.staff_only and not staff:
            continue
        value = answers.get(item.id) if answers is not None else None
        blank = answers is not None and value is None and not isinstance(item, NoteItem)
        if blank and (item.later or item.show_when or form.kind == "worksheet"):
            continue  # a filled worksheet shows what was written; nothing is demanded
        yield _one(form, item, value, answers is not None, staff, names, way)


def _one(form: Form, item: Any, value: Any, filled: bool, staff: bool, names: Mapping[str, str], way: str) -> Shown:
    asked = item.label or item.topic or item.id
    common = {"id": item.id, "asked": asked, "help": item.help, "example": item.example}
    common |= {"picture": item.picture, "required": item.required, "way_to": f"{way}{item.id}"}
    if isinstance(item, NoteItem):
        return Shown(id=item.id, way="heading" if item.heading else "note", asked=asked)
    if isinstance(item, GroupItem):
        rows = _rows(form, item, value, filled, staff, names, f"{way}{item.id}.")
        return Shown(way="rows", rows=rows, row_name=item.row, **common)
    if filled and form.kind == "worksheet":
        return Shown(way="said", said=spoken(form, item, value, names), **common)
    if isinstance(item, (ChoiceItem, ChoicesItem)) and not item.rows_of:
        return Shown(way="answers", answers=_answers(form, item, value), **common)
    if isinstance(item, ScaleItem):
        return _scale(item, value, common)
    if item.kind == "yes_no":
        given = tuple(Answer(words, value is yes) for words, yes in (("Yes", True), ("No", False)))
        return Shown(way="answers", answers=given, **common)
    unit = item.unit if isinstance(item, NumberItem) else None
    drawn = "box" if item.kind in ("long_text", "feelings") else "line"
    return Shown(way=drawn, unit=unit, said=spoken(form, item, value, names) if filled else None, **common)


def _answers(form: Form, item: ChoiceItem | ChoicesItem, value: Any) -> tuple[Answer, ...]:
    many = isinstance(item, ChoicesItem)
    chosen = value if many else [value]
    offered = list(choices_of(form, item))
    if isinstance(item, ChoiceItem) and item.allow_na:
        offered.append(("na", "Does not apply"))
    return tuple(Answer(words, raw in (chosen or ()), many) for raw, words in offered)


def _scale(item: ScaleItem, value: Any, common: dict[str, Any]) -> Shown:
    steps = [item.min + n * item.step for n in range(round((item.max - item.min) / item.step) + 1)]
    answers = tuple(Answer(f"{step:g}", value == step, step=True) for step in steps)
    return Shown(way="answers", answers=answers, across=len(steps) <= ACROSS, low=item.low, high=item.high, **common)


def _rows(
    form: Form, item: GroupItem, value: Any, filled: bool, staff: bool, names: Mapping[str, str], way: str
) -> tuple[tuple[Shown, ...], ...]:
    if filled:
        rows = value if isinstance(value, list) else [value or {}]
        return tuple(tuple(_items(form, item.items, row, staff, names, way)) for row in rows)
    # Rows within rows: one is enough on an empty sheet, or a pack would never end.
    outermost = item in form.items
    count = max(item.repeat.least, EMPTY_ROWS if outermost else 1) if item.repeat else 1
    return tuple(tuple(_items(form, item.items, None, staff, names, way)) for _ in range(min(count, 9)))


def spoken(form: Form, item: Any, value: Any, names: Mapping[str, str]) -> str:
    """Write an answer in words."""
    if value is None:
        return ""
    if isinstance(item, FeelingsItem):
        return ", ".join(_feeling(one) for one in value)
    if isinstance(item, (ChoiceItem, ChoicesItem)):
        words = dict(choices_of(form, item)) if not item.rows_of else {}
        return ", ".join(str(words.get(one, one)) for one in (value if isinstance(value, list) else [value]))
    if item.kind in ("person", "people"):
        return ", ".join(_name(one, names) for one in (value if isinstance(value, list) else [value]))
    if item.kind == "yes_no":
        return "Yes" if value else "No"
    if isinstance(item, ScaleItem):
        return f"{value:g} of {item.max}"
    if isinstance(item, NumberItem):
        return f"{value:g}{' ' + item.unit if item.unit else ''}"
    if isinstance(item, DateItem) or item.kind == "moment":
        return catalogue().as_far_as_known(str(value))
    return str(value)


def _feeling(one: Mapping[str, Any]) -> str:
    word = label("feelings", one["emotion"])
    return f"{word} ({one['intensity']:g})" if one.get("intensity") is not None else word


def _name(person: str, names: Mapping[str, str]) -> str:
    return "everybody in this life now" if person == "all_current" else names.get(person, person)
