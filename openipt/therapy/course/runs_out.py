"""What was asked alone, or agreed for a time, and runs out before the next session: said while there is time for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from openipt.therapy.course.focus import dispute_in_view
from openipt.therapy.course.gates import ASKED_WITHIN, people_of_step, safe_for
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record, focus, recovery, session_sheet, violence_checks
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

DAYS_APART = {"twice_weekly": 4, "weekly": 7, "biweekly": 14, "monthly": 28}
USUALLY = 7


def runs_out(manual: Manual, record: Record, today: date) -> tuple[Sentence, ...]:
    """Say what runs out before the next session or at it, as a question to whoever prepares it. Nothing is held back.

    Nothing of what was answered is in it; nor may anything that a client sees be made from this.
    """
    if record.ended_on is not None:
        return ()
    by = next_day(manual, record, today)
    alone = alone_again(manual, record, today, by)
    return (*([alone] if alone else []), *_resting(record, by))


def next_day(manual: Manual, record: Record, today: date) -> date:
    """Return the day of the next session: as it was agreed, else by the rhythm; never a day that has been."""
    held = record.held()
    if not held:
        return today
    agreed = day_of(str(session_sheet(record, held[-1]).get("next_date") or "")[:10])
    rhythm = record.says("contract").get("cadence") or manual.dose.cadence
    return max(today, agreed or held[-1].day + timedelta(days=DAYS_APART.get(str(rhythm), USUALLY)))


def alone_again(manual: Manual, record: Record, today: date, by: date) -> Sentence | None:
    """Say that it is to be asked again by a day, where a hard talk is in view and somebody was asked about before."""
    asked = _longest_ago(record, today) if _hard_talk_in_view(manual, record) else None
    if asked is None:
        return None
    until = asked + ASKED_WITHIN
    if until < today or safe_for(record, people_of_step(record), today)[1].id == "gate.violence.again":
        return say("runs_out.alone_over", on=asked)
    return say("runs_out.alone", on=asked, until=until) if until <= by else None


def _longest_ago(record: Record, today: date) -> date | None:
    """Return the day on which was last asked, alone, about whom a hard talk would be with; of several the first day."""
    checks = [check for check in violence_checks(record) if check.asked_alone and check.on <= today]
    people = people_of_step(record)
    newest = [max((check.on for check in checks if check.covers(one)), default=None) for one in people]
    return min((on for on in newest if on), default=None if people else max((one.on for one in checks), default=None))


def _hard_talk_in_view(manual: Manual, record: Record) -> bool:
    mapped = bool(record.of("dispute-map")) or "PA_DISPUTE" in focus(record)
    return mapped or manual.format == "couple" or dispute_in_view(record)


def _resting(record: Record, by: date) -> Iterator[Sentence]:
    resting = recovery(record)
    if resting and not resting.ended and resting.until and resting.until <= by:
        yield say("runs_out.resting", until=resting.until)
