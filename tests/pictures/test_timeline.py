"""What was told from memory has a lane and a scale of its own: it never stands at a height that reads as a score."""

from __future__ import annotations

import re
from datetime import date

from openipt.pictures import Event, Score, Told, timeline

SCORES = [Score(date(2026, 9, 1), 21.0)]
MOVED = [Event(date(2026, 8, 1), "Moved")]


def height(drawn: str, ink: str) -> float:
    """How far down the first point drawn in this ink lies."""
    return float(re.search(rf'<circle[^>]* cy="([0-9.]+)"[^>]*{ink}', drawn)[1])


def test_a_rating_from_memory_stands_above_the_whole_range_of_the_questionnaire() -> None:
    highest = [Score(date(2026, 9, 1), 27.0)]
    for severity in (0, 5, 10):
        told = [Told(date(2026, 8, 15), severity)]
        drawn = str(timeline("How it went", [], highest, told=told).svg)
        assert height(drawn, "f-edge") < height(drawn, "f-accent")


def test_its_scale_is_written_beside_it() -> None:
    told = [Told(date(2026, 8, 15), 8)]
    assert ">10<" in str(timeline("How it went", MOVED, SCORES, told=told, high=9).svg)
