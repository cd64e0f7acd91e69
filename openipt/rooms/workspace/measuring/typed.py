"""What was typed last: its score in words, what it asks for, and what a bare total leaves unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from openipt.rooms.filling.afterwards import Heard, heard, made_up_words
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course.flags import SELF_HARM_RULES
from openipt.therapy.course.left_blank import LeftBlank, of_entry
from openipt.therapy.forms import Form, has_form, open_form
from openipt.therapy.record import Entry, Flag
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Typed:
    """One sheet as it came into the record."""

    form: Form
    entry: Entry
    words: Sentence
    heard: Heard | None
    unasked: bool  # a total says nothing about thoughts of death: that has to be asked
    flag: str | None = None  # that waits because of it
    made_up: Sentence | None = None  # the score stands although answers were left blank: which
    blank: LeftBlank | None = None  # a question on danger was left blank: it is asked aloud


def last_typed(course: Course, entry_id: str, at: datetime, zone: str) -> Typed | None:
    """Return what an address names as typed just now; None where the course has no such sheet."""
    entry = next((one for one in course.record.entries if one.id == entry_id), None) if entry_id else None
    if entry is None or not has_form(entry.form):
        return None
    form = open_form(entry.form, entry.version)
    unasked = entry.kind == "total_only" and form.id in _asking_of_death()
    waits = next((one.id for one in course.record.flags if one.entry == entry.id and _waits(one)), None)
    called = heard(course.record, entry, at, zone)
    words, made_up = in_words(course, form, entry), made_up_words(course.record, form, entry)
    return Typed(form, entry, words, called, unasked, waits, made_up, of_entry(course.record, entry))


def typed_words(course: Course, entry_id: str) -> Sentence | None:
    """Say the score of a sheet that an address names; None where the course has no such sheet."""
    entry = next((one for one in course.record.entries if one.id == entry_id), None) if entry_id else None
    known = entry is not None and has_form(entry.form) and open_form(entry.form).kind == "questionnaire"
    return in_words(course, open_form(entry.form, entry.version), entry) if entry is not None and known else None


def _waits(flag: Flag) -> bool:
    return flag.state == "new" and not flag.outcomes


def in_words(course: Course, form: Form, entry: Entry) -> Sentence:
    """Say the score of one sheet with its band, or why there is none."""
    if entry.kind == "total_only":
        return say("measure.reported", form=form.name, value=entry.total, on=entry.happened_at)
    result = course.record.result(entry)
    value = result.scores.get(form.primary or "")
    if value is None:
        return say("measure.unscored", form=form.name, on=entry.happened_at, n=result.missing.n)
    band = form.band_label(result.band)
    if band:
        return say("measure.band", form=form.name, value=value, on=entry.happened_at, band=band.lower())
    return say("measure.plain", form=form.name, value=value, on=entry.happened_at)


@cache
def _asking_of_death() -> frozenset[str]:
    """The questionnaires of which one question asks for thoughts of death or self-harm."""
    lines = vocabulary()["finding_rules"]
    return frozenset(form for line in lines if line["rule"] in SELF_HARM_RULES for form in line["forms"])
