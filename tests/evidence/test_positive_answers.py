"""Answers about danger, broken off at every step on their way in: each has its flag, once, due from its receipt.

An answer is sent from a client's phone on one of eleven ways (question by question, a sheet, a diary, a link, another
tab). It breaks at a step between two statements, or the process is killed; then the phone sends it again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from durability.fresh import in_fresh_python
from evidence.called import second_deadline
from evidence.home import SETTINGS, Home

from openipt.therapy.course.promise import deadline, promise


def answer(home: Home, answers: int, kills: int, courses: int, **how) -> dict:
    told = in_fresh_python(
        "evidence.phones:answer",
        home=home(),
        settings=SETTINGS,
        seconds=120 + answers / 5 + kills,
        answers=answers,
        kills=kills,
        courses=courses,
        **how,
    )
    print(
        f"{told['broken']} broken and sent again, {told['deaths']} killed, {told['acknowledged']} acknowledged "
        f"in {told['seconds']:.1f} s, faults {told['faults']} {told['examples']}"
    )
    return told


def every_one_is_heard(told: dict, answers: int) -> None:
    assert told["errors"] == []
    assert told["faults"] == {}
    assert told["broken"] == answers
    assert told["acknowledged"] >= answers + told["deaths"] / 4, "senders who acknowledge nothing prove nothing"


@pytest.mark.in_part
def test_some_broken_answers(home: Home) -> None:
    every_one_is_heard(answer(home, 66, 8, 8), 66)


@pytest.mark.durability
def test_two_thousand_broken_answers(home: Home) -> None:
    every_one_is_heard(answer(home, 2_000, 40, 150), 2_000)


@pytest.mark.nightly
def test_a_hundred_thousand_broken_answers(home: Home) -> None:
    every_one_is_heard(answer(home, 100_000, 1_000, 3_000), 100_000)


# ---- the same check, of builds that are weakened on purpose


@pytest.mark.parametrize(
    ("saboteur", "reported"),
    [
        pytest.param("flag_after_commit", "answer without flag", marks=pytest.mark.long),
        pytest.param("flag_dropped_on_resend", "answer without flag", marks=pytest.mark.long),
        pytest.param("flag_again_on_resend", "flagged twice", marks=pytest.mark.long),
        ("deadline_from_the_phone", "not due from receipt"),
    ],
)
def test_each_way_of_losing_a_flag_is_reported_for_what_it_is(home: Home, saboteur: str, reported: str) -> None:
    told = answer(home, 110, 0, 12, weaken=f"evidence.saboteurs:{saboteur}")

    assert reported in told["faults"]
    assert "lost" not in told["faults"]


# ---- the second reading of the deadlines is one of the same rules


@pytest.mark.parametrize("rule", ["R1", "R2", "R3", "R4", "R6", "R14"])
def test_the_deadlines_reckoned_a_second_time_are_those_of_the_service(rule: str) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for minutes in range(0, 8 * 24 * 60, 17):
        received = start + timedelta(minutes=minutes)
        assert second_deadline(rule, received) == deadline(rule, received, promise({}, "UTC")), received
