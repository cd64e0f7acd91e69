"""Read how a course ended, and what came after: relapse plan, outcome, follow-up, maintenance."""

from __future__ import annotations

from datetime import date
from typing import Any

from openipt.exchange.cases import sheets
from openipt.exchange.cases.book import Book
from openipt.exchange.cases.case import Claim
from openipt.exchange.cases.clock import DOOR, MEETING, on
from openipt.exchange.cases.course import Course
from openipt.exchange.cases.taking import Tree
from openipt.therapy.record import Record, Session


def _relapse(course: Course) -> None:
    number = course.session_with("WS_RELAPSE", "END.05", newest=True) or course.last
    said = sheets.relapse(course.tree.into("relapse_plan"))
    course.book.write("relapse-plan", said, course.at(number), name=f"s{number:02d}-relapse-plan")


def _ending(course: Course) -> None:
    outcome = course.tree.into("outcome")
    said = {"ending": outcome.take("ending"), "on": course.days[course.last].isoformat()}
    said["reported"] = reported(outcome)
    course.claims.append(Claim("outcome", said["reported"]))
    course.book.write("ending", said, course.at(course.last), name="ending")


def reported(outcome: Tree) -> dict[str, Any]:
    """What a file reports of an outcome; scores as rows."""
    said = outcome.some(
        "sessions_attended",
        "weeks",
        "response",
        "remission",
        "recovered",
        "reliable_change",
        "reduction_pct",
        "goal_attainment_mean",
        "goal_attainment_note",
    )
    scores: dict[str, dict[str, Any]] = {}
    for key in list(outcome.data):
        measure, _, which = key.rpartition("_")
        if which in ("first", "last"):
            scores.setdefault(measure, {"measure": measure})[which] = outcome.take(key)
    if scores:
        said["scores"] = list(scores.values())
    return said


def _follow_up(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("follow_up"), 1):
        day = row.take("date")
        course.book.write("check-in", {"date": day, **row.some("note")}, on(day), name=f"check-in-{n}")
        for short in [key for key in row.data if key not in ("date", "note")]:
            course.book.measure(short, row.into(short), on(day, DOOR), f"check-in-{n}")


def maintenance(course: Course, before: Record) -> Record:
    """The maintenance that follows is an enrolment of its own, in its own manual."""
    part = course.tree.into("maintenance")
    book = Book(f"{before.enrolment}-M", before.staff)
    sessions = []
    manual, cadence = part.take("protocol"), part.take("cadence")
    for number, row in enumerate(part.rows("sessions"), 1):
        label, day = row.take("n"), row.take("date")
        for short in row.data["measures"]:
            book.measure(short, row.into("measures").into(short), on(day, DOOR), label)
        row.take("measures")
        said = {"phase": "maintenance", "tasks": row.take("tasks"), "note": row.take("note")}
        book.write("session-record", said, on(day), name=label, about=label)
        sessions.append(Session(label, number, "attended", on(day, MEETING), on(day)))
    start = before.ended_on.isoformat() if before.ended_on else None
    # How many sessions were agreed the file does not say; the manual's usual number holds.
    book.write("contract", {"cadence": cadence, "start": start}, on(before.ended_on or date.min), name="contract")
    alias = {"alias": before.says("intake").get("alias"), "diagnosis": before.says("intake").get("diagnosis")}
    book.write("intake", alias, on(before.ended_on or date.min, DOOR), name="intake")
    return Record(
        enrolment=f"{before.enrolment}-M",
        client=before.client,
        manual=manual,
        manual_version="1.0.0",
        began_on=sessions[0].day if sessions else None,
        age=before.age,
        pronouns=before.pronouns,
        staff=before.staff,
        supervisor=before.supervisor,
        entries=tuple(book.entries),
        sessions=tuple(sessions),
    )


ENDING = (_relapse, _ending, _follow_up)
