"""A client's own course, as the client may see it. What was asked alone, flags and their outcomes stay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.accounts.models import Account
from openipt.audit.writing import saw
from openipt.casebook.models import Draft, Enrolment, Entry, Flag, Tie
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.masking import as_seen
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed, NotVisible, live, rule
from openipt.policy import Actor
from openipt.therapy.course import due, outcome_form
from openipt.therapy.record import Record, alias

OWN = frozenset({"own"})
CONTACT = "safe-contact"
PHONE, WRITE_ONLY, PAPER = "phone", "write_only", "paper"
LONG_ID = 36
CARD = "session-record"
ALONE = "staff_asked_alone"
ASKED_ALONE = ("violence-check", "safety-conversation")


@dataclass(frozen=True)
class Own:
    """One client's course, opened by that client."""

    actor: Actor
    enrolment: Enrolment
    record: Record
    known: Record  # by which rules are asked and circles drawn: nothing asked alone is in it; no page shows it whole
    names: Mapping[str, str]  # people of the circle now: id -> what the client calls them
    at: datetime
    way: str  # how the client does their part: on the phone, writing only, on paper
    plan_on_phone: bool
    next_at: datetime | None  # the next session, where one is agreed
    due: tuple[str, ...]  # questionnaires the manual asks for at the session that comes next
    outcome: str  # the questionnaire by which the course is followed

    @property
    def label(self) -> str:
        """The course's label. It stands in no address of the client's pages."""
        return self.enrolment.label

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the service."""
        return ZoneInfo(self.enrolment.organisation.zone)

    @property
    def today(self) -> date:
        """The day it is at the service."""
        return self.at.astimezone(self.zone).date()

    @property
    def reads(self) -> bool:
        """Whether what was sent can be read here."""
        return self.way == PHONE

    @property
    def ended(self) -> bool:
        """Whether the course is over."""
        return self.record.ended_on is not None and self.record.ended_on <= self.today


def open_own(actor: Actor, kind: str, action: str, at: datetime, *, note: bool = True) -> Own:
    """Open the newest course that is the actor's own.

    Args:
        actor: Who asks.
        kind: The kind of record that is asked for.
        action: `read` or `write`.
        at: The server's time.
        note: Whether it is written down that the client opened it.

    Raises:
        NotVisible: there is none, or the actor is no client.
        NotAllowed: the table says no.
    """
    enrolment = _enrolment(actor, at)
    ruling = rule(actor, OWN, kind, action)
    if not ruling.allowed:
        raise NotAllowed(ruling)
    whole = record(enrolment, naming=False)
    way, reads_plan = chosen_way(whole)
    seen = replace(as_seen(whole, actor, OWN), flags=(), _memo={})
    known = open_to_client(whole)
    if note:
        _note(actor, enrolment, at)
    today = at.astimezone(ZoneInfo(enrolment.organisation.zone)).date()
    return Own(
        actor=actor,
        enrolment=enrolment,
        record=seen,
        known=known,
        names=_names(whole),
        at=at,
        way=way,
        plan_on_phone=reads_plan,
        next_at=next_session(whole, at),
        due=due_now(known, today),
        outcome=outcome_form(manual_of(whole), seen).id,
    )


def chosen_way(whole: Record) -> tuple[str, bool]:
    """Return how the client does their part, and whether the safety plan may be read on the phone.

    The newest sheet that answers a question decides it: one about something else changes nothing here.
    """
    sheets = [entry.answers for entry in reversed(whole.of(CONTACT))]
    way = next((str(one["way"]) for one in sheets if one.get("way")), PHONE)
    plan = next((one["plan_on_phone"] is True for one in sheets if one.get("plan_on_phone") is not None), False)
    return way, way == PHONE or (way == WRITE_ONLY and plan)


def next_session(whole: Record, at: datetime) -> datetime | None:
    """Return when the next session is, as the newest card says; one that has passed is none."""
    zone = whole.sessions[-1].happened_at.tzinfo if whole.sessions else at.tzinfo
    for entry in reversed(whole.of(CARD)):
        if entry.answers.get("next_date"):
            moment = datetime.fromisoformat(str(entry.answers["next_date"]))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            return moment if moment > at else None
    return None


def open_to_client(whole: Record) -> Record:
    """Return the record without what was asked alone: nothing on the phone follows from an answer given there."""
    open_to_all = tuple(one for one in whole.entries if one.visibility != ALONE and one.form not in ASKED_ALONE)
    return replace(whole, entries=open_to_all, flags=(), _memo={})


def due_now(known: Record, today: date) -> tuple[str, ...]:
    """Return the questionnaires that are due."""
    asked = due(manual_of(known), known, today)
    return tuple(one.id for one in asked if one.kind == "measure" and not one.on_paper and one.about is None)


def _enrolment(actor: Actor, at: datetime) -> Enrolment:
    if actor.client is None or "client" not in actor.roles:
        raise NotVisible("own course")
    tied = Tie.objects.filter(
        live(at),
        kind="own",
        account_id=actor.id,
        enrolment__client_id=actor.client,
        enrolment__organisation_id=actor.organisation,
    ).select_related("enrolment__client", "enrolment__organisation")
    newest = tied.order_by("-enrolment__created_at", "-since").first()
    if newest is None:
        raise NotVisible("own course")
    found: Enrolment = newest.enrolment
    return found


def _names(whole: Record) -> dict[str, str]:
    """Return the client's own names for people: of the inventory, all that stands on the phone (`client_version`)."""
    known = {thing.id: alias(whole, thing.id) or thing.id for thing in whole.people if thing.ended_at is None}
    return {key: name for key, name in known.items() if name != key or len(key) < LONG_ID}


def _note(actor: Actor, enrolment: Enrolment, at: datetime) -> None:
    saw(
        act="own.open",
        by=actor.id,
        at=at,
        organisation=actor.organisation,
        client=str(enrolment.client_id),
        subject=str(enrolment.id),
        purpose="own",
    )


@dataclass(frozen=True, slots=True)
class BegunSheet:
    """One sheet that was begun and not sent. What was written on it stays sealed."""

    form: str
    about: str
    left_at: datetime
    id: UUID


def begun_sheets(own: Own) -> tuple[BegunSheet, ...]:
    """Return the client's own sheets that were begun and not sent, the newest first; asked once for one request."""
    return own.record.remember(("begun",), lambda: _begun(own))


def _begun(own: Own) -> tuple[BegunSheet, ...]:
    mine = Draft.objects.filter(enrolment=own.enrolment, author=own.actor.id, conflicts_with=None)
    waiting = mine.exclude(id__in=Entry.objects.filter(enrolment=own.enrolment).values("id"))
    return tuple(
        BegunSheet(*row) for row in waiting.order_by("-saved_at").values_list("form", "about", "saved_at", "id")
    )


def unsent(own: Own) -> int:
    """Return how many sheets the client began and did not send."""
    return len(begun_sheets(own))


def written_by_client(own: Own, *forms: str) -> frozenset[str]:
    """Return the ids of the entries of some forms that the client wrote, and nobody else."""
    mine = Entry.objects.filter(enrolment=own.enrolment, by=own.actor.id, form__in=forms)
    return frozenset(str(one) for one in mine.values_list("id", flat=True))


def own_entry(own: Own, entry: str) -> Entry | None:
    """Return a sheet that this client sent; None for any other, whosever it is."""
    try:
        name = UUID(entry)
    except ValueError:
        return None
    return Entry.objects.filter(id=name, enrolment=own.enrolment, by=own.actor.id).first()


def answered_by(own: Own, entry: UUID) -> datetime | None:
    """Return by when somebody must have answered what a client's own sheet asked for; None where it asked nobody."""
    due = Flag.objects.filter(enrolment=own.enrolment, entry=entry).order_by("due_at").values_list("due_at", flat=True)
    return due.first()


def in_charge(own: Own) -> str:
    """Return the name of whoever leads the course, as clients see it; empty where nobody does now."""
    tied = Tie.objects.filter(live(own.at), enrolment=own.enrolment, kind__in=("assigned", "group"))
    account = tied.order_by("since").values_list("account", flat=True).last()
    name = Account.objects.filter(id=account).values_list("name", flat=True).first() if account else None
    return name or ""
