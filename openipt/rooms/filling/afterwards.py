"""After a sheet was saved: how it came in, what was answered that asks for a person, and who that is until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.accounts.models import Account
from openipt.casebook.models import Flag
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.waiting import waiting
from openipt.therapy.course import derived_flags
from openipt.therapy.course.conversations import asked_because_of
from openipt.therapy.course.flags import SELF_HARM_RULES, findings_of
from openipt.therapy.forms import Form, has_form, open_form
from openipt.therapy.record import Entry, Record
from openipt.therapy.words import Sentence, catalogue, say

TOLD = {
    "saved": "{} is in the record.",
    "again": "This sheet was in the record already, with the same answers. It stands there once.",
    "newer": "In the record. The sheet was changed while you were writing: your answers stand under its new version.",
}
SHEETS = ("safety-conversation", "safety-plan")


@dataclass(frozen=True, slots=True)
class Waits:
    """A flag of this entry: the person it waits for, and until when; `done` has what was written about it."""

    owner: str
    until: str
    late: bool
    done: tuple[str, ...] = ()
    flag: str = ""  # where the outcome is written


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered that asks for a person, in words, and what has become of it."""

    said: tuple[Sentence, ...]
    known: bool  # spoken about before, with a current plan: no new task
    waits: tuple[Waits, ...]
    offers: tuple[tuple[str, str], ...]  # sheets to go on with: id, title
    about: str = ""  # the flag that waited already, and what was said here belongs to


def heard(record: Record, entry: Entry, at: datetime, zone: str) -> Heard | None:
    """Return what in an entry asks for a person; None where nothing does, or the reader may not know."""
    today = at.astimezone(ZoneInfo(zone)).date()
    found = [flag for flag in derived_flags(manual_of(record), record, today) if flag.entry == entry.id]
    mine = [flag for flag in record.flags if flag.entry == entry.id]
    about = belongs_to(record, entry) if not mine else None
    if about:
        return Heard((), known=False, waits=(), offers=(), about=about)
    if not found or (not mine and all(flag.state == "new" for flag in found)):
        return None
    said = tuple(dict.fromkeys(flag.why for flag in found))
    waits = tuple(dict.fromkeys(_waits(flag, at, zone) for flag in mine))
    offers = tuple((name, open_form(name).title) for name in SHEETS if name != entry.form and has_form(name))
    return Heard(said, all(flag.state == "known" for flag in found), waits, offers)


def belongs_to(record: Record, entry: Entry) -> str | None:
    """Return the flag that a safety conversation was held about, where what was said in it belongs to that one."""
    mildest = SELF_HARM_RULES[0]
    flags = (asked_because_of(record, entry, mildest, seen.item) for seen in findings_of(record, entry))
    return next((flag.id for flag in flags if flag is not None and not flag.outcomes), None)


def made_up_words(record: Record, form: Form, entry: Entry) -> Sentence | None:
    """Say which questions were left blank in a sheet whose score was made up from the answers given."""
    if entry.kind != "answers":
        return None
    missing = record.result(entry).missing
    if not missing.prorated:
        return None
    known = {one.id: one for one in form.items}
    items = tuple(_called(known[name]) for name in missing.items if name in known)
    return say("measure.made_up", items=items, n=len(items)) if items else None


def _called(item: Any) -> Sentence | str:
    number = item.id.removeprefix("q")
    return say("measure.question", n=number) if number.isdigit() else f"“{item.label or item.topic or item.id}”"


def _waits(told: Any, at: datetime, zone: str) -> Waits:
    """Say whose task a flag is now."""
    flag = told.id
    done = tuple(f"{outcome.words} ({outcome.by})" if outcome.by else outcome.words for outcome in told.outcomes)
    found = next(iter(waiting(UUID(told.id))), None) if not done and _is_id(told.id) else None
    if found is None:
        return Waits("", "", False, done, flag)
    name = Account.objects.filter(id=found.owner).values_list("name", flat=True).first() if found.owner else None
    due = found.due_at.astimezone(ZoneInfo(zone))
    return Waits(name or "whoever is on duty", catalogue().spell(due, "time"), found.is_overdue(at), done, flag)


def _is_id(text: str) -> bool:
    return len(text) == 36 and Flag.objects.filter(id=text).exists()
