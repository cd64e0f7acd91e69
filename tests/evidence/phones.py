"""Lets many phones send answers about danger: most break at a step that was counted, some are killed at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from durability.forked import Child, in_child
from durability.fresh import named
from durability.kills import kill
from evidence.answering import begin, known_courses, send, send_once
from evidence.called import called

SENDER = 9  # the number of the one whose answers break; those who are killed are 0 and 1
A_LIFE = 0.12  # seconds a worker lives at most
NAMED = 5  # faults of one kind that are named


@dataclass
class Answered:
    """What a run came to. `faults` must be empty."""

    broken: int = 0  # answers that broke on the way and were sent again
    deaths: int = 0  # processes that were killed
    acknowledged: int = 0
    seconds: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def answer(answers: int, kills: int, courses: int, weaken: str | None = None) -> Answered:
    """Send answers until each is acknowledged, and ask what became of them.

    Args:
        answers: How many break at a step of their own.
        kills: How many processes that send are killed besides.
        courses: Of how many clients.
        weaken: A saboteur, in every process that sends.
    """
    in_child(begin, courses)
    known_courses.cache_clear()
    started = time.monotonic()
    child = Child(lambda report: _send(answers, named(weaken), report))
    child.read_to_the_end()
    lines = child.acknowledged
    how = {"workers": 2, "longest": A_LIFE, "weaken": weaken}
    toll = kill(send_once, lambda more: called([*lines, *more]), kills=kills, **how)
    return Answered(
        broken=len(lines),
        deaths=toll.deaths,
        acknowledged=len(lines) + toll.acknowledged,
        seconds=time.monotonic() - started,
        faults={what: len(ids) for what, ids in toll.faults.items()},
        examples={what: ids[:NAMED] for what, ids in toll.faults.items()},
        errors=[*child.errors, *toll.errors],
    )


def _send(answers: int, weaken: Callable[[], Any], report: Callable[[str], None]) -> None:
    weaken()
    for number in range(answers):
        report(f"+{send(SENDER, number)}")
