"""A service under the law of England and Wales, and somebody of fourteen in front of a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from rooms.portal.conftest import SECRET, Phone, a_phone

from openipt.accounts.models import Account
from openipt.accounts.redeeming import redeem_code
from openipt.casebook.operations.caregiving import let_caregiver_in
from openipt.therapy.course import young

AGREED: dict[str, Any] = {
    "treatment": True,
    "way": "holders",
    "caregivers": [{"person": "Mother", "date": "2026-01-05"}],
    "caregivers_see": [{"text": "When the sessions are"}],
}
CANARY = "canary words of the young person"


def born(years: int, days: int = 0) -> str:
    """The date of birth of somebody so old today, and some days more."""
    today = timezone.now().date()
    return (young.birthday(today, -years) - timedelta(days=days)).isoformat()


@dataclass
class Home:
    """A young person's phone and a caregiver's."""

    phone: Phone
    account: Account
    browser: Client
    access: Any

    def get(self, address: str) -> Any:
        return self.browser.get(address)

    def text(self) -> str:
        return self.browser.get("/near/").content.decode()


@pytest.fixture
def law(monkeypatch):
    """Say which law holds here."""

    def holds(name: str) -> young.Law:
        every = young.laws()[0]
        monkeypatch.setattr(young, "laws", lambda: (every, name))
        return every[name]

    return holds


@pytest.fixture
def service(db, settings, law) -> Service:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    law("england-and-wales")
    return a_service(timezone.now())


def a_young_phone(service: Service, years: int = 14, **begun: Any) -> Phone:
    """Somebody young with a course, whose date of birth is known, and nobody's consent yet."""
    phone = a_phone(service, manual="ipt-a", age=years, **begun)
    phone.write("birth-date", {"born_on": born(years, 100)})
    return phone


@pytest.fixture
def phone(service: Service) -> Phone:
    """Somebody of fourteen; their mother consented, and they said yes."""
    made = a_young_phone(service)
    made.write("consent", AGREED)
    made.send("/my/agree/", agrees="yes", words=CANARY, _do="send")
    return made


def a_home(phone: Phone, sees=young.USUALLY_SEEN, until: date | None = None, called: str = "Mum") -> Home:
    from uuid import uuid4

    access = let_caregiver_in(
        by=phone.service.actor(),
        at=timezone.now(),
        enrolment=phone.enrolment.label,
        called=called,
        sees=sees,
        until=until,
        id=uuid4(),
    )
    account = redeem_code(username=access.username, code=access.code, secret=SECRET, at=timezone.now())
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(account, backend="openipt.accounts.backend.Backend")
    return Home(phone, account, browser, access)


@pytest.fixture
def home(phone: Phone) -> Home:
    """The phone of that mother."""
    return a_home(phone)


def later(monkeypatch, days: int, *homes: Any) -> None:
    """Let so many days go by; everybody signs in again."""
    then = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    for one in homes:
        one.browser.force_login(one.account, backend="openipt.accounts.backend.Backend")
