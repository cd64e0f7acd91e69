"""Tell whoever is in charge of a client that the client came in on a new phone or computer: once for each."""

from __future__ import annotations

from datetime import datetime

from openipt.accounts.devices import Device
from openipt.casebook.models import Enrolment
from openipt.casebook.operations.flagging import responsible
from openipt.casebook.queries.newcomers import NEW, new_devices
from openipt.post.calling import call
from openipt.post.models import DEVICE, Message


def tell_devices(at: datetime) -> int:
    """Make the messages that are missing; return how many. Two queries where none is."""
    met = list(new_devices(at).select_related("account__organisation"))
    told = set(
        Message.objects.filter(kind=DEVICE, subject__in=[one.id for one in met]).values_list("subject", flat=True)
    )
    return sum(_tell(one, at) for one in met if one.id not in told)


def _tell(device: Device, at: datetime) -> bool:
    enrolment = Enrolment.objects.filter(client=device.account.client).order_by("-created_at").first()
    to = responsible(enrolment, at) if enrolment else None
    if to is None:
        return False
    made = call(
        DEVICE,
        to=to,
        subject=device.id,
        cause=device.id,
        organisation=device.account.organisation,
        at=at,
        until=device.first_seen_at + NEW,
    )
    return made is not None
