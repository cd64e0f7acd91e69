"""The safety plan as it hangs on a wall: its steps in order, each line with the number to ring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openipt.therapy.forms import Form, open_form
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.forms.layout import spoken
from openipt.therapy.record import Entry
from openipt.therapy.record.views import day_of
from openipt.therapy.words import catalogue

FORM = "safety-plan"
ABOUT_THE_PLAN = "step_8"  # the last heading: when and with whom it was made


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a step: what it says, a telephone number if it has one, and what else was written beside it."""

    words: str
    call: str = ""
    more: tuple[str, ...] = ()
    asked: str = ""  # the question, where the answer alone would not say what it is about

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.call if sign.isdigit() or sign == "+")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the plan under its heading."""

    title: str
    lines: list[Line] = field(default_factory=list)
    about: bool = False  # about the plan itself


def steps_of(entry: Entry, names: Mapping[str, str]) -> list[Step]:
    """Lay a plan out by the headings of its form; a step without a line stays as a place to fill."""
    form = open_form(FORM, entry.version)
    steps = [Step("")]
    for item in form.items:
        if isinstance(item, NoteItem):
            steps.append(Step(item.label or "", about=item.id == ABOUT_THE_PLAN))
        else:
            steps[-1].lines.extend(_lines(form, item, entry.answers.get(item.id), names))
    return [step for step in steps if step.title or step.lines]


def _lines(form: Form, item: Any, value: Any, names: Mapping[str, str]) -> Iterator[Line]:
    if value is None or value == []:
        return
    if isinstance(item, GroupItem):
        yield from (_row(form, item, row, names) for row in value if isinstance(row, Mapping) and row)
    elif item.kind == "phone":
        yield Line(str(item.label or ""), str(value))
    else:
        day = day_of(value) if item.kind == "date" else None
        yield Line(catalogue().spell(day) if day else spoken(form, item, value, names), asked=str(item.label or ""))


def _row(form: Form, item: GroupItem, row: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    """Write one row: its first answer is the line, a number is to be rung, everything else stands beside it."""
    said = [(part, row[part.id]) for part in item.items if row.get(part.id) is not None]
    call = next((str(value) for part, value in said if part.kind == "phone"), "")
    words = [
        f"{part.label}: {spoken(form, part, value, names)}"
        if part.kind == "yes_no"
        else spoken(form, part, value, names)
        for part, value in said
        if part.kind != "phone"
    ]
    return Line(words[0] if words else "", call, tuple(words[1:]))
