"""What was answered, in the words of the sheet; when it was answered, received and seen; until when it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from openipt.casebook.queries.deadlines import Deadline
from openipt.casebook.queries.flags import FlagTold, StepTold
from openipt.therapy.course import derived_flags
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Entry, Record
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say

ON_THE_WAY = timedelta(minutes=30)  # an answer that took longer was lying somewhere unread


@dataclass(frozen=True, slots=True)
class Asked:
    """The question behind a flag and its answer, in the words of the sheet; no words where the shelf holds none."""

    form: str
    question: str | None
    answer: str | None
    entry: str
    alone: bool
    owner: str = ""  # of a questionnaire: whose words they are


def why_of(manual: Manual, record: Record, found: FlagTold, now: datetime) -> Sentence:
    """Say what was answered, as the rules tell it; where they no longer do, that an answer asked for a person."""
    for one in derived_flags(manual, record, now.date()):
        if one.rule == found.rule and one.handled is not None and one.handled.id in (found.id, str(found.row)):
            return one.why
    return say("flag_page.raised")


def asks_for(rule: str) -> str:
    """Say what a flag asks for: where one rule builds on another, in the words of both and never by its number."""
    rules = vocabulary()["flag_rules"]
    return re.sub(r"\b(R\d+)\b,?", lambda found: f"{rules[found[1]]['does']};", rules[rule]["does"])


def asked_in(record: Record, found: FlagTold) -> Asked | None:
    """Return the question and the answer behind a flag; None where no sheet that can be read stands behind it."""
    entry = next((one for one in record.entries if found.entry in (one.id,)), None)
    if entry is None or not has_form(entry.form):
        return None
    form = open_form(entry.form, entry.version)
    item = next((one for one in form.items if one.id == found.item), None)
    alone = entry.visibility == "staff_asked_alone"
    asked = (item.label or item.topic) if item else None
    owner = form.terms.attribution if form.kind == "questionnaire" else ""
    return Asked(form.name, asked, _answer(form, item, entry), entry.id, alone, owner)


def _answer(form: Any, item: Any, entry: Entry) -> str | None:
    value = entry.answers.get(item.id) if item else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(item, ChoiceItem):
        return next((words for answer, words in choices_of(form, item) if answer == value), None)
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Open:
    """An answer that waits for a person: what was answered, unless it was asked alone, and until when."""

    id: str
    answered_at: datetime
    why: Sentence | None
    due_at: datetime | None


def open_ones(manual: Manual, record: Record, waits: tuple[Deadline, ...], now: datetime) -> list[Open]:
    """Return what waits in a course, the one due first standing first."""
    alone = {entry.id for entry in record.entries if entry.visibility == "staff_asked_alone"}
    due = {str(one.flag): one.due_at for one in waits}
    words = {one.handled.id: one.why for one in derived_flags(manual, record, now.date()) if one.handled}
    found = [
        Open(flag.id, flag.answered_at, None if flag.entry in alone else words.get(flag.id), due.get(flag.id))
        for flag in record.flags
        if flag.state == "new" and not flag.outcomes
    ]
    return sorted(found, key=lambda one: one.due_at or one.answered_at)


def by_client(record: Record, found: FlagTold) -> bool:
    """Whether the client sent the sheet behind a flag: their accounts have no name that colleagues see."""
    entry = next((one for one in record.entries if one.id == found.entry), None)
    return entry is not None and not entry.by


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that came in as known: asked about and noted in the session. `holds`: whether it still is known."""

    id: str | None
    on: date
    why: Sentence
    holds: bool


def known_ones(manual: Manual, record: Record, today: date) -> list[Known]:
    """Return the known answers nobody wrote an outcome to, the newest first; of answers asked alone, none is told."""
    alone = {entry.id for entry in record.entries if entry.visibility == "staff_asked_alone"}
    open_now = [one for one in derived_flags(manual, record, today) if one.is_open and one.entry not in alone]
    came_in = {one.id for one in record.flags if one.state == "known"}
    return [
        Known(one.handled.id if one.handled else None, one.on, one.why, one.state == "known")
        for one in reversed(open_now)
        if one.state == "known" or (one.handled is not None and one.handled.id in came_in)
    ]


def seen_first(found: FlagTold) -> StepTold | None:
    """Return when a person first saw a flag, and who; None where nobody has."""
    return next((step for step in found.steps if step.kind == "seen"), None)


def came_late(found: FlagTold) -> bool:
    """Whether an answer lay unread somewhere before it was received."""
    return found.received_at - found.answered_at > ON_THE_WAY


def known_until(found: FlagTold) -> date | None:
    """Return the day by which a known flag is looked at again; None where it is not known, or no day was written."""
    if found.state != "known":
        return None
    said = next((step.review_by for step in reversed(found.steps) if step.review_by), None)
    return day_of(said)
