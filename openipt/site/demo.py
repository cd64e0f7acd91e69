"""The demonstration clinic: invented people in every state a course can be in, as this day stands (RULINGS 25).

It is built once a day in a folder of its own; nothing real can be entered there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from openipt.accounts.making import make_client_access, make_organisation, make_staff, withdraw_slips
from openipt.accounts.models import Account, Organisation
from openipt.accounts.noting import ITSELF
from openipt.casebook.models import Enrolment, Standing
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.fitting import rebuild, switch
from openipt.exchange.cases import Case, case_files, open_case
from openipt.exchange.clinic import clinic, demo_cases, sign_notes
from openipt.exchange.keeping import Keeper, keep, keep_case
from openipt.policy import Actor
from openipt.therapy.manuals import open_manual

Told = Callable[[int, int], None]  # courses kept so far, of how many

NAME = "Demonstration clinic"
# Whom one can look around as: sign-in name -> name, roles, and the labels under which records name this person.
PEOPLE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "therapist": ("Ines Aalto", ("therapist",), ("T-01", "TH-01", "TH-02", "TH-03")),
    "colleague": ("Tomasz Nowak", ("therapist",), ("T-02", "TH-06")),
    "facilitator": ("Samuel Okoye", ("facilitator",), ("FA-01",)),
    "supervisor": ("Ruth Lindgren", ("supervisor",), ("SV-01",)),
    "lead": ("Marta Pires", ("lead",), ()),
    "operator": ("Jonas Weber", ("operator",), ()),
}
COLLEAGUES = {  # who stands in the records beside them
    "T-03": "Leila Haddad",
    "T-04": "Björn Dahl",
    "T-05": "Grace Mensah",
    "SV-02": "Pedro Vale",
    "SV-03": "Anna Kirchner",
    "FA-02": "Lwazi Dlamini",
}
GROUP = "ipt-group-who"  # whose worked case is shown
CLIENT = "C02"  # whose client one can be, too
ROLE_OF = {"S": "supervisor", "F": "facilitator"}  # by the first letter of a label


@dataclass
class Staff:
    """The people of the clinic, each made when somebody first names them. None has a password."""

    organisation: Organisation
    at: datetime
    made: dict[str, Account] = field(default_factory=dict)

    def person(self, username: str) -> Account:
        """Return one of the people whom one can be."""
        name, roles, _ = PEOPLE[username]
        return self._one(username, name, roles)

    def account_of(self, label: str) -> UUID:
        """Return who is meant by a label in a record."""
        known = next((username for username, (_, _, labels) in PEOPLE.items() if label in labels), None)
        if known is not None:
            return self.person(known).id
        role = ROLE_OF.get(label[:1], "therapist")
        return self._one(label.lower(), COLLEAGUES.get(label, label), (role,)).id

    def _one(self, username: str, name: str, roles: tuple[str, ...]) -> Account:
        if username not in self.made:
            self.made[username] = make_staff(
                username=username,
                name=name,
                email="",
                organisation=self.organisation,
                roles=roles,
                by=None,
                at=self.at,
            )
        return self.made[username]


def build(at: datetime, told: Told | None = None) -> Organisation:
    """Build the clinic as it stands on the day of a moment, in stores whose tables are made and empty.

    Args:
        at: Now.
        told: Called after each course, for a progress bar.
    """
    organisation = make_organisation(name=NAME, zone="UTC", by=None, at=at, synthetic=True)
    staff = Staff(organisation, at)
    for username in PEOPLE:
        staff.person(username)
    switch(organisation=organisation, on=True, read_by=staff.person("lead").id, read_on=at.date(), at=at)
    operator = Actor(str(staff.person("operator").id), str(organisation.id), frozenset({"operator"}))
    keeper = Keeper(operator, at, staff.account_of)
    courses = list(_courses(at.date()))
    for n, course in enumerate(courses, 1):
        course(keeper)
        if told:
            told(n, len(courses))
    _let_in(organisation, at)
    running = Standing.objects.filter(organisation=organisation, open=True).values_list("enrolment", flat=True)
    for _ in rebuild(organisation.id, at, running):
        pass
    return organisation


def _let_in(organisation: Organisation, at: datetime) -> None:
    """Let the client of one worked case in; their slip is taken back, so that it is the one click that opens."""
    course = Enrolment.objects.get(organisation=organisation, label=CLIENT)
    access = make_client_access(client=course.client_id, organisation=organisation, by=ITSELF, at=at)
    withdraw_slips(access.account, at)
    take_charge(course, access.account.id, "own", at)


def _courses(today: date) -> Iterator[Callable[[Keeper], object]]:
    """Yield what keeps each course: worked cases moved to today, then the simulated ones."""
    for case in _cases(today):
        yield lambda keeper, case=case: keep_case(case, keeper)  # type: ignore[misc]
    for record in clinic(today):
        yield lambda keeper, record=record: keep(sign_notes(open_manual(record.manual), record), keeper)  # type: ignore[misc]


def _cases(today: date) -> Iterator[Case]:
    """Worked cases: four as they stand today, and a group as it stands in its file."""
    for case, record in demo_cases(today):
        yield replace(case, records=(sign_notes(open_manual(record.manual), record),))
    yield from (open_case(path) for path in case_files() if GROUP in path.parts)
