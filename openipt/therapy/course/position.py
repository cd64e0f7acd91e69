"""Where a course stands: counted in sessions and in weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.therapy.manuals import Manual, Phase
from openipt.therapy.record import Record, Session, agreement, done_tasks

LAST_QUARTER = 0.75  # from here on no phase waits for what is left undone; our proposal


@dataclass(frozen=True, slots=True)
class Position:
    """Where a course stands on a day."""

    held: int  # contracted sessions used
    number: int  # of the session that comes next
    planned: int
    left: int
    weeks: int  # whole weeks since the first session
    phase: Phase
    agreed: bool  # the number comes from a contract, not from the manual's usual one
    over: int  # sessions beyond what was agreed
    past_end: bool  # the planned end date has passed
    open_end: bool  # an open-ended treatment, and no number was agreed: the usual one is no limit


def planned_sessions(manual: Manual, record: Record) -> int:
    """Return how many sessions are planned: as agreed, extension included; else the manual's usual number."""
    agreed = agreement(record)
    return agreed.total if agreed else manual.dose.usual


def contracted(manual: Manual, record: Record) -> int:
    """Return the contracted number without an extension: the phases are laid out over these."""
    agreed = agreement(record)
    return agreed.sessions if agreed else manual.dose.usual


def where(manual: Manual, record: Record, today: date) -> Position:
    """Say where a course stands on a day. Sessions count as the vocabulary's kinds and the contract say."""
    return record.remember(("where", manual.id, manual.version, today), lambda: _where(manual, record, today))


def _where(manual: Manual, record: Record, today: date) -> Position:
    agreed = agreement(record)
    planned = planned_sessions(manual, record)
    held = used(manual, record)
    first = first_day(record)
    open_end = agreed is None and manual.dose.open_ended
    end = (agreed.extension_until or agreed.planned_end) if agreed else None
    return Position(
        held=held,
        number=held + 1,
        planned=planned,
        left=max(0, planned - held),
        weeks=max(0, (today - first).days // 7) if first else 0,
        phase=_before_the_first(manual, record) or phase_at(manual, record, min(held + 1, planned)),
        agreed=agreed is not None,
        over=0 if open_end else max(0, held - planned),
        past_end=end is not None and today > end,
        open_end=open_end,
    )


def used(manual: Manual, record: Record) -> int:
    """Return how many sessions are used: the contracted ones; in a group those it held, whoever was there."""
    if manual.format == "group":
        return max((session.number for session in record.sessions if session.kind != "pre_group"), default=0)
    return record.counted()


def count_at(manual: Manual, record: Record, session: Session) -> int:
    """Return how many sessions were used when a session ended: its place in the course."""
    if manual.format == "group":
        return session.number
    return sum(one.uses for one in record.sessions if one.happened_at <= session.happened_at)


def phase_at(manual: Manual, record: Record, number: int) -> Phase:
    """Return the phase of a session by its number; an earlier one where that lasts until its tasks are done.

    The ending comes when it was agreed: in the last quarter nothing is waited for.
    """
    planned = contracted(manual, record)
    reached = manual.phase_of(number, planned)
    if reached.kind == "termination" or number > LAST_QUARTER * planned:
        return reached
    earlier = manual.phases[: manual.phases.index(reached)]
    return next((phase for phase in earlier if undone(phase, record)), reached)


def undone(phase: Phase, record: Record) -> tuple[str, ...]:
    """Return the tasks for which a phase goes on beyond its range; none where it ends by its number."""
    if phase.lasts == "by_number":
        return ()
    done = done_tasks(record)
    return tuple(task for task in phase.exit if task not in done)


def _before_the_first(manual: Manual, record: Record) -> Phase | None:
    """Return the phase of the meeting before the first session while that is still to come."""
    return None if record.sessions else next((phase for phase in manual.phases if phase.before_the_first), None)


def first_day(record: Record, by: date | None = None) -> date | None:
    """Return the day of the first session held (by a day); the day the course began where none was held yet."""
    met = first_met(record)
    return met if met and (by is None or met <= by) else record.began_on


def first_met(record: Record) -> date | None:
    """Return the day of the first session held; the meeting before a group is none."""
    return record.remember(("met",), lambda: next((s.day for s in record.held() if s.kind != "pre_group"), None))


def day_of_count(manual: Manual, record: Record, number: int) -> date | None:
    """Return the day on which the sessions used reached a number; None while they have not."""
    if manual.format == "group":
        days = [session.day for session in record.sessions if session.kind != "pre_group" and session.number >= number]
        return min(days) if days else None
    return day_counted(record, number)


def day_counted(record: Record, number: int) -> date | None:
    """Return the day on which this client's contracted sessions reached a number; None while they have not."""
    reached = 0
    for session in record.sessions:
        reached += session.uses
        if reached >= number and session.uses:
            return session.day
    return None
