"""Read the course of one client: what was known when, session by session."""

from __future__ import annotations

from openipt.exchange.cases.beginning import BEGINNING
from openipt.exchange.cases.case import Case
from openipt.exchange.cases.course import Course
from openipt.exchange.cases.ending import ENDING, maintenance
from openipt.exchange.cases.sessions import read_session, sheet_entry
from openipt.exchange.cases.taking import Tree
from openipt.exchange.cases.work import WORK
from openipt.therapy.record import Record


def read_individual(tree: Tree) -> Case:
    """Turn the tree of an individual case into records; everything taken is marked in the tree."""
    head, client, therapist = tree.into("case"), tree.into("client"), tree.into("therapist")
    course = Course(tree, head.data["id"], therapist.data["id"])
    for read in (*BEGINNING, *WORK, *ENDING):
        read(course)
    records = [_record(course, head, client, therapist)]
    if tree.data.get("maintenance"):
        records.append(maintenance(course, records[0]))
    head.some("synthetic", "problem_area")
    return Case(
        id=head.take("id"),
        title=head.take("title"),
        manual=head.data["protocol"],
        teaches=tuple(head.take("teaches")),
        records=tuple(records),
        claims=(*course.claims, *course.book.claims),
        about={"therapist_role": therapist.take("role"), "simulation": tree.take("simulation_truth")},
    )


def _record(course: Course, head: Tree, client: Tree, therapist: Tree) -> Record:
    book = course.book
    sessions = tuple(read_session(course, row) for row in course.tree.rows("sessions"))
    _without_content(course)
    return Record(
        enrolment=head.data["id"],
        client=client.take("id"),
        manual=head.take("protocol"),
        manual_version=head.take("protocol_version"),
        began_on=course.days[course.first],
        age=client.take("age"),
        pronouns=client.take("pronouns"),
        staff=therapist.take("id"),
        supervisor=therapist.take("supervisor"),
        entries=tuple(sorted(book.entries, key=lambda entry: (entry.recorded_at, entry.happened_at))),
        sessions=sessions,
        flags=tuple(course.flags),
        ended_on=course.days[course.last],
        people=book.all("people"),
        goals=book.all("goals"),
        steps=book.all("steps"),
        events=book.all("events"),
    )


def _without_content(course: Course) -> None:
    """A sheet that was worked on though the file holds nothing of it: an entry says so, and nothing is invented."""
    for number in course.days:
        for code in course.sheets_in[number]:
            sheet_entry(course, number, code)
