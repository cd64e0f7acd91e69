"""What the pages of a client cost: processor time over HTTP, and how many questions each asks of the database.

`bench/memory.py` takes these rows into its table; `python bench/memory.py --portal` measures them alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from loading import Asked, Load, Server, Visitor
from run import Measured

PHONES = 2
MOST_MS, MOST_P95, MOST_QUESTIONS = 12, 60, 15  # as for the pages of staff


@dataclass(frozen=True)
class Phone:
    """A client who is asked questions: the account, and what stands on the slip."""

    account: str
    slip: tuple[str, str]


def addresses() -> dict[str, str]:
    """Return the pages that are measured, by what they are."""
    from openipt.rooms.portal.questions.asking import key_of

    return {
        "today": "/my/",
        "diary": "/my/diary/",
        "a questionnaire's first screen": f"/my/q/{key_of('phq-9')}/1/",
        "my people": "/my/people/",
        "bad day": "/my/day/",
    }


def invited(labels: Iterable[str]) -> list[Phone]:
    """Invite the clients of some courses until enough are found who see every page that is measured.

    Args:
        labels: The courses. One that has ended asks its client nothing.
    """
    from datetime import UTC, datetime

    from openipt.accounts.actors import actor_of
    from openipt.accounts.models import Account
    from openipt.casebook.models import Tie
    from openipt.casebook.operations.inviting import invite

    found: list[Phone] = []
    for label in labels:
        at = datetime.now(UTC)
        lead = Account.objects.get(id=Tie.objects.get(enrolment__label=label, kind="assigned").account_id)
        access = invite(by=actor_of(lead, at), at=at, enrolment=label)
        phone = Phone(access.username, (access.username, access.code))
        if all(_browser(phone).get(address).status_code == 200 for address in addresses().values()):
            found.append(phone)
        if len(found) == PHONES:
            return found
    raise SystemExit("no course of the measured clinic asks its client anything now")


def _browser(phone: Phone) -> Any:
    """A browser inside this process, in which the client is signed in."""
    from django.test import Client

    from openipt.accounts.models import Account

    browser = Client(HTTP_HOST="127.0.0.1")
    account = Account.objects.get(username=phone.account)
    browser.force_login(account, backend="openipt.accounts.backend.Backend")
    return browser


def questions(phones: list[Phone]) -> Iterator[Measured]:
    """Count what each page asks of both stores, once everything that is asked once per process is known."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    for name, address in addresses().items():
        most = 0
        for browser in map(_browser, phones):
            browser.get(address)
            with (
                CaptureQueriesContext(connections["default"]) as one,
                CaptureQueriesContext(connections["keys"]) as two,
            ):
                browser.get(address)
            said = [each["sql"] for each in (*one, *two)]
            most = max(most, sum(not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for sql in said))
        yield Measured(f"{name}, a client's phone: database", most, "questions", MOST_QUESTIONS)


def pages(server: Server, phones: list[Phone]) -> Iterator[Measured]:
    """Measure each page, opened by one client and by two at once."""
    two = [Visitor.of_client(server.port, phone.slip) for phone in phones]
    for name, address in addresses().items():

        def look(visitor: Visitor, _: random.Random, address: str = address) -> Asked:
            return visitor.prepared(address)

        found = Load.of(server, two, look, at_once=24, beside=PHONES)
        yield from found.rows(f"{name}, a client's phone", MOST_MS)
        yield Measured(f"{name}, 2 clients' phones: p95", found.p95, "ms", MOST_P95)
