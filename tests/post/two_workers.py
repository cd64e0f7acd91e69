"""Several workers send and tick at once, in processes of their own on real stores; what came of it is counted.

Run by a test through `durability.fresh`. With `sabotage` a worker reads what is due and sends it, without a claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.db import connections
from durability.forked import Child, in_child
from uuid_utils.compat import uuid7

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=1)
IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


def race(messages: int, workers: int = 3) -> dict[str, dict[str, Any]]:
    """Let workers tick at the same moment until nothing is due, first as they are, then sabotaged."""
    import casebooks  # noqa: F401 - once, not in each child

    import openipt.post.ticking  # noqa: F401

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    in_child(prepare)
    return {name: _race(messages, workers, name == "sabotaged") for name in ("honest", "sabotaged")}


def _race(messages: int, workers: int, sabotage: bool) -> dict[str, Any]:
    in_child(call_the_lead, messages)
    children = [Child(lambda report: work(report, sabotage)) for _ in range(workers)]
    for child in children:
        child.read_to_the_end()
    sent = Counter(one for child in children for one in child.acknowledged)
    return {
        "sent": len(sent),
        "twice": sum(1 for times in sent.values() if times > 1),
        "workers that sent": sum(1 for child in children if child.acknowledged),
        "passed on": in_child(passed_on),
        "errors": [error for child in children for error in child.errors],
    }


def prepare() -> None:
    """A service with a flag that is overdue by LATER."""
    from casebooks import Service

    from openipt.accounts.making import make_organisation
    from openipt.casebook.operations.saving import save_entry
    from openipt.site.making import make_home, make_tables

    make_home(settings.HOME, MONDAY)
    make_tables()
    service = Service(make_organisation(name="Hill Road", zone="UTC", by=None, at=MONDAY), MONDAY)
    lead = service.account("L-01", ("lead",))
    lead.email = "lead@clinic.example"
    lead.save()
    course = service.begin()
    save_entry(by=service.actor(), at=MONDAY, enrolment=course.label, form="phq-9", answers=IN_DANGER)


def call_the_lead(messages: int) -> None:
    """Many messages about the flag."""
    from openipt.accounts.models import Account
    from openipt.casebook.models import Flag
    from openipt.post.calling import call
    from openipt.post.models import FLAG

    flag = Flag.objects.get()
    lead = Account.objects.get(username="l-01")
    for _ in range(messages):
        call(FLAG, to=lead.id, subject=flag.id, cause=uuid7(), organisation=lead.organisation, at=LATER, until=LATER)


def work(report: Callable[[str], None], sabotage: bool) -> None:
    """Tick until nothing is due; report each mail."""
    from openipt.post import outgoing
    from openipt.post.models import Message
    from openipt.post.ticking import tick

    if sabotage:
        outgoing.claim = lambda at: Message.objects.filter(next_at__lte=at).select_related("to", "organisation").first()
    mail.outbox = []
    for _ in range(4):
        tick(LATER)
    for sent in mail.outbox:
        report(f"+{sent.extra_headers['Message-ID']}")
    connections.close_all()


def passed_on() -> int:
    """How often the flag was passed on."""
    from openipt.casebook.models import FlagStep

    return FlagStep.objects.filter(kind="passed_on").count()
