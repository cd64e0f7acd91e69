"""Services for tests: an organisation, its staff, and ways to put whole courses into its record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from openipt.accounts.making import make_organisation, make_staff
from openipt.accounts.models import Account, Organisation
from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import begin_course, take_charge
from openipt.exchange.cases import Case, case_files, open_case
from openipt.exchange.keeping import Keeper, keep_case
from openipt.policy import Actor
from openipt.therapy.record import Record


@dataclass
class Service:
    """One organisation, as tests speak of it."""

    organisation: Organisation
    at: datetime
    staff: dict[str, Account] = field(default_factory=dict)

    def account(self, name: str, roles: Collection[str] = ("therapist",)) -> Account:
        """A member of staff by name, made at first need."""
        if name not in self.staff:
            self.staff[name] = make_staff(
                username=name.lower(),
                name=name,
                email="",
                organisation=self.organisation,
                roles=roles,
                by=None,
                at=self.at,
                password="a long sentence that nobody guesses",
            )
        return self.staff[name]

    def actor(self, name: str = "T-01", roles: Collection[str] = ("therapist",)) -> Actor:
        """The same member of staff as policy sees them."""
        account = self.account(name, roles)
        return Actor(str(account.id), str(self.organisation.id), frozenset(roles))

    def keeper(self, at: datetime | None = None) -> Keeper:
        """Somebody who keeps whole records, staff made as they are named."""

        def account_of(label: str) -> UUID:
            roles = {"S": ("supervisor",), "F": ("facilitator",)}.get(label[0], ("therapist",))
            return self.account(label, roles).id

        return Keeper(self.actor("keeper", ("operator",)), at or self.at, account_of)

    def keep(self, case: Case, at: datetime | None = None) -> dict[str, int]:
        """Keep a whole case; say how many facts of each enrolment were new."""
        return keep_case(case, self.keeper(at))

    def enrolment(self, label: str) -> Enrolment:
        """An enrolment by its label."""
        return Enrolment.objects.select_related("client", "group", "organisation").get(label=label)

    def begin(self, manual: str = "ipt-classic", by: str = "T-01", age: int = 34) -> Enrolment:
        """A course that begins now."""
        return begin_course(
            by=self.actor(by), at=self.at, manual=manual, called="Robin", began_on=self.at.date(), age=age
        )


def a_service(at: datetime, name: str = "Test clinic", zone: str = "UTC", **more: object) -> Service:
    """Make a service of invented people."""
    organisation = make_organisation(name=name, zone=zone, at=at, synthetic=True, by=None, promise={}, **more)
    return Service(organisation, at)


def put_in_charge(service: Service, name: str) -> Account:
    """Tie somebody to every course, as therapist or as facilitator of its group."""
    account = service.account(name, ("therapist", "facilitator"))
    for one in Enrolment.objects.all():
        take_charge(one, account.id, "group" if one.group_id else "assigned", service.at)
    return account


def worked_case(case_id: str) -> Case:
    """A worked case of the shelf by its id."""
    return _cases()[case_id]


def all_cases() -> list[Case]:
    """Every worked case of the shelf."""
    return list(_cases().values())


@cache
def _cases() -> dict[str, Case]:
    return {case.id: case for case in map(open_case, case_files())}


def record_of_case(case_id: str) -> Record:
    """The first record of a worked case."""
    return worked_case(case_id).records[0]
