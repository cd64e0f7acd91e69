"""Courses as one actor may see them: each question starts from policy, and what was shown is noted before it leaves."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.audit.writing import saw
from openipt.casebook import sealing
from openipt.casebook.models import Enrolment, Standing
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.masking import as_seen
from openipt.casebook.queries.record import group_record, record, records
from openipt.casebook.queries.visible import Seen, enrolments
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.course import standing
from openipt.therapy.course.standing import Attention
from openipt.therapy.course.standing import Standing as Row
from openipt.therapy.manuals import Manual
from openipt.therapy.record import GroupRecord, Record
from openipt.therapy.words import from_plain

_log = logging.getLogger(__name__)
KIND = "session_records"  # who may read the session record sees the course


@dataclass(frozen=True, slots=True)
class Course:
    """One enrolment, opened by somebody: the record as they may see it, its manual, its group if it has one."""

    record: Record
    manual: Manual
    group: GroupRecord | None
    named: bool

    @property
    def id(self) -> str:
        """The label that stands in addresses."""
        return self.record.enrolment

    @property
    def name(self) -> str:
        """What the client is called; the code, for whoever may not know."""
        return str(self.record.says("intake").get("alias") or self.record.client)

    @property
    def newest(self) -> int | None:
        """The number of the newest session that has a page; one that did not take place may have no number."""
        return next(
            (one.number for one in reversed(self.record.sessions) if one.number or one.kind == "pre_group"), None
        )

    def as_of(self, moment: datetime) -> Course:
        """Return the course as it was known at a moment."""
        return replace(self, record=self.record.as_of(moment))


@dataclass(frozen=True, slots=True)
class Listed:
    """One course on a list: where it stands, what it is called, and the group it belongs to."""

    id: str
    group: str | None
    standing: Row


def open_course(actor: Actor, label: str, at: datetime, subject: str = "") -> Course:
    """Open one course and note that it was opened.

    Raises:
        NotVisible: there is none of that name for this actor.
        NotAllowed: the table says no.
    """
    seen = find_enrolment(actor, label, KIND, "read", at)
    made = _course(actor, seen)
    saw(
        act="course.open",
        by=actor.id,
        at=at,
        organisation=actor.organisation,
        client=str(seen.enrolment.client_id),
        subject=subject or str(seen.enrolment.id),
        purpose="supervision" if not seen.named else "treatment",
    )
    return made


def _course(actor: Actor, seen: Seen) -> Course:
    whole = record(seen.enrolment)
    group = seen.enrolment.group
    return Course(
        record=as_seen(whole, actor, seen.ties),
        manual=manual_of(whole, grouped=group is not None),
        group=group_record(group) if group and seen.named else None,
        named=seen.named,
    )


def caseload(actor: Actor, at: datetime) -> list[Listed]:
    """Return every course an actor sees, as it stands this morning, from the prepared rows; most in need first.

    A row that was reckoned on an earlier day is reckoned anew: time alone can make a decision due.
    """
    seen = _readable(enrolments(actor, KIND, at))
    rows = Standing.objects.filter(enrolment__in=seen).order_by("need", "rank", "since")
    today = at.astimezone(_zone(seen)).date() if seen else at.date()
    stored = {row.enrolment_id: row for row in rows}
    rows_of_today = {key: row for key, row in stored.items() if row.on == today or not row.open}
    fresh = {key: one for key, row in rows_of_today.items() if (one := _if_whole(seen[key], row))}
    stale = [seen[key] for key in seen if key not in fresh]
    made = [*fresh.values(), *_reckoned(stale, today, None)]
    _note(actor, seen, at)
    return made


def caseload_as_of(actor: Actor, day: date, moment: datetime, at: datetime) -> list[Listed]:
    """Return the caseload as the morning of an earlier day stood: reckoned from what had been recorded by then."""
    seen = _readable(enrolments(actor, KIND, at))
    made = _reckoned(list(seen.values()), day, moment)
    _note(actor, seen, at)
    return made


def _readable(seen: dict[UUID, Seen]) -> dict[UUID, Seen]:
    """Leave out the courses of clients whose key was erased: one erasing must not close the list of all the others."""
    sealing.load([one.enrolment.client.scope for one in seen.values()])
    return {key: one for key, one in seen.items() if _opens(one.enrolment.client.scope)}


def _opens(scope: UUID) -> bool:
    try:
        sealing.fingerprint(scope, b"")
    except sealing.KeyGone as gone:
        if gone.erased_at is None:  # the keys of another service: then nothing may look as if it were not there
            raise
        return False
    return True


def _reckoned(seen: list[Seen], day: date, moment: datetime | None) -> list[Listed]:
    known = records([one.enrolment for one in seen], moment)
    made = []
    for one in seen:
        found = known[one.enrolment.id]
        if moment is None or (found.entries and (found.sessions or found.began_on == day)):
            row = standing(manual_of(found, grouped=one.enrolment.group_id is not None), found, day)
            made.append(_named(one, row))
    return made


def _if_whole(seen: Seen, row: Standing) -> Listed | None:
    """Return a prepared row; None where somebody tampered with it: it is a cache, and the record is asked instead."""
    try:
        return _listed(seen, row)
    except sealing.Tampered:
        _log.error("the prepared row of enrolment %s was not as it was written; run openipt verify", row.enrolment_id)
        return None


def _listed(seen: Seen, row: Standing) -> Listed:
    told: dict[str, Any] = read_body(row.scope, "standing", row.enrolment_id, bytes(row.told))
    needs = Attention(
        need=row.need,  # type: ignore[arg-type]
        rank=row.rank,
        since=row.since,
        cue=from_plain(told["cue"]),
        cue_kind=row.cue,  # type: ignore[arg-type]
        reason=from_plain(told["reason"]),
        detail=from_plain(told["detail"]),
    )
    return _named(
        seen,
        Row(
            name=told["name"],
            attention=needs,
            state=row.state,
            areas=tuple(told["areas"]),
            held=told["held"],
            planned=told["planned"],
            form=told["form"],
            values=tuple(told["values"]),
            change=from_plain(told["change"]),
            last=from_plain(told["last"]),
            flags_open=row.flags_open,
            due_on=row.due_on,
        ),
    )


def _named(seen: Seen, row: Row) -> Listed:
    """Show the code where the actor may not know the name."""
    shown = row if seen.named else replace(row, name=seen.enrolment.client.code)
    group = seen.enrolment.group
    return Listed(seen.enrolment.label, group.label if group else None, shown)


def _note(actor: Actor, seen: dict[Any, Seen], at: datetime) -> None:
    saw(
        act="caseload.list",
        by=actor.id,
        at=at,
        organisation=actor.organisation,
        client=None,
        shown=[str(one.enrolment.client_id) for one in seen.values()],
    )


def _zone(seen: dict[Any, Seen]) -> ZoneInfo:
    one: Enrolment = next(iter(seen.values())).enrolment
    return ZoneInfo(one.organisation.zone)
