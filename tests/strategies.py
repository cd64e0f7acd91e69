"""Hypothesis strategies: random courses, as irregular as life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from factories import AFTER, Course
from hypothesis import strategies as st
from second_phq9 import second_opinion
from second_state_table import Path

from openipt.therapy.record import Entry, Thing

answers = st.integers(0, 3)
full_sheets = st.fixed_dictionaries({f"q{n}": answers for n in range(1, 10)})
sheets_with_blanks = st.fixed_dictionaries({}, optional={f"q{n}": answers for n in range(1, 11)})
totals = st.integers(0, 27)
session_kinds = st.sampled_from(["attended", "attended", "attended", "joint", "double", "no_show", "late_cancel"])


@dataclass
class ScorePath:
    """A course built twice: as a record, and as plain numbers for the second table."""

    course: Course
    plain: Path
    today: int


@st.composite
def score_paths(draw, manual="ipt-classic", length=14):
    """Sessions and scores on irregular days: several a day, gaps, sessions missed, reported totals, blank answers."""
    course, plain = Course(manual), Path()
    day = 0
    # Scores hang around a level that drifts, so that falls and rises of all sizes are common.
    level = draw(totals)
    for _ in range(draw(st.integers(0, length))):
        day += draw(st.sampled_from([1, 3, 6, 7, 7, 7, 8, 14, 22]))
        for hour in sorted(draw(st.lists(st.integers(6, 9), max_size=2, unique=True))):
            level = max(0, min(27, level + draw(st.sampled_from([0, -7, -4, -2, -1, 1, 2, 6]))))
            _answer(draw, course, plain, day, hour, level)
        if draw(st.sampled_from([True, True, True, False])):
            course.session(day, draw(session_kinds))
            last = course.sessions[-1]
            plain.sessions.append((day, last.uses, last.attended))
        if draw(st.integers(0, 5)) == 0:
            course.write("session-record", day, {"confirmed_worse": True}, about="S00")
            plain.confirmed.append(day)
    return ScorePath(course, plain, day + draw(st.sampled_from([0, 0, 0, 1, 20, 21, 30])))


def _answer(draw, course, plain, day, hour, level):
    """One answer to the PHQ-9, and what the second scorer makes of it."""
    how = draw(st.sampled_from(["total", "total", "total", "sheet", "sheet", "blanks"]))
    if how == "total":
        course.total(day, level, hour=hour)
        plain.scores.append((day, hour, level))
        return
    sheet = draw(full_sheets if how == "sheet" else sheets_with_blanks)
    course.write("phq-9", day, sheet, hour=hour)
    scored = second_opinion(sheet)["total"]
    if scored is not None:
        plain.scores.append((day, hour, scored))


# ---- records as a pile of facts, in any order of happening and of being told ----

moments = st.integers(0, 60).map(lambda n: datetime(2025, 9, 1, AFTER) + timedelta(days=n))


@st.composite
def facts(draw, prefix="en"):
    """A pile of entries: told late, replaced, retracted."""
    entries = []
    for n in range(draw(st.integers(0, 8))):
        happened = draw(moments)
        recorded = happened + timedelta(days=draw(st.integers(0, 20)))
        retracted = draw(st.none() | st.integers(0, 20))
        entries.append(
            Entry(
                id=f"{prefix}-{n}",
                form=draw(st.sampled_from(["phq-9", "formulation", "safety-plan", "talk-about"])),
                happened_at=happened,
                recorded_at=recorded,
                answers={"q9": draw(answers)},
                replaces=draw(st.sampled_from([None, None, *(entry.id for entry in entries)])),
                retracted_at=None if retracted is None else recorded + timedelta(days=retracted),
            )
        )
    return entries


things = st.builds(lambda n, at, ended: Thing(f"T{n}", at, ended), st.integers(0, 99), moments, st.none() | moments)
