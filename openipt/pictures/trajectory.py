"""Trajectory: scores over session numbers, gaps left open, the last value in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.curve import draw_runs, runs
from openipt.pictures.key import Sample, legend, stroke
from openipt.pictures.lane import cut_off_line
from openipt.pictures.lettering import shorten
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.scale import ValueScale, step_ticks, value_ticks
from openipt.pictures.svg import Node, clean, number
from openipt.pictures.words import ENGLISH, Words

NARROW = 520.0
_LEAST = 280.0
_LEFT = 40.0
_RIGHT = 44.0


@dataclass(frozen=True)
class SessionScore:
    """The score of a session; None when it had no answers."""

    session: int
    value: float | None


@once
def trajectory(
    title: str,
    scores: Sequence[SessionScore],
    *,
    measure: str = "PHQ-9",
    low: float = 0,
    high: float = 27,
    cut_off: float | None = None,
    width: float = 640,
    id_prefix: str = "trajectory",
    words: Words = ENGLISH,
) -> Picture:
    """Scores by session. A session without answers, or without a row, breaks the line."""
    every = _every_session(scores)
    width = max(width, _LEAST)
    axis = 32.0 + (170.0 if width < NARROW else 210.0)
    values = [score.value for score in every if score.value is not None]
    y = ValueScale(min([low, *values]), max([high, *values]), axis - 8, 44.0)
    last = _last(every, words)
    parts = [svg.text(6, 20, shorten(last, width - 12), "strong")]
    parts += _grid(y, cut_off, width)
    parts += _line(every, y, width)
    parts += _sessions(every, axis, width, words)
    items = _legend(every, clean(measure), cut_off, words)
    under = legend(items, 6.0, axis + 48, width - 6.0)
    description = _description(every, clean(measure), last, words)
    drawn = svg.drawing(width, under.bottom + 4, title, description, id_prefix, [*parts, *under.parts])
    rows = tuple((words.session_n.format(n=score.session), _said(score, words)) for score in every)
    return Picture(drawn, clean(title), description, Table(clean(title), (words.session, clean(measure)), rows))


def _every_session(scores: Sequence[SessionScore]) -> list[SessionScore]:
    """One score a session; a number that was left out becomes a session without answers."""
    known = {score.session: score.value for score in scores}
    if not known:
        return []
    return [SessionScore(n, known.get(n)) for n in range(min(known), max(known) + 1)]


def _x(session: int, every: Sequence[SessionScore], width: float) -> float:
    span = max(every[-1].session - every[0].session, 1)
    return _LEFT + 10 + (session - every[0].session) / span * (width - _RIGHT - _LEFT - 10)


def _grid(y: ValueScale, cut_off: float | None, width: float) -> list[Node]:
    parts: list[Node] = []
    for value in value_ticks(y.low, y.high):
        parts.append(svg.line(_LEFT, y.y(value), width - _RIGHT, y.y(value), "c-line", stroke_width=1))
        parts.append(svg.text(_LEFT - 8, y.y(value) + 5, number(value), anchor="end"))
    if cut_off is not None:
        parts.append(cut_off_line(y.y(cut_off), _LEFT, width - _RIGHT))
    return parts


def _line(every: Sequence[SessionScore], y: ValueScale, width: float) -> list[Node]:
    points = [(_x(score.session, every, width), None if score.value is None else y.y(score.value)) for score in every]
    values = [score.value for score in every if score.value is not None]
    return draw_runs(runs(points), number(values[-1]) if values else "")


def _sessions(every: Sequence[SessionScore], axis: float, width: float, words: Words) -> list[Node]:
    parts = [svg.line(_LEFT, axis, width - _RIGHT, axis, "c-edge", stroke_width=1.5)]
    if not every:
        return parts
    room = width - _RIGHT - _LEFT - 10
    for session in step_ticks(every[0].session, every[-1].session, room):
        x = _x(session, every, width)
        parts.append(svg.line(x, axis, x, axis + 6, "c-edge", stroke_width=1))
        parts.append(svg.text(x, axis + 22, str(session), anchor="middle"))
    parts.append(svg.text(_LEFT, axis + 42, words.session))
    return parts


def _legend(
    every: Sequence[SessionScore], measure: str, cut_off: float | None, words: Words
) -> list[tuple[Sample, str]]:
    items = [(stroke("c-accent", 3), words.score_legend.format(measure=measure))]
    if cut_off is not None:
        items.append((stroke("c-edge", 1.5, "2 4"), words.cut_off.format(value=number(cut_off))))
    if any(score.value is None for score in every):
        items.append((stroke("c-accent", 3, "8 6"), words.gap_legend))
    return items


def _last(every: Sequence[SessionScore], words: Words) -> str:
    """The last value in words, with where it began."""
    scored = [(score.session, score.value) for score in every if score.value is not None]
    if not scored:
        return words.no_scores
    first, last = scored[0], scored[-1]
    if len(scored) == 1:
        return words.last_score.format(n=last[0], value=number(last[1]))
    return words.last_and_first.format(n=last[0], value=number(last[1]), first=number(first[1]), first_n=first[0])


def _said(score: SessionScore, words: Words) -> str:
    return words.no_answers if score.value is None else number(score.value)


def _description(every: Sequence[SessionScore], measure: str, last: str, words: Words) -> str:
    if not every:
        return words.no_scores
    return words.trajectory.format(measure=measure, first_n=every[0].session, last_n=every[-1].session, last=last)
