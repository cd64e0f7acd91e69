"""Simulate one course: a made-up client, from the intake to the ending, or as far as it has come by a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from openipt.exchange.cases.clock import on
from openipt.exchange.clinic import beginning, living, meeting, parting
from openipt.exchange.clinic.answering import WEIGHTS
from openipt.exchange.clinic.calendar_of_course import WEEK, Slot, calendar
from openipt.exchange.clinic.casting import cast
from openipt.exchange.clinic.chance import Chance, likely
from openipt.exchange.clinic.course_of_illness import Kind, illness
from openipt.exchange.clinic.flagging import leave_open
from openipt.exchange.clinic.story import Story
from openipt.therapy.course import derived_flags
from openipt.therapy.manuals import Manual, manual_ids, open_manual
from openipt.therapy.record import Record

Twist = Literal[
    "running",
    "flag",
    "decision",
    "overdue",
    "silent",
    "worse",
    "missed",
    "afraid",
    "misfit",
    "stalled",
    "well",
    "extended",
]
MORNING = time(7)  # a course that is still open is told up to this hour of the day
ILLNESS: dict[Twist, Kind] = {"worse": "worsens", "stalled": "unchanged", "well": "recovers", "extended": "improves"}
UNKNOWN_FACTS = ("prescriber", "medical")  # gates that ask for a plan of medication, or for weight
SILENT = timedelta(days=23)


def simulate(
    seed: int,
    *,
    began_on: date,
    today: date,
    manual: str = "ipt-classic",
    area: str | None = None,
    staff: str = "T-01",
    supervisor: str = "SV-01",
    hour: int = 10,
    sessions: int | None = None,
    twist: Twist | None = None,
) -> Record:
    """Make up one lawful course. The same arguments give the same record on every machine.

    Args:
        seed: Of all chances of this course. It is part of every id, and of the enrolment's name (`SIM-0017`).
        began_on: Day of the first session.
        today: What is known on the morning of this day is told; a course that has ended by then is told whole.
        manual: One of `made_up_manuals`.
        area: The problem area in focus; drawn among those of the manual if None.
        staff: Id of the therapist.
        supervisor: Id of the supervisor.
        hour: Hour of the sessions, UTC.
        sessions: How many are agreed; drawn within what the manual says if None.
        twist: What this course is to show on `today`; None leaves it to chance.

    Raises:
        Refused: No such manual.
        ValueError: No courses of this manual are made up, or none for the area.
    """
    story = _story(Chance(seed), manual, area, began_on, today, (staff, supervisor), (hour, sessions), twist)
    moment = on(today, MORNING)
    beginning.intake(story)
    if _meetings(story, moment, twist):
        parting.end(story)
        parting.look_back(story, moment)
    made = story.record().as_of(moment)
    waiting = [flag for flag in derived_flags(story.manual, made, today) if flag.handled is None]
    leave_open(story, waiting, moment)
    return story.record().as_of(moment) if waiting else made


def made_up_manuals() -> list[str]:
    """List the manuals on the shelf of which courses can be made up, by id."""
    return [name for name in manual_ids() if not_made_up(open_manual(name)) is None]


def not_made_up(manual: Manual) -> str | None:
    """Say why no courses of a manual are made up; None where they are."""
    if manual.format != "individual":
        return f"is for a {manual.format}"
    if manual.outcome[0] not in WEIGHTS:
        return f"is judged by {manual.outcome[0]}, which is not made up here"
    facts = [gate.id for gate in manual.gates if gate.id in UNKNOWN_FACTS]
    return f"asks for facts that are not made up here ({', '.join(facts)})" if facts else None


def _story(
    chance: Chance,
    manual_id: str,
    area: str | None,
    began_on: date,
    today: date,
    staff: tuple[str, str],
    frame: tuple[int, int | None],
    twist: Twist | None,
) -> Story:
    manual = open_manual(manual_id)
    if reason := not_made_up(manual):
        raise ValueError(f"{manual_id} {reason}; expected one of {', '.join(made_up_manuals())}")
    missed = began_on + WEEK * ((today - began_on).days // 7) if twist == "missed" else None
    plan = calendar(
        chance,
        manual,
        began_on,
        frame[0],
        ending="finished" if twist else None,
        sessions=frame[1],
        punctual=twist not in (None, "running"),
        extended=twist == "extended",
        missed_at=missed - WEEK if missed == today else missed,
    )
    days = max(7, (plan.planned_end - began_on).days)
    course = illness(chance, manual, began_on, days, plan.ending != "finished", ILLNESS.get(twist) if twist else None)
    if twist == "worse":  # it has already happened by today
        course = replace(course, days=max(14, (today - began_on).days - 12), turn=2.0)
    people = cast(chance, manual, area)
    story = Story(chance, manual, people, plan, course, *staff)
    story.manner.misfits = twist == "misfit" or (story.manner.misfits and twist in (None, "running"))
    story.manner.afraid = twist == "afraid" or _is_afraid(story, twist)
    return story


def _is_afraid(story: Story, twist: Twist | None) -> bool:
    at_home = story.cast.area == "PA_DISPUTE" and story.cast.who.relation == "partner"
    return at_home and twist in (None, "running") and likely(story.chance.of("afraid"), 0.06)


def _meetings(story: Story, moment: datetime, twist: Twist | None) -> bool:
    """Tell one date after the other, up to a moment; return whether the course has come to its end by then."""
    before: Slot | None = None
    for slot in story.calendar.slots:
        if before:
            living.between(story, before.at, slot.at, slot)
        _answers(story, slot, moment, twist)
        if slot.at > moment:
            return False
        if slot.kind == "held":
            meeting.hold(story, slot, slot.number, decides=twist != "overdue")
        else:
            meeting.miss(story, slot)
        before = slot
    return True


def _answers(story: Story, slot: Slot, moment: datetime, twist: Twist | None) -> None:
    number = slot.number or next((one.number for one in story.calendar.slots if one.at > slot.at and one.number), 0)
    coming = slot.at > moment
    if twist == "silent" and slot.day > (moment - SILENT).date():
        return
    if coming and twist in ("flag", "decision"):
        early = moment - timedelta(hours=10 if twist == "flag" else 0, minutes=25)
        story.manner.answers = early.isoformat()
        living.questionnaires(story, slot, number, story.calendar.last, thoughts=1 if twist == "flag" else None)
    elif slot.kind == "held" or (
        story.manner.answers != "door" and likely(story.chance.of("missed", slot.label), 0.35)
    ):
        living.questionnaires(story, slot, number, story.calendar.last)
