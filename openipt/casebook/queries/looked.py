"""Who looked at a course, for whoever may know it: everybody for the one in charge, oneself for a supervisor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openipt.accounts.models import Account
from openipt.audit.reading import Look, looks
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.course.young import Seeing

KIND = "audit_trail"


@dataclass(frozen=True, slots=True)
class Looked:
    """The looks at one client's record, newest first; `own`: only the actor's, no more is theirs to know."""

    looks: tuple[Look, ...]
    own: bool
    names: Mapping[str, str]  # account -> the name colleagues see
    client: str | None  # the client's own sign-in, if there is one


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
    asked = Account.objects.filter(Q(organisation=enrolment.organisation_id) | Q(client=enrolment.client_id))
    accounts = list(asked.values_list("id", "name", "client"))
    own_sign_in = next((str(one) for one, _, whose in accounts if whose == enrolment.client_id), None)
    return Looked(mine, own, {one.hex: name for one, name, _ in accounts if name}, own_sign_in)
