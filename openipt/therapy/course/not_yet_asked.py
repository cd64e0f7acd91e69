"""What is asked again at its time, was due at an earlier session and is still not on record: it stays due until it is.

Also the newest answer about danger to the client's own life, and how the safety plan stands: read before a session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from openipt.therapy.course.asked_again import MEDICAL_AT
from openipt.therapy.course.flags import PLAN_HOLDS, SELF_HARM_RULES, DerivedFlag, derived_flags, plan_is_current
from openipt.therapy.course.occasions import safety_review_due
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record, Session, session_sheet
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

BOTH = "INI.01"  # the task that asks about safety, aloud, and about body, mania and substances


@dataclass(frozen=True, slots=True)
class NotYetAsked:
    """A sheet that was due at a session and is not on record since."""

    form: str
    session: Session
    why: Sentence


@dataclass(frozen=True, slots=True)
class KnownDanger:
    """The newest answer about danger, told with its day, and the safety plan as it stands on a day."""

    flag: DerivedFlag
    told: Sentence
    plan: Sentence


def not_yet_asked(manual: Manual, record: Record, before: Session | None = None) -> tuple[NotYetAsked, ...]:
    """Return what was due at an earlier session and was not asked since; nothing of what is asked alone about others.

    Args:
        manual: The manual of the course.
        record: Its record; whatever was asked by then counts, also in the session that goes on.
        before: The session that is prepared or held; the one that comes next if not given.
    """
    if record.ended_on is not None:
        return ()
    earlier = (one for one in record.held() if before is None or one.happened_at < before.happened_at)
    held = [one for one in earlier if one.number]
    return (*_aloud(manual, record, held), *_medical(record, held))


def _aloud(manual: Manual, record: Record, held: Iterable[Session]) -> Iterator[NotYetAsked]:
    last = _asked(record, "safety-conversation")
    for one in held:
        if (last is None or one.day > last) and safety_review_due(manual, record.before(one), one.day):
            yield NotYetAsked("safety-conversation", one, say("not_yet_asked.safety", n=one.number, on=one.day))
            return


def _medical(record: Record, held: Iterable[Session]) -> Iterator[NotYetAsked]:
    last = _asked(record, "medical-review")
    for one in held:
        # Asked before the first session it was asked for the first.
        if one.number in MEDICAL_AT and (last is None or (one.number > 1 and one.day > last)):
            yield NotYetAsked("medical-review", one, say("not_yet_asked.medical", n=one.number, on=one.day))
            return


def _asked(record: Record, form: str) -> date | None:
    """Return the day it was last asked: on its sheet, by the task that asks it, or as the card of a session says."""
    entry = record.newest(form)
    days = [one.day for one in record.held() if _says_asked(record, one, form)]
    return max([*days, *([entry.happened_at.date()] if entry else [])], default=None)


def _says_asked(record: Record, session: Session, form: str) -> bool:
    said = session_sheet(record, session)
    aloud = form == "safety-conversation" and said.get("safety_asked") is True
    return aloud or BOTH in (said.get("tasks") or ())


def known_danger(manual: Manual, record: Record, today: date) -> KnownDanger | None:
    """Return the newest answer about danger to the client's own life up to a day; None of what was asked alone."""
    alone = {entry.id for entry in record.entries if entry.visibility == "staff_asked_alone"}
    found = [
        flag
        for flag in derived_flags(manual, record, today)
        if flag.rule in SELF_HARM_RULES and flag.entry not in alone
    ]
    if not found:
        return None
    newest = found[-1]
    return KnownDanger(newest, say("known_danger.told", on=newest.on, why=newest.why), plan_stands(record, today))


def plan_stands(record: Record, today: date) -> Sentence:
    """Say how the safety plan stands on a day: current until when, to be looked at since when, or none."""
    plans = [entry for entry in record.of("safety-plan") if entry.happened_at.date() <= today]
    if not plans:
        return say("known_danger.no_plan")
    made = plans[-1].happened_at.date()
    until = min(day_of(plans[-1].answers.get("review_by")) or made + PLAN_HOLDS, made + PLAN_HOLDS)
    line = "plan" if plan_is_current(record, today) else "plan_over"
    return say(f"known_danger.{line}", made=made, until=until)
