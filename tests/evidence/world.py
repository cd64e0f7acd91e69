"""Two services in one database, clients whose every word is a canary of their own, and people of every role and tie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4, uuid5

from casebooks import Service, a_service
from evidence.canaries import answers_full_of_canaries
from evidence.home import SENTENCE
from policy.matrix import COLUMNS, expected

from openipt.accounts.making import make_caregiver_access, make_client_access, make_staff
from openipt.accounts.models import Account
from openipt.casebook.models import Client, Enrolment, Entry, Flag
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.beginning import new_client, new_group, take_charge, write_course_sheet
from openipt.casebook.operations.changing import begin_thing, retract
from openipt.casebook.operations.flagging import answer_flag
from openipt.casebook.operations.saving import save_entry, write_entry
from openipt.casebook.operations.sessions import hold_session
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.facts import SHEETS
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed
from openipt.policy import Actor, kind_of
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.manuals import open_manual

NOW = datetime(2025, 8, 1, 9, tzinfo=UTC)  # before the clock by which pages are asked for
LIVE_TIES = ("own", "proxy", "assigned", "cover", "group", "supervision", "emergency")
EVERY_NTH = 8  # form is filled in by the others; the one whom everybody asks for fills in all
ROLES = ("therapist", "facilitator", "supervisor")
DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}
SPACE = UUID("3a8c2bb4-53b5-4c57-9fb5-6a7b0f2c5d01")


@dataclass
class Life:
    """One client's course, and the word with which everything said in it begins."""

    song: str
    enrolment: Enrolment
    session: str
    entry: str
    flag: str

    @property
    def label(self) -> str:
        """What stands in addresses."""
        return self.enrolment.label


@dataclass
class World:
    """Services, courses, people."""

    here: Service
    there: Service
    lives: dict[str, Life] = field(default_factory=dict)
    people: dict[tuple[str, str], Account] = field(default_factory=dict)

    @property
    def target(self) -> Life:
        """The course to which everybody is tied, each in their way."""
        return self.lives["Amsel"]

    def songs_but(self, *songs: str) -> list[bytes]:
        """What must not be heard where some may: `Amsel` for all that was said there, `Lesma` for what is no secret."""
        every = [word for one in self.lives for word in (one, openly(one))]
        return [one.encode() for one in every if one not in songs]


def make_world() -> World:
    """Make it all."""
    world = World(_with_every_module(a_service(NOW)), _with_every_module(a_service(NOW)))
    world.lives["Amsel"] = _live(world.here, "Amsel", None)
    world.lives["Buchfink"] = _live(world.here, "Buchfink", None, every=EVERY_NTH)
    group = new_group(_all_roles(world.here), NOW, "G-1")
    with act("keep_group", by=group.by.hex, at=NOW, owner=group) as it:
        it.add(group)
    world.lives["Cistensaenger"] = _live(world.here, "Cistensaenger", group, every=EVERY_NTH)
    world.lives["Dompfaff"] = _live(world.there, "Dompfaff", None, every=EVERY_NTH)
    for role, tie in product(COLUMNS, ("none", *LIVE_TIES)):
        world.people[role, tie] = _person(world, role, tie)
    return world


def _with_every_module(service: Service) -> Service:
    """A page that is switched off is there for nobody, and would show nothing of who may come in."""
    organisation = service.organisation
    read = {"read_by": str(everybody(service).id), "read_on": NOW.date().isoformat()}
    organisation.promise |= {"insight": {"on": True, **read}}
    organisation.save()
    return service


def _person(world: World, role: str, tie: str) -> Account:
    """Make somebody of one role; tie them to the target in one way."""
    here, life = world.here, world.target
    if role == "client":
        whose = life.enrolment.client_id if tie == "own" else uuid4()
        account = make_client_access(client=whose, organisation=here.organisation, by="setup", at=NOW).account
        account.set_password(SENTENCE)
        account.save()
    elif role == "proxy":
        made = make_caregiver_access(
            client=life.enrolment.client_id, organisation=here.organisation, id=uuid4(), by="setup", at=NOW
        )
        account = made.account
        account.set_password(SENTENCE)
        account.save()
    else:
        account = make_staff(
            username=f"{role}-{tie}",
            name=f"{role} {tie}",
            email="",
            organisation=here.organisation,
            roles=[role],
            by=None,
            at=NOW,
            password=SENTENCE,
        )
    if tie != "none":
        take_charge(life.enrolment, account.id, tie, NOW)
    return account


def _all_roles(service: Service) -> Actor:
    return Actor(str(everybody(service).id), str(service.organisation.id), frozenset(ROLES))


def everybody(service: Service) -> Account:
    """Whoever is in charge of every course of a service."""
    return service.account(f"Everybody-{service.organisation.id.hex[-6:]}", ROLES)


# ---- a life in canaries


def _live(service: Service, song: str, group: Any, every: int = 1) -> Life:
    by = _all_roles(service)
    numbers = iter(range(10**6))

    def word() -> str:
        return f"{song}{next(numbers):05d}"

    def said_openly() -> str:
        return f"{openly(song)}{next(numbers):05d}"

    course = _begin(by, word(), group)
    for kind in ("assigned", "group", "supervision"):
        take_charge(course, UUID(by.id), kind, NOW)
    how: dict[str, Any] = {"by": by, "at": NOW + timedelta(hours=1), "enrolment": course.label}
    met = uuid4()
    hold_session(**how, id=met, number=1, kind="joint", happened_at=NOW, with_people=[word()])
    session = str(met)
    person = begin_thing(**how, kind="person")
    for form in form_ids()[::every]:
        about = {"interpersonal-inventory": person, "session-record": session, "session-note": session}.get(form)
        _write(how, form, said_openly if is_open_to_supervisors(form) else word, about)
    wrong = save_entry(**how, form="formulation", answers={"link_statement": word()}).id
    retract(by=by, at=how["at"], entry=wrong, why=word())
    entry = save_entry(**how, form="phq-9", answers=DANGER).id
    flag = Flag.objects.filter(enrolment=course).earliest("recorded_at")
    answer_flag(
        by=by,
        at=NOW + timedelta(hours=2),
        flag=flag.id,
        words=word(),
        closes=True,
        no_conversation=f"{word()} so it was then.",
    )
    return Life(song, course, session, str(entry), str(flag.id))


def openly(song: str) -> str:
    """Return the word that begins what a supervisor may read as it stands."""
    return song[::-1].capitalize()


def is_open_to_supervisors(form: str) -> bool:
    """Whether the requirements let a supervisor read sheets of this form in full."""
    found = open_form(form)
    allowed, extent, _, _ = expected(
        "supervisor", "supervision", kind_of(form, found.kind, found.visibility), "read", set()
    )
    return allowed and extent == "full"


def _write(how: dict[str, Any], form: str, word: Any, about: str | None) -> None:
    said = answers_full_of_canaries(open_form(form), word)
    if said and form not in SHEETS:
        with suppress(NotAllowed):
            save_entry(**how, form=form, answers=said, about=about)


def _begin(by: Actor, called: str, group: Any) -> Enrolment:
    """Begin a course, in a group if one is given."""
    client: Client = new_client(by, NOW)
    course = Enrolment(
        id=uuid5(SPACE, str(client.id)),
        organisation_id=client.organisation_id,
        client=client,
        group=group,
        label=f"K-{client.code}",
        created_at=NOW,
        by=UUID(by.id),
    )
    with act("begin_course", by=by.id, at=NOW, owner=course) as it:
        it.add(client)
        it.add(course)
        take_charge(course, UUID(by.id), "assigned", NOW)
        manual = open_manual("ipt-group-who" if group else "ipt-classic")
        write_course_sheet(it, manual, {"began_on": NOW.date().isoformat(), "age": 34}, NOW)
        intake = Sheet("intake", {"alias": called}, NOW, uuid4())
        write_entry(it, open_form("intake"), intake, UUID(by.id), course, None)
        restate(it, record(course, naming=False), NOW)
    return course


def entries_of(life: Life) -> Iterator[str]:
    """Yield the ids of everything written in a life."""
    yield from map(str, Entry.objects.filter(enrolment=life.enrolment).values_list("id", flat=True))
