"""What was changed about a service, the newest first: changes as they are kept, and acts that the audit alone knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openipt.accounts.changes import Change
from openipt.accounts.models import Account, Membership, Organisation
from openipt.audit.models import AuditEvent

ACTS = ("organisation.make", "account.make", "role.give", "role.end", "account.close", "switch_insight")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was changed: a kept change, or an act of the audit with whom it was about."""

    at: datetime
    change: Change | None = None
    act: str = ""
    why: str = ""
    who: str = ""
    whom: str = ""


def lines(organisation: Organisation, before: datetime | None = None) -> list[Line]:
    """Return the newest lines; `before` goes on where a page ended. Five queries, however many there are."""
    kept = Change.objects.filter(organisation=organisation)
    events = AuditEvent.objects.filter(chain=str(organisation.id), act__in=ACTS)
    if before is not None:
        kept, events = kept.filter(at__lt=before), events.filter(at__lt=before)
    changes = kept.select_related("account", "by", "end", "end__by").order_by("-at")[:SHOWN]
    found = [Line(one.at, change=one) for one in changes]
    found += _told(list(events.order_by("-at")[:SHOWN]))
    return sorted(found, key=lambda line: line.at, reverse=True)[:SHOWN]


def _told(events: list[AuditEvent]) -> list[Line]:
    """Put names to the ids of events: who did it by the account, whom it was about by the role that was written."""
    roles = {str(row[1]): event for event in events for row in event.rows if row[0] == Membership._meta.db_table}
    about = Membership.objects.filter(id__in=[UUID(one) for one in roles]).values_list("id", "account__name")
    whom = {roles[str(key)].id: name for key, name in about}
    accounts = {event.by for event in events if _is_id(event.by)}
    names = {str(key): name for key, name in Account.objects.filter(id__in=accounts).values_list("id", "name")}
    return [Line(one.at, None, one.act, one.why, names.get(one.by, one.by), whom.get(one.id, "")) for one in events]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
