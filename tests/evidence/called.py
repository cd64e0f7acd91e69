"""What must be true of answers about danger, whatever broke: each has its flag, once, due as reckoned from its receipt.

Everything here is read from what is sealed and reckoned a second time: no rule and no deadline of the service is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, connections
from evidence.answering import YOUNG, known_courses, planned

from openipt.casebook.models import Entry, Flag
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.verifying import verify_record

SELF_HARM = {"R1", "R2", "R3"}
WITHOUT_ANSWER = {"R5"}  # the course became worse: it follows from several answers, and is none about danger
OPENS, CLOSES = time(9), time(17)  # of the service of the evidence, Monday to Friday, in UTC; nobody is on duty
FRIDAY = 4


def called(acknowledged: list[str]) -> dict[str, list[str]]:
    """Return everything that is wrong, by what it is. All lists must be empty."""
    stored = {row.id: row for row in Entry.objects.exclude(form__in=("intake", "course-sheet"))}
    flags: dict[Any, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.exclude(rule__in=WITHOUT_ANSWER):
        flags[flag.entry_id].append(flag)
    said = {name: _said(row) for name, row in stored.items()}
    expected = {name: _rules(row, said, stored) for name, row in stored.items()}
    return {
        "damaged": list(_damaged()),
        "lost": sorted(_lost(acknowledged, stored)),
        "answer without flag": [str(name) for name in stored if _missing(expected[name], flags[name])],
        "flag without its answer": [
            str(name) for name in flags if name not in stored or _alien(expected[name], flags[name])
        ],
        "flagged twice": [str(name) for name in stored if _doubled(flags[name])],
        "not due from receipt": sorted(
            str(one.id) for name in stored for one in flags[name] if not _is_due(one, stored[name])
        ),
        "nobody's task": [str(one.id) for rows in flags.values() for one in rows if one.owner is None],
        "audit": [f"{fault.kind} {fault.where}" for fault in verify_record()],
    }


def _said(row: Entry) -> dict[str, Any]:
    return read_body(row.scope, "entry", row.id, bytes(row.body))["answers"]


def _rules(row: Entry, said: dict[UUID, dict[str, Any]], stored: dict[UUID, Entry]) -> list[set[str]]:
    """Return what an answer calls for: of each set one rule, and no other."""
    answers = said[row.id]
    older = said.get(row.replaces_id) if row.replaces_id else None
    rules: set[str] = set()
    if row.form == "phq-9" and (answers.get("q9") or 0) > 0:
        rules = {"R2"} if answers["q9"] > 1 else {"R1", "R2"}  # R2 where it is higher than last time
        if older and older.get("q9") == answers["q9"]:
            return []  # the rest of the same sheet
    elif row.form == "core-10" and answers.get("q6"):
        rules = {"R3"}
    elif row.form == "tell-therapist":
        rules = {"R4"} if answers["asks_for"] == "help_now" else {"R14"}
    elif row.form in ("way-back", "appointment-answer"):
        rules = {"R14"}
    elif row.form == "rhythm-diary":
        rules = {"R6"}
    young = _ages()[str(row.enrolment_id)] == YOUNG
    return [rules, *([{"R12"}] if young and rules & SELF_HARM else [])] if rules else []


def _ages() -> dict[str, int]:
    return {one["enrolment"]: one["age"] for one in known_courses()}


def _missing(expected: list[set[str]], flags: list[Flag]) -> bool:
    return any(not any(flag.rule in rules for flag in flags) for rules in expected)


def _alien(expected: list[set[str]], flags: list[Flag]) -> bool:
    return any(not any(flag.rule in rules for rules in expected) for flag in flags)


def _doubled(flags: list[Flag]) -> bool:
    raised = ["self-harm" if flag.rule in SELF_HARM else flag.rule for flag in flags]
    return len(raised) != len(set(raised))


def _lost(acknowledged: list[str], stored: dict[UUID, Entry]) -> Iterator[str]:
    """Yield answers that somebody was told are there, and are not; or that came at a moment when nobody sent them."""
    for line in acknowledged:
        numbers, *names = line.split()
        worker, number = map(int, numbers.split("/"))
        moments = planned(worker, number).sent_at
        for name in names:
            row = stored.get(UUID(name))
            if row is None or row.recorded_at not in moments:
                yield name


def _is_due(flag: Flag, row: Entry) -> bool:
    rule = flag.rule
    if rule == "R12":  # with the rule it stands beside
        rule = next(one for one in row.flags.values_list("rule", flat=True) if one in SELF_HARM)
    return flag.received_at == row.recorded_at and flag.due_at == second_deadline(rule, row.recorded_at)


def second_deadline(rule: str, received: datetime) -> datetime:
    """Return by when somebody must have answered: CLINICAL-RULES 2, read a second time, for the hours above."""
    if rule in ("R3", "R4"):
        return received
    if rule == "R6":
        return received.replace(hour=23, minute=59, second=0, microsecond=0)
    now = _next_open(received)
    closes = datetime.combine(now.date(), CLOSES, UTC)
    if rule in ("R1", "R14"):
        return closes
    left = timedelta(hours=4) - (closes - now)
    return now + timedelta(hours=4) if left <= timedelta() else _next_open(closes) + left


def _next_open(moment: datetime) -> datetime:
    while moment.weekday() > FRIDAY or moment.time() >= CLOSES:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0), UTC)
    return max(moment, datetime.combine(moment.date(), OPENS, UTC))


def _damaged() -> Iterator[str]:
    if connection.vendor != "sqlite":
        return
    for alias in connections:
        with connections[alias].cursor() as cursor:
            found = cursor.execute("PRAGMA integrity_check").fetchall()
            yield from (f"{alias}: {line}" for (line,) in found if line != "ok")
