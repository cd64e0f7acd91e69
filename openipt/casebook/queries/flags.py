"""Flags as a person meets them: whose task each is, until when, and what was written about it before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from openipt.accounts.actors import actor_of
from openipt.accounts.models import Account, Membership
from openipt.casebook.models import Enrolment, Flag, FlagStep, Tie
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.facts import Names
from openipt.casebook.queries.masking import WITHHELD
from openipt.casebook.queries.visible import NotVisible, Seen, live, rule
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.casebook.queries.waiting import PASSED
from openipt.policy import Actor

KIND = "risk_flags"


@dataclass(frozen=True, slots=True)
class StepTold:
    """Something that happened to a flag, in the words that were written then."""

    kind: str
    state: str
    at: datetime
    by: str | None  # a name; None where the tick did it
    to: str | None
    due_at: datetime | None
    words: str
    review_by: str | None = None
    next_contact: str | None = None
    supervisor_informed: bool = False
    assessed: bool = False  # a safety conversation is on a sheet
    no_conversation: str = ""  # why there was none
    stays: bool = False  # still open, in the same hands


@dataclass(frozen=True, slots=True)
class FlagTold:
    """One flag with everything that became of it.

    Attributes:
        id: As records and addresses name it.
        row: Its row.
        state: As it stands: `new`, `known` or `closed`.
        owner: Whose task it is now.
        owner_name: The name colleagues see.
        due_at: By when it must be answered; None for one that came with its story from elsewhere.
        waits: Whether it waits for a person now.
        steps: What happened, oldest first.
    """

    id: str
    row: UUID
    rule: str
    item: str | None
    state: str
    entry: str | None
    answered_at: datetime
    received_at: datetime
    owner: UUID | None
    owner_name: str | None
    due_at: datetime | None
    waits: bool
    steps: tuple[StepTold, ...]

    def is_overdue(self, at: datetime) -> bool:
        """Whether it waits and its time has passed."""
        return self.waits and self.due_at is not None and self.due_at <= at


def flag_told(actor: Actor, course: str, flag: str, at: datetime) -> FlagTold:
    """Return one flag of a course.

    Raises:
        NotVisible: no such course or flag for this actor.
        NotAllowed: the table says no.
    """
    found = next((one for one in flags_told(actor, course, at) if flag in (one.id, str(one.row))), None)
    if found is None:
        raise NotVisible(flag)
    return found


def flags_told(actor: Actor, course: str, at: datetime) -> tuple[FlagTold, ...]:
    """Return the flags of a course: those that wait first, the one due first standing first; then the newest."""
    seen = find_enrolment(actor, course, KIND, "read", at)
    known = Flag.objects.filter(enrolment=seen.enrolment).annotate(called=_name_of("owner"))
    rows, names = list(known), dict[str, str]()
    steps: dict[UUID, list[FlagStep]] = defaultdict(list)
    came = FlagStep.objects.filter(enrolment=seen.enrolment).annotate(called=_name_of("by"), called_to=_name_of("to"))
    for step in came.order_by("seq", "recorded_at", "id"):
        steps[step.flag_id].append(step)
        names |= _named((step.by, step.called), (step.to, step.called_to))
    names |= _named(*((one.owner, one.called) for one in rows))
    made = [_told(one, steps[one.id], names, seen) for one in rows]
    waiting = sorted((one for one in made if one.waits), key=lambda one: one.due_at or one.received_at)
    others = sorted((one for one in made if not one.waits), key=lambda one: one.received_at, reverse=True)
    return (*waiting, *others)


def _name_of(account: str) -> Subquery:
    """Return the name of whoever stands in a column, so that no page asks for the names of a whole service again."""
    return Subquery(Account.objects.filter(id=OuterRef(account)).values("name")[:1])


def _named(*pairs: tuple[UUID | None, str | None]) -> dict[str, str]:
    return {account.hex: name for account, name in pairs if account and name}


def _told(flag: Flag, steps: list[FlagStep], names: Names, seen: Seen) -> FlagTold:
    passed = [step for step in steps if step.kind in PASSED]
    last = passed[-1] if passed else None
    turn = next((step.kind for step in reversed(steps) if step.kind in (*PASSED, "outcome")), "")
    owner = last.to if last else flag.owner
    return FlagTold(
        id=flag.label or str(flag.id),
        row=flag.id,
        rule=flag.rule,
        item=flag.item or None,
        state=next((step.state for step in reversed(steps) if step.state), flag.state),
        entry=str(flag.entry_id) if flag.entry_id else None,
        answered_at=flag.answered_at,
        received_at=flag.received_at,
        owner=owner,
        owner_name=names.get(owner.hex) if owner else None,
        due_at=(last.due_at if last else None) or flag.due_at,
        waits=flag.state == "new" and turn != "outcome",
        steps=tuple(_steps(flag, steps, names, seen)),
    )


def _steps(flag: Flag, steps: list[FlagStep], names: Names, seen: Seen) -> Iterator[StepTold]:
    owner = flag.owner
    for step in steps:
        yield _step(step, names, seen, stays=step.kind == "handed_over" and step.to in (owner, step.by))
        owner = step.to if step.kind in PASSED else owner


def _step(step: FlagStep, names: Names, seen: Seen, *, stays: bool) -> StepTold:
    said: dict[str, Any] = read_body(step.scope, "flagstep", step.id, bytes(step.body))
    words, why_none = str(said.get("words") or ""), str(said.get("no_conversation") or "")
    return StepTold(
        kind=step.kind,
        state=step.state,
        at=step.at,
        by=names.get(step.by.hex) if step.by else None,
        to=names.get(step.to.hex) if step.to else None,
        due_at=step.due_at,
        words=words if seen.named or not words else WITHHELD,
        review_by=said.get("review_by"),
        next_contact=said.get("next_contact"),
        supervisor_informed=bool(said.get("supervisor_informed")),
        assessed=bool(said.get("assessed")),
        no_conversation=why_none if seen.named or not why_none else WITHHELD,
        stays=stays,
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a flag can be handed to. `tied`: the course is open to them now; else they stand in for a while."""

    id: UUID
    name: str
    tied: bool


def may_answer(actor: Actor, course: str, at: datetime) -> bool:
    """Whether an actor may write about the flags of a course."""
    seen = find_enrolment(actor, course, KIND, "read", at)
    return rule(actor, seen.ties, KIND, "write").allowed


def colleagues(actor: Actor, course: str, at: datetime) -> tuple[Colleague, ...]:
    """Return who else can take a flag of this course: therapists of the service, and who leads its group; by name."""
    seen = find_enrolment(actor, course, KIND, "read", at)
    roles = Membership.objects.live(at).filter(
        organisation_id=actor.organisation, account__is_active=True, role__in=("therapist", "facilitator")
    )
    working = list(roles.select_related("account").exclude(account=UUID(actor.id)))
    people = {one.account_id: one.account for one in working}
    tied = _tied(seen.enrolment, people, at)
    held: dict[UUID, set[str]] = defaultdict(set)
    for one in working:
        held[one.account_id].add(one.role)
    found = [
        Colleague(key, account.name, _opens(account, tied[key], at))
        for key, account in people.items()
        if "therapist" in held[key] or "group" in tied[key]
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _tied(enrolment: Enrolment, people: Iterable[UUID], at: datetime) -> dict[UUID, set[str]]:
    tied: dict[UUID, set[str]] = defaultdict(set)
    for account, kind in Tie.objects.filter(live(at), enrolment=enrolment, account__in=list(people)).values_list(
        "account", "kind"
    ):
        tied[account].add(kind)
    return tied


def _opens(account: Account, tied: set[str], at: datetime) -> bool:
    return bool(tied) and rule(actor_of(account, at), tied, KIND, "write").allowed
