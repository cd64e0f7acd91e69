"""Questions on danger that a sheet left blank: no flag, and on the agenda of the next contact until somebody asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openipt.therapy.course.conversations import talks_since
from openipt.therapy.course.flags import findings_of
from openipt.therapy.forms import has_form
from openipt.therapy.record import Entry, Record
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say

SKIPPED = "risk_item_skipped"


@dataclass(frozen=True, slots=True)
class LeftBlank:
    """A question on thoughts of death or self-harm without an answer: in which sheet, of which day, in words."""

    entry: str
    item: str
    on: date
    why: Sentence


def left_blank(record: Record, today: date) -> tuple[LeftBlank, ...]:
    """Return what was left blank in the newest sheet of each questionnaire, and nobody has asked about since.

    A newer sheet with an answer, a card of a session that says safety was asked aloud, or a safety conversation with
    an answer on thoughts ends it; an answer in a sheet before does not.
    """
    return record.remember(("left blank", today), lambda: tuple(_found(record, today)))


def _found(record: Record, today: date) -> Iterator[LeftBlank]:
    for name in _asking():
        sheets = [one for one in record.of(name) if one.kind == "answers" and one.happened_at.date() <= today]
        blank = of_entry(record, sheets[-1]) if sheets and has_form(name) else None
        if blank is not None and not _asked_since(record, sheets[-1]):
            yield blank


def of_entry(record: Record, entry: Entry) -> LeftBlank | None:
    """Return what one sheet left blank on danger, whatever was asked since."""
    if entry.form not in _asking() or not has_form(entry.form):
        return None
    seen = next((one for one in findings_of(record, entry) if one.id == SKIPPED and one.item), None)
    if seen is None or seen.item is None:
        return None
    on = entry.happened_at.date()
    why = say("left_blank.risk", form=seen.form.name, item=seen.item.removeprefix("q"), on=on)
    return LeftBlank(entry.id, seen.item, on, why)


def _asking() -> tuple[str, ...]:
    lines = vocabulary()["agenda_findings"]
    return tuple(str(form) for line in lines if line["finding"] == SKIPPED for form in line["forms"])


def _asked_since(record: Record, sheet: Entry) -> bool:
    on = sheet.happened_at.date()
    spoken = any(talk.entry.answers.get("thoughts") is not None for talk in talks_since(record, on))
    later = [one for one in record.held() if one.day >= on]
    return spoken or any(record.says("session-record", one.id).get("safety_asked") is True for one in later)
