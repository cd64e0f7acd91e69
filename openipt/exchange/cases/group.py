"""Read a group: one record for each member, and the group's own record. No member's words stand in another's."""

from __future__ import annotations

from datetime import date
from typing import Any

from openipt.exchange.cases import sheets
from openipt.exchange.cases.beginning import violence_answers
from openipt.exchange.cases.book import Book
from openipt.exchange.cases.case import Case, Claim
from openipt.exchange.cases.clock import AFTER, ASKED, DOOR, EVENING, MEETING, on
from openipt.exchange.cases.ending import reported
from openipt.exchange.cases.sessions import flag_of, make_session, session_id
from openipt.exchange.cases.taking import Tree, texts
from openipt.therapy.record import Flag, GroupRecord, Record, Session
from openipt.therapy.vocabulary import vocabulary

KIND_OF = {
    "present": "attended",
    "late": "attended",
    "left_early": "attended",
    "absent_notice": "late_cancel",
    "absent_no_notice": "no_show",
}


class Member:
    """What the reader holds of one member."""

    def __init__(self, tree: Tree, case: str, staff: str) -> None:
        self.tree = tree
        self.id = tree.data["id"]
        self.book = Book(f"{case}-{self.id}", staff)
        self.sessions: list[Session] = []
        self.flags: list[Flag] = []
        self.left_on: date | None = None
        self.step: str | None = None


def read_group(tree: Tree) -> Case:
    """Turn the tree of a group into records."""
    head, group = tree.into("case"), tree.into("group")
    case, staff = head.data["id"], group.data["facilitators"][0]
    members = {row.data["id"]: Member(row, case, staff) for row in tree.rows("members")}
    book = Book(case, staff)
    for member in members.values():
        _before(member, tree)
    sessions = [_session(book, members, row) for row in tree.rows("sessions")]
    last = max((session.day for session in sessions), default=None)
    _around(tree, book, members)
    claims = [Claim("outcome", tree.take("outcome"))]
    shares = [(n, row.take("answered_pct")) for n, row in enumerate(tree.rows("follow_up")) if "answered_pct" in row]
    claims += [Claim(f"follow_up[{n}].answered_pct", share) for n, share in shares]
    claims += [claim for member in members.values() for claim in member.book.claims]
    records = tuple(_finish(member, head, group, last) for member in members.values())
    head.some("synthetic", "problem_area")
    return Case(
        id=head.take("id"),
        title=head.take("title"),
        manual=head.take("protocol"),
        teaches=tuple(head.take("teaches")),
        records=records,
        claims=tuple(claims),
        about={"simulation": tree.take("simulation_truth")},
        group=GroupRecord(
            id=group.take("id"),
            name=group.take("name"),
            manual=head.data["protocol"],
            manual_version=head.take("protocol_version"),
            members=tuple(record.enrolment for record in records),
            setup=group.some(
                "place",
                "size",
                "closed_after_session",
                "facilitators",
                "supervisor",
                "supervision",
                "weekday",
                "time",
                "minutes",
                "language",
                "eligibility",
                "facilitator_training",
            ),
            sessions=tuple(sessions),
            entries=tuple(book.entries),
        ),
    )


def _before(member: Member, tree: Tree) -> None:
    """The individual meeting before the group, the people, and what was agreed."""
    row, book = member.tree, member.book
    meeting = row.into("pregroup")
    day = meeting.take("date")
    told = row.some("alias", "age", "pronouns", "occupation")
    told |= {**meeting.some("trigger", "link", "goal", "barriers", "emergency_contact")}
    told["diagnosis"] = meeting.data["trigger"]
    book.write("intake", told, on(day, DOOR), name="intake")
    book.write(
        "consent", meeting.into("consent").some("treatment", "group_record", "research"), on(day, ASKED), name="consent"
    )
    member.sessions.append(make_session(0, "pre_group", day, None, "in_person"))
    for short in [key for key in meeting.data if key in vocabulary()["measure_aliases"]]:
        book.measure(short, meeting.into(short), on(day, DOOR), "pregroup")
    for flag in meeting.rows("flags"):
        member.flags.append(flag_of(flag, day, DOOR, f"{book.enrolment}-pregroup"))
    area = row.take("problem_area")
    said = {"version": 1, "area_primary": area, "condition_label": "Depression", "link_statement": meeting.data["link"]}
    book.write("formulation", said, on(day), name="formulation")
    sessions = tree.data["sessions"]
    agreed = {"focus": area, "minutes": tree.data["group"]["minutes"]}
    if sessions:
        agreed |= {"sessions_n": len(sessions), "start": sessions[0]["date"], "planned_end": sessions[-1]["date"]}
    book.write("contract", agreed, on(day), name="contract")
    book.write(
        "session-record", {"phase": "pregroup", "tasks": ["GRP.01"]}, on(day), name="s00-record", about=session_id(0)
    )
    for n, check in enumerate(row.rows("violence_checks"), 1):
        book.write("violence-check", violence_answers(check), on(check.data["date"], ASKED), name=f"violence-{n}")
    for person in row.rows("inventory"):
        person_id = person.take("id")
        book.thing("people", person_id, on(day))
        said = {key: person.take(key) for key in list(person.data) if key != "id"}
        book.write("interpersonal-inventory", said, on(day), name=f"person-{person_id}", about=person_id)
    _goal(member, tree)


def _goal(member: Member, tree: Tree) -> None:
    goal = {"scope": "self", "statement": member.tree.data["pregroup"]["goal"]}
    days = {row["n"]: row["date"] for row in tree.data["sessions"]}
    begun = on(member.tree.data["pregroup"]["date"])
    member.book.thing("goals", "G1", begun)
    member.book.write("goals-and-boundaries", dict(goal), begun, name="goal-1", about="G1")
    ratings: list[dict[str, Any]] = []
    for n, (label, value) in enumerate(
        sorted((member.tree.take("goal_rating") or {}).items(), key=lambda one: int(one[0][1:])), 2
    ):
        number = int(label[1:])
        ratings.append({"session": number, "value": value})
        day = days.get(number) or max(days.values(), default=member.tree.data["pregroup"]["date"])
        member.book.write(
            "goals-and-boundaries", {**goal, "ratings": list(ratings)}, on(day), name=f"goal-{n}", about="G1"
        )


def _session(book: Book, members: dict[str, Member], row: Tree) -> Session:
    number, day = row.take("n"), row.take("date")
    shared = {**row.some("phase", "tasks", "techniques", "in_depth", "work", "observation")}
    climate = row.into("group_climate")
    if climate.data:
        climate.take("scale")
        shared["climate"] = climate.some("engaged", "avoiding", "conflict")
    book.write("group-session", shared, on(day), name=f"s{number:02d}", about=session_id(number))
    session = make_session(number, row.take("kind", "attended"), day, row.take("minutes"), row.take("modality"))
    for line in row.rows("attendance"):
        _attended(members[line.take("member")], line, session, shared)
    for flag in row.rows("flags_private"):
        member = members[flag.data["member"]]
        member.flags.append(flag_of(flag, day, DOOR, f"{member.book.enrolment}-s{number:02d}"))
    if "incident" in row:
        incident = row.into("incident")
        member, label = _whose(members, incident), incident.take("id")
        answers = sheets.communication(incident)
        member.book.write(
            "communication-analysis", answers, on(day), name=f"s{number:02d}-{label}", about=session_id(number)
        )
    return session


def _whose(members: dict[str, Member], incident: Tree) -> Member:
    """The member an incident belongs to; where none is named, the one whose person it was with."""
    with_person = incident.data["with_person"]
    named = incident.take("member") or next(
        member.id
        for member in members.values()
        if any(row["id"] == with_person for row in member.tree.data["inventory"])
    )
    return members[named]


def _attended(member: Member, line: Tree, session: Session, shared: dict[str, Any]) -> None:
    status, day, book = line.take("status"), session.day.isoformat(), member.book
    name = session.id.lower()
    went, new = line.take("last_step"), line.take("new_step")
    if went and member.step:
        _told(member, went, day)
    for short in [key for key in line.data if key in vocabulary()["measure_aliases"]]:
        book.measure(short, line.into(short), on(day, DOOR), name)
    if status == "dropped_out":
        member.left_on = member.left_on or session.day
        return
    member.left_on = None  # whoever comes again has not left
    kind = KIND_OF[status]
    member.sessions.append(make_session(session.number, kind, day, session.minutes, session.modality))
    said = {"attendance": status, "phase": shared.get("phase")}
    if kind == "attended":
        said |= {"tasks": shared.get("tasks"), "techniques": shared.get("techniques")}
    book.write("session-record", said, on(day), name=f"{name}-record", about=session.id)
    if new:
        member.step = f"step-{name}"
        book.thing("steps", member.step, on(day))
        step = {"text": new, "agreed_in": session.id, "status": "planned"}
        book.write("between-session-step", step, on(day), name=f"{member.step}-1", about=member.step)


def _told(member: Member, status: str, day: str) -> None:
    """How the last step went, told at the door of the next session."""
    before = [entry for entry in member.book.entries if entry.about == member.step][-1]
    answers = {**before.answers, "status": status}
    member.book.write("between-session-step", answers, on(day, DOOR), name=f"{member.step}-2", about=member.step)


def _around(tree: Tree, book: Book, members: dict[str, Member]) -> None:
    """Agreement, supervision, fidelity, contacts between sessions, follow-up."""
    agreement = tree.into("agreement")
    said = {**agreement.some("version", "date", "accepted_by"), "rules": texts(agreement.take("items"))}
    book.write("group-agreement", said, on(said["date"]), name="agreement")
    for n, row in enumerate(tree.rows("facilitator_tasks"), 1):
        member = members[row.take("member")]
        said = row.some("date", "task", "result")
        member.book.write("member-contact", said, on(said["date"], AFTER), name=f"contact-{n}")
        for short in [key for key in row.data if key in vocabulary()["measure_aliases"]]:
            member.book.measure(short, row.into(short), on(said["date"], MEETING), f"contact-{n}")
    for n, row in enumerate(tree.rows("supervision"), 1):
        said = row.some("date", "topic", "decision")
        book.write("supervision-note", said, on(said["date"]), name=f"supervision-{n}")
    days = {row["n"]: row["date"] for row in tree.data["sessions"]}
    for n, row in enumerate(tree.rows("fidelity"), 1):
        said = row.some("session", "rater", "adherence_pct", "skill_mean", "critical_missed", "comment")
        day = days.get(said["session"]) or max(days.values(), default=tree.data["agreement"]["date"])
        book.write("fidelity-rating", said, on(day, EVENING), name=f"fidelity-{n}")
    for n, row in enumerate(tree.rows("follow_up"), 1):
        _follow_up(row, n, book, members)


def _follow_up(row: Tree, n: int, book: Book, members: dict[str, Member]) -> None:
    day = row.take("date")
    said = {"date": day, **row.some("months", "note")}
    book.write("check-in", said, on(day), name=f"check-in-{n}")
    for short in [key for key in row.data if key in vocabulary()["measure_aliases"]]:
        for member, total in row.take(short).items():
            members[member].book.measure(short, Tree({"total": total}), on(day, DOOR), f"check-in-{n}")


def _finish(member: Member, head: Tree, group: Tree, last: date | None) -> Record:
    row, book = member.tree, member.book
    outcome = row.into("outcome")
    ended = member.left_on or last or member.sessions[-1].day
    said: dict[str, Any] = {"ending": outcome.take("ending"), "on": ended.isoformat()}
    referred = outcome.take("referred")
    if referred:
        said |= {"referred_to": referred, "next_step": referred, "way_back": referred}
    said["reported"] = reported(outcome)
    book.write("ending", said, on(ended), name="ending")
    row.take("id")
    return Record(
        enrolment=book.enrolment,
        client=member.id,
        manual=head.data["protocol"],
        manual_version=head.data["protocol_version"],
        began_on=member.sessions[0].day,
        age=row.data["age"],
        pronouns=row.data.get("pronouns", "they/them"),
        staff=group.data["facilitators"][0],
        supervisor=group.data["supervisor"],
        entries=tuple(sorted(book.entries, key=lambda entry: (entry.recorded_at, entry.happened_at))),
        sessions=tuple(member.sessions),
        flags=tuple(member.flags),
        ended_on=ended,
        people=book.all("people"),
        goals=book.all("goals"),
        steps=book.all("steps"),
        events=book.all("events"),
    )
