"""Begin a course, move it to another manual, hand it over. A running course keeps the manual it began with."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from openipt.casebook import sealing
from openipt.casebook.models import Client, Enrolment, Group, Tie, TieEnd
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.defining import keep_definition
from openipt.casebook.operations.saving import write_entry
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed, live
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, may
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual, open_manual

COURSE = "course-sheet"


def begin_course(
    *,
    by: Actor,
    at: datetime,
    manual: str,
    called: str,
    began_on: date,
    id: UUID | None = None,  # noqa: A002 - the word of the field
    **facts: Any,
) -> Enrolment:
    """Begin a course for a new client; whoever begins it is in charge.

    Args:
        by: A therapist or facilitator.
        at: The server's time.
        manual: The manual's id; its text is kept, so that the course can finish on it.
        called: What the client is called.
        began_on: The first day.
        id: The course's id, where it was made before it arrived.
        facts: `age`, `pronouns`, `staff`, `supervisor` of the course sheet.
    """
    charge = "group" if "facilitator" in by.roles and "therapist" not in by.roles else "assigned"
    ruling = may(by, {charge}, "session_records", "write", facts=("group_course",) if charge == "group" else ())
    if not ruling.allowed:
        raise NotAllowed(ruling)
    client = new_client(by, at)
    enrolment = Enrolment(
        id=id or uuid7(),
        organisation_id=client.organisation_id,
        client=client,
        label=f"K-{client.code}",
        created_at=at,
        by=UUID(by.id),
    )
    with act("begin_course", by=by.id, at=at, owner=enrolment) as it:
        it.add(client)
        it.add(enrolment)
        take_charge(enrolment, UUID(by.id), charge, at, it=it)
        found = open_manual(manual)
        write_course_sheet(it, found, {"began_on": began_on.isoformat(), **facts}, at)
        intake = open_form("intake")
        write_entry(it, intake, Sheet("intake", {"alias": called}, at, uuid7()), UUID(by.id), enrolment, None)
        restate(it, record(enrolment, naming=False), at)
    return enrolment


def new_client(by: Actor, at: datetime, code: str | None = None) -> Client:
    """Make a client, not yet stored, with a key of their own. A key without a client does no harm."""
    made = uuid7()
    return Client(
        id=made,
        organisation_id=UUID(by.organisation),
        scope=sealing.new_scope("client", at),
        code=code or made.hex[-8:].upper(),
        created_at=at,
        by=UUID(by.id),
    )


def write_course_sheet(it: Act, manual: Manual, facts: dict[str, Any], at: datetime) -> None:
    """Write which manual a course runs by, in which version, and keep the manual's text."""
    owner = it.owner
    if not isinstance(owner, Enrolment):
        raise TypeError("a course sheet belongs to an enrolment")
    said = {"manual": manual.id, "manual_version": manual.version, "manual_text": keep_definition(manual, at), **facts}
    form = open_form(COURSE)
    write_entry(it, form, Sheet(COURSE, said, at, uuid7()), owner.by, owner, None)


def move_course(*, by: Actor, at: datetime, enrolment: str, manual: str, why: str) -> None:
    """Move a running course to another manual, or to the shelf's version of its own, with a reason."""
    if not why.strip():
        raise ValueError("a course moves to another manual with a reason: say why")
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    known = record(seen.enrolment)
    facts = {
        "began_on": known.began_on.isoformat() if known.began_on else None,
        "age": known.age,
        "pronouns": known.pronouns,
        "staff": known.staff,
        "supervisor": known.supervisor,
        "solo": known.solo,
        "why": why.strip(),
    }
    with act("move_course", by=by.id, at=at, owner=seen.enrolment) as it:
        write_course_sheet(it, open_manual(manual), {name: one for name, one in facts.items() if one is not None}, at)
        restate(it, record(seen.enrolment, naming=False), at)


def take_charge(
    enrolment: Enrolment,
    account: UUID,
    kind: str,
    since: datetime,
    until: datetime | None = None,
    *,
    it: Act | None = None,
) -> None:
    """Tie somebody to an enrolment from a moment on; once for each kind. Who may open a record is part of its audit.

    Args:
        enrolment: The enrolment.
        account: Whom.
        kind: One of `Tie.KINDS`.
        since: From when.
        until: Until when, where that is known from the beginning.
        it: The act it belongs to; without one it is an act of its own, done by the service at `since`.
    """
    with _within(it, "take_charge", enrolment, since) as one:
        known = Tie.objects.filter(enrolment=enrolment, account=account, kind=kind, until=None, end=None)
        if not known.exists():
            one.add(Tie(account_id=account, enrolment=enrolment, kind=kind, since=since, until=until))


def let_go(enrolment: Enrolment, account: UUID, kind: str, at: datetime, *, it: Act | None = None) -> None:
    """End a tie: access ends with the next request."""
    with _within(it, "let_go", enrolment, at) as one:
        for tie in Tie.objects.filter(enrolment=enrolment, account=account, kind=kind, until=None, end=None):
            one.add(TieEnd(tie=tie, at=at))


def _within(it: Act | None, name: str, enrolment: Enrolment, at: datetime) -> AbstractContextManager[Act]:
    return act(name, by=None, at=at, owner=enrolment) if it is None else nullcontext(it)


def hand_over(
    *, by: Actor, at: datetime, enrolment: str, to: UUID, kind: str = "assigned", until: datetime | None = None
) -> None:
    """Hand a course over for good (`assigned`), or for a time (`cover`). With `assigned` the old one lets go."""
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    with act("hand_over_course", by=by.id, at=at, owner=seen.enrolment, why=kind) as it:
        if kind == "assigned":
            for tie in Tie.objects.filter(live(at), enrolment=seen.enrolment, kind="assigned"):
                let_go(seen.enrolment, tie.account_id, "assigned", at, it=it)
        take_charge(seen.enrolment, to, kind, at, until, it=it)


def new_group(by: Actor, at: datetime, label: str) -> Group:
    """Make a group, not yet stored, with a key of its own."""
    return Group(
        id=uuid7(),
        organisation_id=UUID(by.organisation),
        scope=sealing.new_scope("group", at),
        label=label,
        created_at=at,
        by=UUID(by.id),
    )
