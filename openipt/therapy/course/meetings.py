"""Meetings beside the sessions: before, half-way, after, boosters. Each is offered while its time is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

from openipt.therapy.course.flags import ADULT
from openipt.therapy.course.position import Position, contracted, where
from openipt.therapy.manuals import Manual, Meeting
from openipt.therapy.record import Record, Session
from openipt.therapy.words import Sentence, say

BEGINNING = ("referral", "assessment", "pregroup", "initial")
WORKING = ("middle", "continuation", "maintenance")


@dataclass(frozen=True, slots=True)
class MeetingOffered:
    """A meeting whose time is there, and how often it was held."""

    meeting: Meeting
    held: int
    why: Sentence


def meetings(manual: Manual, record: Record, today: date) -> tuple[MeetingOffered, ...]:
    """Return the meetings of the manual that may be held now, in the manual's order."""
    here = where(manual, record, today)
    ended = record.ended_on is not None and record.ended_on <= today
    found = []
    for meeting in manual.meetings:
        held = times_held(manual, record, meeting)
        wanted = held < meeting.count[1] and _concerns(meeting, record)
        if wanted and _is_time(manual, record, meeting, here, held, ended):
            found.append(MeetingOffered(meeting, held, _why(meeting, held)))
    return tuple(found)


def times_held(manual: Manual, record: Record, meeting: Meeting) -> int:
    """Return how often a meeting was held: as the record of a session names it, else by its kind and its time."""
    attended = [session for session in record.sessions if session.attended]
    named = {session.id: record.says("session-record", session.id).get("meeting") for session in attended}
    said = list(named.values()).count(meeting.id)
    alike = [one for one in manual.meetings if one.when == meeting.when and one.attendees == meeting.attendees]
    if len(alike) > 1:
        return said  # two of a kind: only the name tells them apart
    such = [session for session in attended if named[session.id] is None and _is_such(meeting, session)]
    return said + [_when(manual, record, session) for session in such].count(meeting.when)


def _is_such(meeting: Meeting, session: Session) -> bool:
    if {"partner", "caregiver", "school"} & set(meeting.attendees) and session.kind == "joint":
        return True
    return "member" in meeting.attendees and session.kind == "pre_group"


def _when(manual: Manual, record: Record, session: Session) -> str:
    """Return in which part of the course a meeting lay: before, middle, after or booster."""
    earlier = [one for one in record.sessions if one.happened_at < session.happened_at and one.attended]
    group = manual.format == "group"
    n = sum(one.kind != "pre_group" if group else one.uses for one in earlier)
    planned = contracted(manual, record)
    late = next((one.when for one in manual.meetings if one.when in ("after", "booster")), "after")
    first = manual.ranges(planned).get(_initial(manual), (1, 1))[1]
    if n == 0 or (not group and n < first):
        return "before"
    return "middle" if n < planned else late


def _initial(manual: Manual) -> str:
    return next((phase.id for phase in manual.phases if phase.kind == "initial"), "")


def _concerns(meeting: Meeting, record: Record) -> bool:
    """Caregivers come for the young, unless a parent is not safe."""
    if "caregiver" not in meeting.attendees:
        return True
    young = record.age is not None and record.age < ADULT
    return (young and not record.says("consent").get("parent_not_safe")) or "member" in meeting.attendees


def _is_time(manual: Manual, record: Record, meeting: Meeting, here: Position, held: int, ended: bool) -> bool:
    planned = contracted(manual, record)
    usual = manual.dose.usual
    after = ceil((meeting.after_session or 0) * planned / usual)
    if meeting.when == "before":
        return not ended and (here.held == 0 or (held < meeting.count[0] and not meeting.optional and _begins(here)))
    if meeting.when == "middle":
        its_time = after <= here.held < planned if after else here.phase.kind in WORKING
        return its_time and not ended
    return here.held >= (after or planned) or (ended and meeting.when == "booster")


def _begins(here: Position) -> bool:
    return here.phase.kind in BEGINNING


def _why(meeting: Meeting, held: int) -> Sentence:
    line = "due.meeting.may" if meeting.optional or held >= meeting.count[0] else f"due.meeting.{meeting.when}"
    return say(line, label=meeting.label)
