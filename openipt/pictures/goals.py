"""Goals: where each began, where it is now and what is hoped for, from 0 to 10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.key import Drawn, Sample, dot, legend
from openipt.pictures.lettering import NAME, text_width, wrap
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.scale import ValueScale
from openipt.pictures.svg import Node, clean, number
from openipt.pictures.words import ENGLISH, Words

LOW, HIGH = 0.0, 10.0
_LEAST = 280.0
_LINE = 20.0


@dataclass(frozen=True)
class Goal:
    """A goal in the client's words with its ratings; None where it was not rated."""

    statement: str
    start: float | None
    now: float | None
    hoped: float | None


@once
def goals(
    title: str,
    all_goals: Sequence[Goal],
    *,
    width: float = 420,
    id_prefix: str = "goals",
    words: Words = ENGLISH,
) -> Picture:
    """One bar a goal: a tick where it began, the bar to where it is, an open dot where it is hoped to be."""
    width = max(width, _LEAST)
    parts: list[Node] = []
    y = 4.0
    for goal in all_goals:
        drawn = _goal(goal, y, width, words)
        parts.extend(drawn.parts)
        y = drawn.bottom
    under = legend(_legend(words), 6.0, y, width - 6.0)
    rows = tuple(_row(goal, words) for goal in all_goals)
    head = (words.goal, words.start, words.now, words.hoped)
    description = words.goals.format(count=len(all_goals), low=number(LOW), high=number(HIGH))
    whole = svg.drawing(width, under.bottom + 4, title, description, id_prefix, [*parts, *under.parts])
    return Picture(whole, clean(title), description, Table(clean(title), head, rows))


def _goal(goal: Goal, top: float, width: float, words: Words) -> Drawn:
    said = words.not_rated if goal.now is None else words.goal_now.format(value=number(goal.now))
    parts: list[Node] = [svg.text(width - 6, top + 18, said, "t-accent", "end")]
    lines = wrap(clean(goal.statement) or words.no_text, width - 30 - text_width(said), NAME)
    parts += [svg.text(6, top + 18 + row * _LINE, line, "t-name") for row, line in enumerate(lines)]
    at = top + 18 + len(lines) * _LINE
    parts += _bar(goal, at, _across(width))
    return Drawn(tuple(parts), at + 22)


def _across(width: float) -> ValueScale:
    """The scale lies down: its bottom is the left end."""
    return ValueScale(LOW, HIGH, 32.0, width - 36.0)


def _bar(goal: Goal, y: float, scale: ValueScale) -> list[Node]:
    parts = [
        svg.text(scale.bottom - 12, y + 5, number(LOW), anchor="end"),
        svg.text(scale.top + 12, y + 5, number(HIGH)),
        svg.line(scale.bottom, y, scale.top, y, "c-line", stroke_width=6, stroke_linecap="round"),
    ]
    if goal.now is not None:
        start = LOW if goal.start is None else goal.start
        ends = (scale.y(start), y, scale.y(goal.now), y)
        parts.append(svg.line(*ends, "c-accent", stroke_width=6))
        parts.append(svg.circle(scale.y(goal.now), y, 6, "f-accent"))
    if goal.start is not None:
        parts.append(svg.line(scale.y(goal.start), y - 8, scale.y(goal.start), y + 8, "c-ink", stroke_width=2))
    if goal.hoped is not None:
        # Wider than the dot for now, so that both are seen when the hope is met.
        parts.append(svg.circle(scale.y(goal.hoped), y, 9, "f-none c-edge", stroke_width=2))
    return parts


def _legend(words: Words) -> list[tuple[Sample, str]]:
    return [
        (_tick, words.start),
        (dot("f-accent", 6, 0), words.now),
        (dot("f-none c-edge", 8, 2), words.hoped),
    ]


def _tick(x: float, y: float) -> Node:
    return svg.line(x + 11, y - 8, x + 11, y + 8, "c-ink", stroke_width=2)


def _row(goal: Goal, words: Words) -> tuple[str, ...]:
    ratings = (words.not_rated if value is None else number(value) for value in (goal.start, goal.now, goal.hoped))
    return (clean(goal.statement) or words.no_text, *ratings)
