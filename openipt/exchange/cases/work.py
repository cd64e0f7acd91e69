"""Read the work of a course: the sheets of the problem areas, what was agreed, what was decided, the diary."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openipt.exchange.cases import sheets
from openipt.exchange.cases.case import Claim
from openipt.exchange.cases.clock import EVENING, on
from openipt.exchange.cases.course import Course
from openipt.exchange.cases.taking import texts


def _dispute(course: Course) -> None:
    sheet = course.tree.into("dispute_map")
    if not sheet.data:
        return
    said = sheets.dispute(sheet)
    if "unsaid_count" in sheet:
        course.claims.append(Claim("dispute_map.unsaid_count", sheet.take("unsaid_count")))
    seen: list[dict[str, Any]] = []
    stages = sheet.take("stage_history") or []
    first = course.session_with("WS_DISPUTE") or course.first
    for n, stage in enumerate(stages or [{}], 1):
        seen.append(stage)
        at = course.at(max(stage.get("session", first), first) if n == 1 else stage["session"])
        answers = {**said, "stage_history": [row for row in seen if row] or None}
        answers |= {"stage": stage.get("stage"), "stage_evidence": stage.get("evidence")}
        course.book.write("dispute-map", answers, at, name=f"dispute-{n}", about=said["person"])


def _transition(course: Course) -> None:
    sheet = course.tree.into("transition_sheet")
    if not sheet.data:
        return
    said = sheets.transition(sheet)
    begun = course.at(course.session_with("WS_TRANSITION") or course.first)
    later: list[tuple[datetime, str, dict[str, Any]]] = [
        (max(begun, on(row["date"])), "mastery_log", row) for row in sheet.take("mastery_log", [])
    ]
    for label, row in sheet.take("balance", {}).items():
        number = int(label[1:])
        balance = {"session": number, "balance_old": row["old"], "balance_new": row["new"]}
        later.append((max(begun, course.at(number)), "balance", balance))
    course.book.write("role-transition", dict(said), begun, name="transition-1")
    for n, (at, key, row) in enumerate(sorted(later, key=lambda one: one[0]), 2):
        said = {**said, key: [*said.get(key, []), row]}
        course.book.write("role-transition", dict(said), at, name=f"transition-{n}")


def _patterns(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("pattern_log"), 1):
        said = sheets.pattern(row)
        course.book.write("pattern-log", said, on(said["date"], EVENING), name=f"pattern-{n}", about=said["person"])


def _safety_plan(course: Course) -> None:
    sheet = course.tree.into("safety_plan")
    if sheet.data:
        number = course.session_with("WS_SAFETY", newest=True) or course.first
        course.book.write(
            "safety-plan", sheets.safety_plan(sheet), course.at(number), name=f"s{number:02d}-safety-plan"
        )


def _formulation(course: Course) -> None:
    sheet = course.tree.into("formulation")
    for row in sheet.take("history", []):
        said = {key: value for key, value in row.items() if key != "session"}
        course.book.write("formulation", said, course.at(row["session"]), name=f"formulation-{row['version']}")
    number = sheet.take("session")
    said = sheets.formulation(sheet)
    course.book.write("formulation", said, course.at(number), name=f"formulation-{said['version']}")


def _contract(course: Course) -> None:
    sheet = course.tree.into("contract")
    said = sheets.contract(sheet)
    number = course.session_with("WS_CONTRACT", "INI.11") or course.tree.data["formulation"]["session"]
    course.book.write("contract", said, course.at(number), name="contract-1")
    more = sheet.into("extension")
    if more.data:
        extension = more.some("sessions", "agreed_session", "cadence", "until")
        at = course.at(extension["agreed_session"])
        course.book.write("contract", {**said, "extension": extension}, at, name="contract-2")


def _goals(course: Course) -> None:
    set_in = course.session_with("WS_GOALS", "INI.12") or course.tree.data["formulation"]["session"]
    for row in course.tree.rows("goals"):
        goal = row.take("id")
        said = {key: value for key, value in sheets.goal(row).items() if value is not None}
        course.book.thing("goals", goal, course.at(set_in))
        course.book.write("goals-and-boundaries", dict(said), course.at(set_in), name=f"goal-{goal}-1", about=goal)
        ratings: list[dict[str, Any]] = []
        for n, (label, value) in enumerate(sorted(row.take("ratings", {}).items(), key=lambda one: int(one[0][1:])), 2):
            ratings.append({"session": int(label[1:]), "value": value})
            at = max(course.at(int(label[1:])), course.at(set_in))
            course.book.write(
                "goals-and-boundaries", {**said, "ratings": list(ratings)}, at, name=f"goal-{goal}-{n}", about=goal
            )


def _decisions(course: Course) -> None:
    for row in course.tree.rows("decision_points"):
        said = row.some("session", "reduction_pct", "rule", "state", "action", "review_with", "reason", "client_says")
        said["point"] = row.take("id")
        if "changes" in row:
            said["changes"] = texts(row.take("changes"))
        course.book.write("decision-record", said, course.at(said["session"]), name=f"decision-{said['point']}")


def _fidelity(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("fidelity"), 1):
        said = row.some("session", "rater", "adherence_pct", "skill_mean", "critical_missed", "comment")
        course.book.write("fidelity-rating", said, course.at(said["session"], EVENING), name=f"fidelity-{n}")


def _markers(course: Course) -> None:
    for label, values in (course.tree.take("area_markers") or {}).items():
        number = int(label[1:])
        said = {"session": number, "markers": [{"id": marker, "value": value} for marker, value in values.items()]}
        course.book.write("area-markers", said, course.at(number), name=f"markers-{label}")


def _diary(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("diary_sample"), 1):
        said = row.some("at", "mood", "interactions", "note")
        at = datetime.fromisoformat(said["at"]).replace(tzinfo=course.at(course.first).tzinfo)
        course.book.write("mood-diary", said, at, name=f"diary-{n}", by=None)


WORK = (
    _dispute, _transition, _patterns, _safety_plan, _formulation, _contract, _goals, _decisions, _fidelity, _markers,
    _diary,
)  # fmt: skip
