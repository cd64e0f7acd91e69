"""A service of real people at work on a Monday morning; its mail goes nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from casebooks import Service, a_service

from openipt.accounts.making import make_organisation
from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment, Flag
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


@dataclass
class Clinic(Service):
    """A service whose staff have addresses."""

    def account(self, name, roles=("therapist",)) -> Account:
        known = name in self.staff
        account = super().account(name, roles)
        if not known:
            account.email = f"{account.username}@clinic.example"
            account.save(update_fields=["email"])
        return account

    def tie(self, course: Enrolment, name: str, kind: str, role: str) -> Account:
        """Somebody who is tied to a course from now on."""
        account = self.account(name, (role,))
        take_charge(course, account.id, kind, self.at)
        return account

    def flag(self, course: Enrolment | None = None, by: str = "T-01", answers=IN_DANGER) -> Flag:
        """A flag that an answer raises now: thoughts of death on more than half the days, due in four hours."""
        course = course or self.begin()
        saved = save_entry(by=self.actor(by), at=self.at, enrolment=course.label, form="phq-9", answers=answers)
        return Flag.objects.get(entry=saved.id)

    def later(self, **span: float) -> datetime:
        """A moment after this Monday morning."""
        return self.at + timedelta(**span)


@pytest.fixture
def clinic(db: None, settings) -> Clinic:
    settings.SERVICE_ADDRESS = "https://openipt.clinic.example"
    made = make_organisation(name="Hill Road", zone="UTC", by=None, at=MONDAY)
    return Clinic(made, MONDAY)


@pytest.fixture
def service(db: None) -> Service:
    """A service of invented people."""
    return a_service(MONDAY)
