"""Plan the reminders of each course anew when something was written in it, or a day has begun."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from openipt.accounts.devices import Device
from openipt.casebook.models import Enrolment, Standing
from openipt.casebook.sealing import KeyGone
from openipt.post.models import ANSWERED, DUE, EXPIRED, FAILED, OPENED, SENT, Planned, Reminder
from openipt.post.reminding.keeping import make, move
from openipt.post.reminding.planning import APPOINTMENT, FOLLOW_UP, HEARD_OF, QUESTIONS, STEP, Wanted, wanted
from openipt.post.reminding.reaching import OPEN_STEPS, Stands, answer_to, looked_at, stands

MOST = 200  # courses in one round
ANEW = timedelta(hours=12)  # also where nothing was written: time alone makes things due
NOT_NEEDED = "not_needed"
WAITS = (DUE, FAILED)


def plan(at: datetime) -> int:
    """Plan what is out of date; return how many courses that were. Two queries where none is."""
    return sum(_plan(enrolment, seq, at) for enrolment, seq in to_plan(at)[:MOST])


def to_plan(at: datetime) -> list[tuple[UUID, int]]:
    """Return the courses whose reminders were planned before their newest fact, or too long ago."""
    known = {one.enrolment: one for one in Planned.objects.all()}
    met = _met_lately(at)
    found = []
    for enrolment, seq in Standing.objects.values_list("enrolment_id", "seq"):
        last = known.get(enrolment)
        if last is None or last.seq != seq or at - last.at >= ANEW or met.get(enrolment, last.at) > last.at:
            found.append((enrolment, seq))
    return found


def _met_lately(at: datetime) -> dict[UUID, datetime]:
    """Return when a device last came in, by course."""
    met = Device.objects.filter(first_seen_at__gt=at - HEARD_OF).order_by("first_seen_at")
    by_client = {client: since for client, since in met.values_list("account__client", "first_seen_at") if client}
    if not by_client:
        return {}
    rows = Enrolment.objects.filter(client__in=list(by_client)).values_list("id", "client")
    return {enrolment: by_client[client] for enrolment, client in rows}


def _plan(enrolment: UUID, seq: int, at: datetime) -> bool:
    """Plan one course. What is written between reading and noting it is planned in the next round."""
    try:
        now = stands(enrolment, at)
    except KeyGone:
        now = None
    with transaction.atomic():
        Planned.objects.update_or_create(enrolment=enrolment, defaults={"seq": seq, "at": at})
        Planned.objects.select_for_update().get(enrolment=enrolment)
        rows = {(one.kind, one.cause): one for one in Reminder.objects.filter(enrolment=enrolment)}
        wants = {(one.kind, one.cause): one for one in _wanted(now, at)}
        for key, row in rows.items():
            _settle(now, row, wants.get(key), at)
        for key in wants.keys() - rows.keys():
            if now is not None:
                make(wants[key], enrolment, now.enrolment.organisation, now.reach.day.zone.key, at)
    return True


def _wanted(now: Stands | None, at: datetime) -> Iterator[Wanted]:
    if now is not None and not now.reach.why:
        yield from wanted(now.facts, now.reach.day, at)


def _settle(now: Stands | None, row: Reminder, want: Wanted | None, at: datetime) -> None:
    """Move one reminder to where the record says it is."""
    if row.state in (SENT, OPENED):
        if now is not None and is_answered(now, row):
            move(row.id, (SENT, OPENED), ANSWERED, at)
        return
    if row.claimed_at is not None:  # a worker has it in hand
        return
    if row.state in WAITS and want is None:
        move(row.id, WAITS, EXPIRED, at, "too_late" if at >= row.expires_at else NOT_NEEDED)
    elif row.state == EXPIRED and row.why == NOT_NEEDED and want is not None:  # a pause that ended
        move(row.id, (EXPIRED,), DUE, at, next_at=want.due_at, due_at=want.due_at, form=want.form)
    elif row.state == DUE and want is not None and min(row.due_at, want.due_at) > at and row.due_at != want.due_at:
        zone = now.reach.day.zone.key if now is not None else row.zone
        Reminder.objects.filter(id=row.id, state=DUE, claimed_at=None).update(
            due_at=want.due_at, next_at=want.due_at, wall=f"{want.wall:%Y-%m-%dT%H:%M}", zone=zone
        )


def is_answered(now: Stands, row: Reminder) -> bool:
    """Whether what a reminder asked for was done after it was made."""
    since = row.made_at
    if row.kind == QUESTIONS:
        return any(one.recorded_at > since for one in now.record.of(row.form))
    if row.kind == FOLLOW_UP:
        return looked_at(now.record, row.form, date.fromisoformat(row.cause))
    if row.kind == APPOINTMENT:
        return now.facts.answered or _answered_before(now, row)
    if row.kind == STEP:
        held = now.record.of("between-session-step")
        return any(one.recorded_at > since and one.answers.get("status") not in OPEN_STEPS for one in held)
    return False


def _answered_before(now: Stands, row: Reminder) -> bool:
    """Whether the client said something about the session of a reminder, which may lie in the past by now."""
    session = datetime.strptime(row.cause, "%Y%m%dT%H%M%z")
    return answer_to(now.record, session) is not None
