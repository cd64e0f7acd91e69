"""The sheet of a safety conversation: the day and who writes are filled in, and what few are asked stands folded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from openipt.accounts.models import Account
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.face import Face
from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.happened import DAY, EARLIEST
from openipt.rooms.filling.laying import holds
from openipt.rooms.filling.said import Read
from openipt.rooms.filling.sheet import Sheet
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.courses import who
from openipt.therapy.record import Record

CONVERSATION = "safety-conversation"
PERINATAL = "ipt-perinatal"  # its manual asks everybody
BABY, AGREED = "part_baby", "part_agreed"  # headings: what lies between them is asked in pregnancy or with a baby


def conversation_sheet(request: HttpRequest) -> Face:
    """Return the face of the sheet for whoever writes it; nobody signed in has none to fill in."""
    return Face("workspace/risk/conversation.html", _gather, tidy=_one_day, begin=partial(_begin, request))


def _begin(request: HttpRequest, record: Record, address: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: ARG001
    """Begin with today and with who writes; what was asked is never filled in before it was asked."""
    actor = who(request)
    today = timezone.now().astimezone(ZoneInfo(zone_of(actor.organisation))).date()
    name = Account.objects.values_list("name", flat=True).get(id=UUID(actor.id))
    return {"date": today.isoformat(), "by": name}


def _one_day(pairs: Pairs) -> Pairs:
    """Take the day of the conversation as the day of the sheet: it is asked once."""
    said = dict(pairs)
    try:
        day = date.fromisoformat(said.get("date", "").strip())
    except ValueError:
        return pairs
    if DAY in said or not EARLIEST <= day < timezone.localdate():
        return pairs
    return [*pairs, (DAY, day.isoformat())]


def _gather(sheet: Sheet, fields: tuple[Field, ...], read: Read) -> Mapping[str, Any]:  # noqa: ARG001
    """Return the questions in their order, those about a baby folded until somebody wants them."""
    names = [one.name for one in fields]
    if BABY not in names or AGREED not in names:
        return {}
    first, last = names.index(BABY), names.index(AGREED)
    inside = fields[first + 1 : last]
    opened = sheet.record.manual == PERINATAL or any(map(holds, inside))
    fold = Field("more", BABY, f"{fields[first].id}-more", fields[first].asked, fields=inside, open=opened)
    return {"fields": (*fields[:first], fold, *fields[last:])}
