"""One course as an actor may see it: the question starts from policy, and what was opened is noted before it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from openipt.audit.writing import saw
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.masking import as_seen
from openipt.casebook.queries.record import group_record, record
from openipt.casebook.queries.visible import Seen
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.manuals import Manual
from openipt.therapy.record import GroupRecord, Record

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
