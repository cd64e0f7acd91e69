"""Load what is known of enrolments into the immutable Record that every page, command and notebook reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.accounts.models import Organisation
from openipt.casebook import sealing
from openipt.casebook.models import Enrolment, Group
from openipt.casebook.queries import facts
from openipt.casebook.queries.expecting import expected_of
from openipt.therapy.record import Entry, Flag, GroupRecord, Record, Thing
from openipt.therapy.record.views import day_of


def record(
    enrolment: Enrolment, as_of: datetime | None = None, *, naming: bool = True, without: Collection[str] = ()
) -> Record:
    """Return the record of an enrolment, as it was known at a moment if one is given.

    Args:
        enrolment: Whose record.
        as_of: The moment; now if not given.
        naming: Whether it says by name who wrote what. A rule does not ask.
        without: Forms whose entries are left in the table: many, where nobody will look at them.

    Raises:
        sealing.KeyGone: the client's key was erased; nothing of this record can be read any more.
    """
    return records([enrolment], as_of, naming=naming, without=without)[enrolment.id]


def records(
    enrolments: Sequence[Enrolment],
    as_of: datetime | None = None,
    *,
    naming: bool = True,
    without: Collection[str] = (),
) -> dict[UUID, Record]:
    """Return the records of enrolments of one service, by the enrolment's id.

    Six queries and one for the keys, however many and however large. Answers stay sealed until they are asked for.
    """
    if not enrolments:
        return {}
    whose = facts.Owners("enrolment_id", [one.id for one in enrolments], zone_of(enrolments[0].organisation_id))
    sealing.load([one.client.scope for one in enrolments])
    said_later = facts.marks(whose)
    names = facts.staff_names(enrolments[0].organisation_id) if naming else {}
    entries = facts.entries(whose, as_of, said_later, names, without)
    things = facts.things(whose, said_later)
    flags = facts.flags(whose, names)
    made = {one.id: _record(one, entries[one.id.hex], things[one.id.hex], flags[one.id.hex]) for one in enrolments}
    return {key: one.as_of(as_of) for key, one in made.items()} if as_of else made


def _record(enrolment: Enrolment, entries: list[Entry], things: dict[str, list[Thing]], flags: list[Flag]) -> Record:
    sheets = [one for one in entries if one.form == facts.COURSE and one.retracted_at is None]
    said = sheets[-1].answers if sheets else {}
    return Record(
        enrolment=enrolment.label,
        client=enrolment.client.code,
        manual=said.get("manual") or "",
        manual_version=said.get("manual_version") or "",
        began_on=day_of(said.get("began_on")),
        age=said.get("age"),
        pronouns=said.get("pronouns") or "they/them",
        staff=said.get("staff"),
        supervisor=said.get("supervisor"),
        solo=said.get("solo") or False,
        entries=tuple(one for one in entries if one.form not in facts.SHEETS),
        sessions=facts.sessions(things["session"], (one for one in entries if one.form == facts.SESSION)),
        people=tuple(things["person"]),
        goals=tuple(things["goal"]),
        steps=tuple(things["step"]),
        events=tuple(things["event"]),
        flags=tuple(flags),
        ended_on=day_of(said.get("ended_on")),
        expected=expected_of(enrolment.organisation, said.get("manual") or ""),
    )


def group_record(group: Group, as_of: datetime | None = None) -> GroupRecord:
    """Return what belongs to a group and to none of its members: its sheet, sessions, agreement, supervision."""
    whose = facts.Owners("group_id", [group.id], zone_of(group.organisation_id))
    sealing.load([group.scope])
    said_later = facts.marks(whose)
    entries = facts.entries(whose, as_of, said_later, facts.staff_names(group.organisation_id))[group.id.hex]
    things = facts.things(whose, said_later)[group.id.hex]
    sheet = next((one.answers for one in reversed(entries) if one.form == facts.GROUP), {})
    return GroupRecord(
        id=group.label,
        name=sheet.get("name") or group.label,
        manual=sheet.get("manual") or "",
        manual_version=sheet.get("manual_version") or "",
        members=tuple(group.enrolments.order_by("created_at", "label").values_list("label", flat=True)),
        setup={key: value for key, value in sheet.items() if key not in ("name", "manual", "manual_version")},
        sessions=facts.sessions(things["session"], (one for one in entries if one.form == facts.SESSION)),
        entries=tuple(one for one in entries if one.form not in facts.SHEETS),
    )


def zone_of(organisation: UUID | str) -> ZoneInfo:
    """Return the zone of a service: a day is a day there."""
    organisation = UUID(organisation) if isinstance(organisation, str) else organisation
    known = _zones.get(organisation)
    if known is None:
        known = _zones[organisation] = ZoneInfo(
            Organisation.objects.values_list("zone", flat=True).get(id=organisation)
        )
    return known


_zones: dict[UUID, ZoneInfo] = {}  # a service does not move: asked once per process
