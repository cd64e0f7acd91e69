"""A service, a running course, and its client in front of a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.accounts.actors import actor_of
from openipt.accounts.models import Account
from openipt.accounts.redeeming import redeem_code
from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.operations.inviting import invite
from openipt.casebook.operations.saving import save_entry

SECRET = "730264"  # noqa: S105  of invented people


@dataclass
class Phone:
    """A client's phone, and the course behind it."""

    service: Service
    enrolment: Enrolment
    account: Account
    browser: Client

    def get(self, address: str) -> Any:
        return self.browser.get(address)

    def text(self, address: str) -> str:
        return self.browser.get(address).content.decode()

    def send(self, address: str, **said: Any) -> Any:
        given = {name.replace("__", "."): value for name, value in said.items()}
        return self.browser.post(address, {"_id": str(uuid4()), **given})

    def entries(self, form: str) -> list[Entry]:
        return list(Entry.objects.filter(enrolment=self.enrolment, form=form).order_by("seq"))

    def write(self, form: str, answers: dict[str, Any], **more: Any) -> Any:
        """Write something into the course as its therapist."""
        return save_entry(
            by=self.service.actor(),
            at=timezone.now(),
            enrolment=self.enrolment.label,
            form=form,
            answers=answers,
            **more,
        )

    def actor(self) -> Any:
        return actor_of(self.account, timezone.now())


def a_phone(service: Service, **begun: Any) -> Phone:
    course = service.begin(**begun)
    access = invite(by=service.actor(), at=timezone.now(), enrolment=course.label)
    account = redeem_code(username=access.username, code=access.code, secret=SECRET, at=timezone.now())
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(account, backend="openipt.accounts.backend.Backend")
    return Phone(service, course, account, browser)


@pytest.fixture
def service(db, settings) -> Service:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return a_service(timezone.now())


@pytest.fixture
def phone(service: Service) -> Phone:
    return a_phone(service)
