"""Several workers send reminders at once, in processes of their own on real stores; what came of it is counted.

Run by a test through `durability.fresh`. With `sabotage` a worker takes what is due without a claim.
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

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVE = datetime(2026, 3, 9, 17, tzinfo=UTC)
CLIENTS = 10
SERVICE, WHO = "Reminded", "R-01"  # on PostgreSQL the people of other tests are in the same store


def race(workers: int = 3) -> dict[str, dict[str, Any]]:
    """Let workers go round at the same moment, first as they are, then sabotaged."""
    import casebooks  # noqa: F401 - once, not in each child

    import openipt.post.ticking  # noqa: F401

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    in_child(prepare)
    return {name: _race(workers, n, name == "sabotaged") for n, name in enumerate(("honest", "sabotaged"))}


def _race(workers: int, week: int, sabotage: bool) -> dict[str, Any]:
    at = EVE + timedelta(days=28 * week)
    in_child(agree, at)
    children = [Child(lambda report: work(report, at, sabotage)) for _ in range(workers)]
    for child in children:
        child.read_to_the_end()
    sent = Counter(one for child in children for one in child.acknowledged)
    return {
        "sent": len(sent),
        "twice": sum(1 for times in sent.values() if times > 1),
        "too many a week": in_child(too_many, at),
        "workers that sent": sum(1 for child in children if child.acknowledged),
        "errors": [error for child in children for error in child.errors],
    }


def prepare() -> None:
    """A service with clients who may be written to."""
    from casebooks import Service

    from openipt.accounts.making import make_organisation
    from openipt.casebook.operations.saving import save_entry
    from openipt.site.making import make_home, make_tables

    make_home(settings.HOME, MONDAY)
    make_tables()
    service = Service(make_organisation(name=SERVICE, zone="UTC", by=None, at=MONDAY), MONDAY)
    for n in range(CLIENTS):
        course = service.begin(by=WHO)
        contact = {"way": "phone", "channels": ["email"], "email": f"client{n}@letters.example"}
        save_entry(by=service.actor(WHO), at=MONDAY, enrolment=course.label, form="safe-contact", answers=contact)


def agree(at: datetime) -> None:
    """For each client: five notes that are due at once, of which two may go out, and one that is not counted."""
    from openipt.accounts.models import Organisation
    from openipt.casebook.models import Enrolment
    from openipt.post.models import Planned
    from openipt.post.reminding.keeping import make
    from openipt.post.reminding.planning import Wanted

    service = Organisation.objects.get(name=SERVICE)
    for course in Enrolment.objects.filter(organisation=service):
        Planned.objects.update_or_create(enrolment=course.id, defaults={"seq": -1, "at": at})
        for n, kind in enumerate(("step", "step", "questions", "questions", "appointment", "device")):
            one = Wanted(kind, f"{at:%Y%m%d}-{n}", at.replace(tzinfo=None), at, at + timedelta(days=1))
            make(one, course.id, service, "UTC", at)


def work(report: Callable[[str], None], at: datetime, sabotage: bool) -> None:
    """Send until nothing is due; report each mail."""
    from openipt.post.models import Reminder
    from openipt.post.reminding import sending

    sending.unwanted = lambda one, now, at: ""  # what is wanted is not the question here
    if sabotage:

        def grab(moment: datetime) -> Any:
            due = Reminder.objects.filter(next_at__lte=moment, state="due").select_related("organisation")
            one = due.first()
            if one is not None:
                one.lost = False
            return one

        sending.claim = grab
    mail.outbox = []
    for _ in range(6):
        sending.send_due(at)
    for sent in mail.outbox:
        report(f"+{sent.extra_headers['Message-ID']}")
    connections.close_all()


def too_many(at: datetime) -> int:
    """How many clients got more than two notes that count."""
    from openipt.post.models import Reminder

    sent = Reminder.objects.filter(state="sent", due_at=at).exclude(kind="device")
    return sum(1 for n in Counter(sent.values_list("enrolment", flat=True)).values() if n > 2)
