"""Timeline: what happened above, how it was below, on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openipt.pictures import svg
from openipt.pictures.key import Section, legend, sections
from openipt.pictures.lane import Lane, draw_lane, lane_legend
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.rows import draw_events, draw_medication, draw_phases
from openipt.pictures.scale import TimeScale
from openipt.pictures.span import span_of
from openipt.pictures.svg import Node, clean
from openipt.pictures.timeline_values import Event, Medication, Phase, Score, Told
from openipt.pictures.words import ENGLISH, Words

NARROW = 520.0
_LEAST = 280.0

__all__ = ["Event", "Medication", "Phase", "Score", "Told", "timeline"]


@dataclass(frozen=True)
class _Facts:
    """All that the timeline tells."""

    events: Sequence[Event]
    told: Sequence[Told]
    scores: Sequence[Score]
    phases: Sequence[Phase]
    medication: Sequence[Medication]


@once
def timeline(
    title: str,
    events: Sequence[Event],
    scores: Sequence[Score],
    *,
    told: Sequence[Told] = (),
    phases: Sequence[Phase] = (),
    medication: Sequence[Medication] = (),
    measure: str = "PHQ-9",
    low: float = 0,
    high: float = 27,
    cut_off: float | None = None,
    told_low: float = 0,
    told_high: float = 10,
    width: float = 960,
    id_prefix: str = "timeline",
    words: Words = ENGLISH,
) -> Picture:
    """Life events over symptoms and scores. Below 520 px events become numbers with a key."""
    facts = _Facts(
        sorted(events, key=lambda event: event.on),
        sorted(told, key=lambda point: point.on),
        sorted(scores, key=lambda score: score.on),
        sorted(phases, key=lambda phase: (phase.start, phase.end)),
        sorted(medication, key=lambda flag: flag.on),
    )
    lane = Lane(clean(measure), low, high, cut_off, told_low, told_high)
    height, parts = _draw(facts, lane, max(width, _LEAST), words)
    table = _table(facts, clean(title), lane, words)
    description = _description(facts, words)
    drawn = svg.drawing(max(width, _LEAST), height, title, description, id_prefix, parts)
    return Picture(drawn, clean(title), description, table)


def _draw(facts: _Facts, lane: Lane, width: float, words: Words) -> tuple[float, list[Node]]:
    narrow = width < NARROW
    spans = span_of(facts.events, facts.told, facts.scores, facts.phases, facts.medication)
    scale = TimeScale(spans.start, spans.end, 38.0 if narrow else 46.0, width - 44.0)
    shown = [event for event in facts.events if event.on >= spans.start]
    earlier = [event for event in facts.events if event.on < spans.start]
    names = draw_events(shown, scale, 6.0, width - 6.0, narrow, words)
    body = draw_lane(lane, facts.told, facts.scores, scale, names.bottom, narrow, bool(earlier), words)
    drugs = draw_medication(facts.medication, scale, body.axis, body.bottom, width - 6.0, narrow, words)
    bands = draw_phases(facts.phases, scale, drugs.bottom, width - 6.0, words)
    under = legend(lane_legend(lane, facts.told, facts.scores, words), 6.0, bands.bottom + 8, width - 6.0)
    lists = (
        Section(words.numbered, names.entries),
        Section(words.medication, drugs.entries),
        Section(words.phases, bands.entries),
        Section(words.earlier, tuple((event.said(words), event.named(words)) for event in earlier)),
    )
    listed = sections(lists, 6.0, under.bottom, width - 6.0)
    stems = names.stems(body.axis)
    parts = [*stems, *body.parts, *names.parts, *drugs.parts, *bands.parts, *under.parts, *listed.parts]
    return listed.bottom + 4, parts


def _description(facts: _Facts, words: Words) -> str:
    dates = [event.on for event in facts.events] + [score.on for score in facts.scores]
    answered = [score.value for score in facts.scores if score.value is not None]
    return words.timeline.format(
        start=words.day(min(dates)) if dates else words.none,
        end=words.day(max(dates)) if dates else words.none,
        events=len(facts.events),
        scores=len(answered),
        last=words.amount(answered[-1] if answered else None),
    )


def _table(facts: _Facts, caption: str, lane: Lane, words: Words) -> Table:
    score_words = f"{lane.measure} {{}}"
    rows: list[tuple[date, str, str, str]] = []
    rows += [(event.on, event.said(words), words.event, event.named(words)) for event in facts.events]
    rows += [(point.on, words.day(point.on), words.told, words.amount(point.severity)) for point in facts.told]
    for score in facts.scores:
        value = words.no_answers if score.value is None else words.amount(score.value)
        rows.append((score.on, words.day(score.on), words.score, score_words.replace("{}", value)))
    rows += [(p.start, p.said(words), words.phase, clean(p.name) or words.no_name) for p in facts.phases]
    rows += [(f.on, words.day(f.on), words.medication, clean(f.text) or words.no_text) for f in facts.medication]
    rows.sort(key=lambda row: row[0])
    return Table(caption, (words.when, words.kind, words.what), tuple(row[1:] for row in rows))
