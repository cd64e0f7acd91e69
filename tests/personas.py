"""A few invented people whose courses many tests need. Each is a course in the making that a test can go on with."""

from __future__ import annotations

from factories import Course


def newcomer() -> Course:
    """Somebody who has just begun: one session, one questionnaire."""
    return Course().session(0, tasks=["INI.01", "INI.14"]).phq9(0, 18)


def settled(sessions: int = 5, **more) -> Course:
    """Formulation shared, contract agreed, nobody to fear: everything the middle phase asks for is on record."""
    course = Course(**more).person("P01", alias="Lena", in_focus=True, conflict=3)
    for week in range(sessions):
        course.session(7 * week, tasks=["MID.01"]).phq9(7 * week, 18 - week)
    last = 7 * (sessions - 1)
    return course.formulation(14).contract(14).violence_check(last, about=["P01"])


def troubled() -> Course:
    """Somebody with thoughts of death that were asked about, and a safety plan that stands."""
    return Course().session(0).phq9(0, 18, q9=1).flag(0, "R1", outcome=0).safety_plan(0, review=28)


def finished(last_score: int = 6) -> Course:
    """Sixteen sessions, the ending named in time, the last questionnaire answered, what comes next decided."""
    course = Course().formulation(14).contract(14)
    for week in range(16):
        tasks = {12: ["END.01"], 15: ["END.08", "END.09"]}.get(week, ["MID.01"])
        score = round(20 + (last_score - 20) * week / 15)
        course.session(7 * week, tasks=tasks).phq9(7 * week, score)
    return course
