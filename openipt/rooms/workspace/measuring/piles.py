"""Which questionnaires lie on the pile to be typed: what the manual asks for now first, then what is in use here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import due
from openipt.therapy.forms import Form, form_ids, has_form, open_form
from openipt.therapy.words import Sentence


@dataclass(frozen=True, slots=True)
class ToType:
    """One questionnaire that can be typed: why now, and about whom where it is asked of each person apart."""

    form: Form
    why: Sentence | None = None
    on_paper: bool = False  # its words are not on this shelf
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """Everything that can be typed in a course."""

    due: tuple[ToType, ...]
    used: tuple[ToType, ...]
    others: tuple[ToType, ...]


def pile(course: Course, today: date, *, every: bool = False) -> Pile:
    """Lay out what can be typed on a day; each questionnaire once, those due first; with `every` the whole shelf."""
    asked = tuple(due_measures(course, today))
    known = {one.form.id for one in asked}
    used = [name for name in dict.fromkeys(entry.form for entry in course.record.entries) if name not in known]
    mine = tuple(ToType(form, on_paper=not form.may_ship) for form in _scored(used))
    known |= {one.form.id for one in mine}
    rest = _scored(name for name in form_ids() if name not in known) if every else ()
    return Pile(asked, mine, tuple(ToType(form, on_paper=not form.may_ship) for form in rest))


def due_measures(course: Course, today: date) -> list[ToType]:
    """Return the measures that the manual asks for at the session that comes next, and nobody has answered today."""
    items = due(course.manual, course.record, today) if course.manual.known and not course.record.ended_on else ()
    return [
        ToType(open_form(one.id), one.why, one.on_paper, one.about)
        for one in items
        if one.kind == "measure" and has_form(one.id)
    ]


def can_be_typed(form: Form) -> bool:
    """Whether a sheet is a questionnaire with a score: what lies on paper beside the keyboard."""
    return form.kind == "questionnaire" and form.primary is not None


def _scored(names: object) -> list[Form]:
    forms = [open_form(name) for name in names if has_form(name)]  # type: ignore[attr-defined]
    return sorted((form for form in forms if can_be_typed(form)), key=lambda form: form.name.lower())
