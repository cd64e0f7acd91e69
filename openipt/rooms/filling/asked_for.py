"""What the address of a sheet asks for besides its form: what it is about, which older entry it replaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.http import Http404, HttpRequest

from openipt.accounts.models import Organisation
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.rooms.filling.called import field_name
from openipt.therapy.forms import Form, open_form
from openipt.therapy.record import Entry, Record, alias
from openipt.therapy.words import catalogue

AS_LONG_AS_AN_ID = 36
SOURCES = ("communication-analysis",)  # sheets that another sheet may be made from, and be about
Find = Callable[[str], Record | None]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a sheet is about, and what it replaces."""

    about: str | None = None
    replaces: Entry | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the address asks for nothing but the form."""
        return not self.about and not self.replaces


def asked_for(request: HttpRequest, form: Form, record: Callable[[], Record]) -> AskedFor:
    """Read `?about=` (or `?session=`, `?person=`) and `?replaces=`; each must stand in the record, else 404.

    The record is opened only where the address asks for something of it.
    """
    about, older = named_in(request)
    if not about and not older:
        return AskedFor()
    known = record()
    if about and about not in _labels(known):
        raise Http404("Nothing of that name is in this course.")
    replaced = _entry(known, form, older) if older else None
    return AskedFor(about or (replaced.about if replaced else None), replaced)


def named_in(request: HttpRequest) -> tuple[str | None, str | None]:
    """Return what an address says a sheet is about, and which entry it replaces; not looked at yet."""
    about = next((request.GET[name] for name in ("about", "person", "session") if request.GET.get(name)), None)
    return about, request.GET.get("replaces") or None


def _labels(record: Record) -> set[str]:
    things = (*record.people, *record.goals, *record.steps, *record.events)
    sheets = {entry.id for entry in record.entries if entry.form in SOURCES}
    return {thing.id for thing in things} | {session.id for session in record.sessions} | sheets


def _entry(record: Record, form: Form, older: str) -> Entry:
    found = next((entry for entry in record.entries if entry.id == older), None)
    if found is None or found.form != form.id or found.retracted_at or found.kind == "without_content":
        raise Http404("There is no such sheet in this course to write a new version of.")
    return found


def names_of(record: Record) -> dict[str, str]:
    """Return the people of the circle who are part of this life now: id -> what the client calls them.

    Somebody whose only sheet was taken back has no name left, and is not offered.
    """
    known = {thing.id: alias(record, thing.id) or thing.id for thing in record.people if thing.ended_at is None}
    return {key: name for key, name in known.items() if name != key or len(key) < AS_LONG_AS_AN_ID}


def about_in_words(record: Record, about: str | None) -> str | None:
    """Say what a sheet is about."""
    if about is None:
        return None
    session = next((one for one in record.sessions if one.id == about), None)
    if session is not None:
        return f"Session {session.number}"
    if about in {thing.id for thing in record.people}:
        return alias(record, about)
    source = next((one for one in record.entries if one.id == about), None)
    if source is not None:
        return f"{field_name(open_form(source.form))}, {catalogue().spell(source.happened_at)}"
    return str(record.says("goals-and-boundaries", about).get("statement") or about)


def may_write(actor: Actor, course: str, form: Form, at: datetime) -> bool:
    """Whether somebody may write a sheet of this form in a course."""
    try:
        find_enrolment(actor, course, kind_of(form.id, form.kind, form.visibility), "write", at)
    except (NotVisible, NotAllowed):
        return False
    return True


@lru_cache(maxsize=1024)
def zone_of(organisation: str) -> str:
    """Return the zone of a service; it does not move."""
    return Organisation.objects.values_list("zone", flat=True).get(id=UUID(organisation))
