"""The caseload of one actor: prepared rows where they hold, reckoned from the record where they do not."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from openipt.audit.writing import saw
from openipt.casebook import sealing
from openipt.casebook.models import Enrolment
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.prepared import Line, lines
from openipt.casebook.queries.reading import day as day_read
from openipt.casebook.queries.reading import full_id
from openipt.casebook.queries.record import records, zone_of
from openipt.policy import Actor
from openipt.therapy.course import standing
from openipt.therapy.course.standing import Attention
from openipt.therapy.course.standing import Standing as Row
from openipt.therapy.words import from_plain

_log = logging.getLogger(__name__)
KIND = "session_records"  # who may read the session record sees the course


@dataclass(frozen=True, slots=True)
class Listed:
    """One course on a list: where it stands, what it is called, and the group it belongs to."""

    id: str
    group: str | None
    standing: Row


def caseload(actor: Actor, at: datetime) -> list[Listed]:
    """Return every course an actor sees, as it stands this morning, from the prepared rows; most in need first.

    A row that was reckoned on an earlier day is reckoned anew: time alone can make a decision due.
    """
    seen = _readable(lines(actor, KIND, at))
    today = at.astimezone(zone_of(actor.organisation)).date()
    fresh = {line.label: one for line in seen if line.is_of(today) and (one := _if_whole(line))}
    stale = [line for line in seen if line.label not in fresh]
    made = [*fresh.values(), *_reckoned(stale, today, None)]
    _note(actor, seen, at)
    return made


def caseload_as_of(actor: Actor, day: date, moment: datetime, at: datetime) -> list[Listed]:
    """Return the caseload as the morning of an earlier day stood: reckoned from what had been recorded by then."""
    seen = _readable(lines(actor, KIND, at))
    made = _reckoned(seen, day, moment)
    _note(actor, seen, at)
    return made


def _readable(seen: Iterable[Line]) -> list[Line]:
    """Leave out the courses of clients whose key was erased: one erasing must not close the list of all the others."""
    every = list(seen)
    sealing.load([line.of_client for line in every])
    return [line for line in every if _opens(line)]


def _opens(line: Line) -> bool:
    try:
        sealing.fingerprint(line.of_client, b"")
    except sealing.KeyGone as gone:
        if gone.erased_at is None:  # the keys of another service: then nothing may look as if it were not there
            raise
        return False
    return True


def _reckoned(seen: list[Line], day: date, moment: datetime | None) -> list[Listed]:
    if not seen:
        return []
    by_label = {line.label: line for line in seen}
    asked = Enrolment.objects.filter(id__in=[line.enrolment for line in seen])
    found = records(list(asked.select_related("client", "group", "organisation")), moment)
    made = []
    for one in found.values():
        line = by_label[one.enrolment]
        if moment is None or (one.entries and (one.sessions or one.began_on == day)):
            made.append(_named(line, standing(manual_of(one, grouped=line.group is not None), one, day)))
    return made


def _if_whole(line: Line) -> Listed | None:
    """Return a prepared row; None where somebody tampered with it: it is a cache, and the record is asked instead."""
    try:
        return _listed(line)
    except sealing.Tampered:
        _log.error(
            "the prepared row of enrolment %s was not as it was written; run openipt verify", full_id(line.enrolment)
        )
        return None


def _listed(line: Line) -> Listed:
    told: dict[str, Any] = read_body(line.scope, "standing", line.enrolment, line.told)
    needs = Attention(
        need=line.need,  # type: ignore[arg-type]
        rank=line.rank,
        since=day_read(line.since),
        cue=from_plain(told["cue"]),
        cue_kind=line.cue,  # type: ignore[arg-type]
        reason=from_plain(told["reason"]),
        detail=from_plain(told["detail"]),
    )
    return _named(
        line,
        Row(
            name=told["name"],
            attention=needs,
            state=line.state,
            areas=tuple(told["areas"]),
            held=told["held"],
            planned=told["planned"],
            form=told["form"],
            values=tuple(told["values"]),
            change=from_plain(told["change"]),
            last=from_plain(told["last"]),
            coming=from_plain(told.get("coming")),
            flags_open=line.flags_open,
            due_on=day_read(line.due_on) if line.due_on else None,
        ),
    )


def _named(line: Line, row: Row) -> Listed:
    """Show the code where the actor may not know the name."""
    return Listed(line.label, line.group, row if line.named else replace(row, name=line.code))


def _note(actor: Actor, seen: list[Line], at: datetime) -> None:
    saw(
        act="caseload.list",
        by=actor.id,
        at=at,
        organisation=actor.organisation,
        client=None,
        shown=[full_id(line.client) for line in seen],
    )
