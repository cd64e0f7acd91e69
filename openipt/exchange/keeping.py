"""Keep a whole record in the casebook: a worked case, a simulated course. Keeping it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from openipt.casebook.models import Client, Enrolment, Group
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.beginning import new_client, new_group, take_charge
from openipt.casebook.operations.defining import keep_definition
from openipt.casebook.operations.standing import restate
from openipt.casebook.operations.storing import Facts, Naming, store
from openipt.exchange.cases import Case
from openipt.exchange.cases.replay import manual_for
from openipt.policy import Actor
from openipt.therapy.record import Entry, GroupRecord, Record, Session, Thing

NAMESPACE = UUID("6f1d5d0a-3c1e-5b0e-9a55-0f1f0a1c9c11")  # ours: the same fact gets the same id at every reading

AccountOf = Callable[[str], UUID]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps, when, and how staff named in a record are found."""

    by: Actor
    at: datetime
    account_of: AccountOf

    def naming(self, whose: str) -> Naming:
        """Return how the names inside one record become ids."""
        return Naming(
            row=lambda path: uuid5(NAMESPACE, f"{self.by.organisation}/{whose}/{path}"),
            account=lambda label: self.account_of(label) if label else None,
        )


def keep_case(case: Case, keeper: Keeper) -> dict[str, int]:
    """Keep a case: each of its records, and its group if it is one. Return enrolment -> how many facts were new."""
    group = keep_group(case.group, case.records, keeper) if case.group else None
    return {record.enrolment: keep(record, keeper, group) for record in case.records}


def keep(record: Record, keeper: Keeper, group: Group | None = None) -> int:
    """Keep one record; return how many facts were new."""
    at, begun = keeper.at, _begun(record)
    client = _client(record, keeper, begun)
    naming = keeper.naming(record.enrolment)
    known = Enrolment.objects.filter(organisation_id=keeper.by.organisation, label=record.enrolment).first()
    enrolment = known or Enrolment(
        id=naming.row("enrolment"),
        organisation_id=client.organisation_id,
        client=client,
        group=group,
        label=record.enrolment,
        created_at=begun,
        by=UUID(keeper.by.id),
    )
    with act("keep_record", by=keeper.by.id, at=at, owner=enrolment) as it:
        if client._state.adding:
            it.add(client)
        if known is None:
            it.add(enrolment)
        told = Facts(
            entries=(*_course_sheets(record, group, at), *_session_sheets(record.sessions), *record.entries),
            things={
                "person": record.people,
                "goal": record.goals,
                "step": record.steps,
                "event": record.events,
                "session": [Thing(one.id, one.recorded_at) for one in record.sessions],
            },
            flags=record.flags,
            in_charge=keeper.account_of(record.staff) if record.staff else None,
        )
        new = store(it, told, client.scope, naming)
        _tie(enrolment, record, keeper, begun)
        if new:
            restate(it, record, at)
    return new


def keep_group(told: GroupRecord, members: Iterable[Record], keeper: Keeper) -> Group:
    """Keep what belongs to a group and to none of its members."""
    known = Group.objects.filter(organisation_id=keeper.by.organisation, label=told.id).first()
    begun = min(_begun(record) for record in members)
    group = known or new_group(keeper.by, begun, told.id)
    said = {"name": told.name, "manual": told.manual, "manual_version": told.manual_version, **told.setup}
    sheet = Entry("group-sheet", "group-sheet", begun, begun, said)
    with act("keep_group", by=keeper.by.id, at=keeper.at, owner=group) as it:
        if known is None:
            it.add(group)
        sessions = [Thing(one.id, one.recorded_at) for one in told.sessions]
        facts = Facts((sheet, *_session_sheets(told.sessions), *told.entries), {"session": sessions})
        store(it, facts, group.scope, keeper.naming(told.id))
    return group


def _begun(record: Record) -> datetime:
    """Return when the first fact of a record became known."""
    first = [*(one.recorded_at for one in record.entries), *(one.recorded_at for one in record.sessions)]
    return min(first, default=datetime.combine(record.began_on or date(1970, 1, 1), time(), UTC))


def _client(record: Record, keeper: Keeper, begun: datetime) -> Client:
    known = Client.objects.filter(organisation_id=keeper.by.organisation, code=record.client).first()
    return known or new_client(keeper.by, begun, record.client)


def _course_sheets(record: Record, group: Group | None, at: datetime) -> Iterator[Entry]:
    """What is true of the course as a whole: as it began, and from its last day on that it has ended."""
    manual = manual_for(record, group is not None)
    said: dict[str, Any] = {
        "manual": record.manual,
        "manual_version": record.manual_version,
        "manual_text": keep_definition(manual, at) if manual.known else None,
        "began_on": record.began_on.isoformat() if record.began_on else None,
        "age": record.age,
        "pronouns": record.pronouns,
        "staff": record.staff,
        "supervisor": record.supervisor,
        "solo": record.solo,
    }
    said = {name: value for name, value in said.items() if value is not None}
    begun = _begun(record)
    yield Entry("course-sheet-1", "course-sheet", begun, begun, said, visibility="therapist_only")
    if record.ended_on:
        ended = datetime.combine(record.ended_on, time(), UTC)
        said = {**said, "ended_on": record.ended_on.isoformat()}
        yield Entry("course-sheet-2", "course-sheet", ended, ended, said, visibility="therapist_only")


def _session_sheets(sessions: Iterable[Session]) -> Iterator[Entry]:
    """What is true of each session as a meeting."""
    for one in sessions:
        said = {
            "number": one.number,
            "kind": one.kind,
            "minutes": one.minutes,
            "modality": one.modality,
            "uses": one.uses,
            "attended": one.attended,
            "with_people": list(one.with_people) or None,
        }
        answers = {name: value for name, value in said.items() if value is not None}
        name = f"session-sheet-{one.id}"
        yield Entry(name, "session-sheet", one.happened_at, one.recorded_at, answers, about=one.id)


def _tie(enrolment: Enrolment, record: Record, keeper: Keeper, begun: datetime) -> None:
    """Tie the staff named in a record to it."""
    if record.staff:
        kind = "group" if enrolment.group_id else "assigned"
        take_charge(enrolment, keeper.account_of(record.staff), kind, begun)
    if record.supervisor:
        take_charge(enrolment, keeper.account_of(record.supervisor), "supervision", begun)
