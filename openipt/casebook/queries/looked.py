"""Who looked at a course, for whoever may know it: everybody for the one in charge, oneself for a supervisor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import FilteredRelation, Q

from openipt.accounts.models import Account
from openipt.audit.reading import Look, looks
from openipt.casebook.models import Enrolment
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.course.young import Seeing

KIND = "audit_trail"


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody is to a client, and from when to when."""

    kind: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Looked:
    """The looks at one client's record, newest first; `own`: only the actor's, no more is theirs to know."""

    looks: tuple[Look, ...]
    own: bool
    names: Mapping[str, str]  # account -> the name colleagues see
    client: str | None  # the client's own sign-in, if there is one
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)  # account -> what they were to the client

    def part_of(self, look: Look) -> str:
        """Return what somebody was to the client when they looked: the kind of their tie, or empty."""
        held = self.parts.get(look.by.replace("-", ""), ())
        return next((one.kind for one in held if one.since <= look.at and (not one.until or look.at < one.until)), "")


def with_caregivers(found: Looked, known: Iterable[Seeing]) -> Looked:
    """Return the looks with caregivers under the names by which the young person calls them."""
    called = {UUID(one.account).hex: one.called for one in known if one.called}
    return replace(found, names={**called, **found.names})


def looked(actor: Actor, course: str, at: datetime, since: datetime | None = None) -> Looked:
    """Return who looked. It tells nothing that the client wrote or said; the page around it opens the course.

    Args:
        actor: Who asks.
        course: The enrolment's label.
        at: The server's time.
        since: Leave out what was before.

    Raises:
        NotVisible: no such course for this actor.
        NotAllowed: the table says no.
    """
    own = False
    try:
        seen = find_enrolment(actor, course, KIND, "read", at)
    except NotAllowed:
        seen, own = find_enrolment(actor, course, KIND, "read", at, ("author",)), True
    enrolment = seen.enrolment
    client = str(enrolment.client_id)
    found = looks(client, zone=ZoneInfo(enrolment.organisation.zone), since=since)
    mine = tuple(one for one in found if not own or one.by == actor.id)
    names, parts, own_sign_in = _people(enrolment)
    return Looked(mine, own, names, own_sign_in, parts)


def _people(enrolment: Enrolment) -> tuple[dict[str, str], dict[str, tuple[Part, ...]], str | None]:
    """Return names of accounts, what each was to the client (the newest first), and the client's own. One query."""
    here = Q(organisation=enrolment.organisation_id) | Q(client=enrolment.client_id)
    tied = FilteredRelation("ties", condition=Q(ties__enrolment=enrolment.id))
    rows = Account.objects.filter(here).annotate(tie=tied).order_by("-tie__since")
    names: dict[str, str] = {}
    parts: dict[str, list[Part]] = {}
    own = None
    columns = ("id", "name", "client", "tie__kind", "tie__since", "tie__until", "tie__end__at")
    for account, name, whose, kind, since, until, ended in rows.values_list(*columns):
        if name:
            names[account.hex] = name
        own = str(account) if whose == enrolment.client_id else own
        if kind and kind not in ("own", "proxy"):
            over = min(filter(None, (until, ended)), default=None)
            parts.setdefault(account.hex, []).append(Part(kind, since, over))
    return names, {account: tuple(held) for account, held in parts.items()}, own
