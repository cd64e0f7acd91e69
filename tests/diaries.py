"""A client who keeps a diary: better days are plainly days of good contact with P1."""

from __future__ import annotations

import random
from datetime import timedelta

from casebooks import Service

from openipt.accounts.making import make_client_access
from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.policy import Actor


def the_client(service: Service, course: Enrolment) -> Actor:
    """The client of a course, as policy sees them."""
    known = Account.objects.filter(client=course.client_id).first()
    account = (
        known
        or make_client_access(
            client=course.client_id,
            organisation=service.organisation,
            by=str(service.account("T-01").id),
            at=service.at,
        ).account
    )
    take_charge(course, account.id, "own", service.at - timedelta(days=1))
    return Actor(str(account.id), str(service.organisation.id), frozenset({"client"}), client=str(course.client_id))


def keep_a_diary(service: Service, course: Enrolment, days: int, seed: int = 3) -> None:
    """Write one entry a day from the day of the service on, by the client."""
    chance, client = random.Random(seed), the_client(service, course)
    for day in range(days):
        valence = chance.choice([-3, -2, 2, 3])
        mood = max(1, min(9, round(5 + 0.9 * valence + chance.gauss(0, 0.5))))
        at = service.at + timedelta(days=day)
        contact = {"person": "P1", "kinds": ["supported" if valence > 0 else "conflict"], "valence": valence}
        said = {"at": at.strftime("%Y-%m-%dT%H:%M"), "mood": mood, "interactions": [contact]}
        save_entry(by=client, at=at, enrolment=course.label, form="mood-diary", answers=said)
