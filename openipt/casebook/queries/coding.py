"""An entry without anything somebody wrote: codes, numbers and days stay; words and names of people do not.

Many items take own words beside their codes: a person who is not in the circle, a feeling that is not on the list, an
answer that was not offered. Such words are withheld like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from openipt.therapy.forms import Form, has_form, open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.record import Entry
from openipt.therapy.vocabulary import words_of

WITHHELD = "(not shown)"
NAMES = ("alias",)  # what somebody is called: left out altogether, so that a code stands in its place
PLAIN = ("scale", "whole", "number", "yes_no", "date", "time", "moment")  # checked to hold nothing else


def coded(entry: Entry, people: frozenset[str]) -> Entry:
    """Return an entry without anything somebody wrote: names and free text may tell who it is.

    Args:
        entry: The entry.
        people: The people of the circle as they are known inside the record (`P1`): whose circle it is cannot be read
            from that, so these stay.
    """
    why = WITHHELD if entry.retracted_why else None
    if not has_form(entry.form):
        return replace(entry, answers={}, retracted_why=why)
    form = open_form(entry.form, entry.version)
    return replace(entry, answers=dict(_coded(form, form.items, entry.answers, people)), retracted_why=why)


def _coded(form: Form, items: Any, answers: Any, people: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for item in items:
        value = answers.get(item.id)
        if value is not None and item.id not in NAMES:
            kept = _kept(form, item, value, people)
            if kept is not None:
                yield item.id, kept


def _kept(form: Form, item: Any, value: Any, people: frozenset[str]) -> Any:
    """Return what may stay of one answer; None where nothing of its kind may."""
    if item.kind == "group":
        rows = value if isinstance(value, list) else [value]
        inside = [dict(_coded(form, item.items, row, people)) for row in rows if isinstance(row, Mapping)]
        return inside if isinstance(value, list) else next(iter(inside), None)
    if item.kind in PLAIN:
        return value
    if item.kind in ("choices", "people"):
        return [_known(form, item, one, people) for one in value]
    if item.kind == "feelings":
        return [{**one, "emotion": _of(words_of("feelings"), one.get("emotion"))} for one in value]
    return _known(form, item, value, people) if item.kind in ("choice", "person", "text", "long_text") else None


def _known(form: Form, item: Any, value: Any, people: frozenset[str]) -> Any:
    """Return a value that is a code here; withhold own words."""
    if item.kind in ("person", "people"):
        return _of(people, value)
    if item.kind not in ("choice", "choices"):
        return WITHHELD
    if item.rows_of:
        return value if isinstance(value, int) else WITHHELD
    return _of({one for one, _ in choices_of(form, item)} | {"na"}, value)


def _of(codes: Any, value: Any) -> Any:
    return value if value in codes else WITHHELD
