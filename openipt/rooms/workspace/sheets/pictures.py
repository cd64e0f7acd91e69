"""What the record already tells beside a sheet, in words and counts: stages, moments, contacts. Nothing is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openipt.therapy.record import Entry, Record, alias
from openipt.therapy.vocabulary import vocabulary, words_of
from openipt.therapy.words import Sentence, say

STAGES = ("renegotiation", "impasse", "dissolution")
ENOUGH = 3  # moments before anything is counted


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a dispute stood at a time, and how one could tell."""

    stage: str
    when: str | datetime | None
    told: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the three stages, with the times the dispute stood there."""

    id: str
    words: str
    now: bool
    stood: tuple[Stood, ...]


# ---- a dispute ----


def stood(answers: Mapping[str, Any], older: Sequence[Entry]) -> list[Stood]:
    """Return where a dispute stood, in order: as older sheets said, and as this one says.

    Args:
        answers: The sheet that is open, as far as it can be read.
        older: Earlier sheets about the same person, oldest first; a sheet that was replaced counts for its day.
    """
    rows = [
        Stood(str(row["stage"]), row.get("date") or _session(row.get("session")), str(row.get("evidence") or ""))
        for row in answers.get("stage_history") or ()
        if row.get("stage")
    ]
    before = [
        Stood(str(one.answers["stage"]), one.happened_at, str(one.answers.get("stage_evidence") or ""))
        for one in older
        if one.answers.get("stage")
    ]
    # A history written by hand and the older sheets tell the same story: the written one is the fuller one.
    found = rows or before
    now = answers.get("stage")
    if now and (not found or found[-1].stage != now):
        found = [*found, Stood(str(now), None, str(answers.get("stage_evidence") or ""))]
    return [one for n, one in enumerate(found) if n == 0 or found[n - 1].stage != one.stage]


def _session(number: Any) -> str | None:
    return f"session {number}" if number else None


def older_maps(record: Record, person: str | None, without: str | None = None) -> list[Entry]:
    """Return the dispute maps about a person that were written and not taken back, oldest first."""
    found = (
        one
        for one in record.entries
        if one.form == "dispute-map" and one.kind == "answers" and not one.retracted_at and one.id != without
    )
    return sorted((one for one in found if one.answers.get("person") == person), key=lambda one: one.happened_at)


def stages(history: Sequence[Stood]) -> list[Stage]:
    """Return the three stages with the times the dispute stood in each."""
    words = words_of("dispute_stages")
    last = history[-1].stage if history else ""
    return [Stage(one, words[one], one == last, tuple(at for at in history if at.stage == one)) for one in STAGES]


def movement(history: Sequence[Stood], conflict: Sequence[float]) -> Sentence | None:
    """Say what the last move between stages is; from silence to quarrel is progress, also while conflict rises."""
    if len(history) < 2:
        return None
    before, now = history[-2].stage, history[-1].stage
    if (before, now) == ("impasse", "renegotiation"):
        if len(conflict) > 1 and conflict[-1] > conflict[-2]:
            return say("sheets.stage_forward_louder", before=conflict[-2], now=conflict[-1])
        return say("sheets.stage_forward")
    words = words_of("dispute_stages")
    return say("sheets.stage_other", before=words.get(before, before), now=words.get(now, now))


def conflict_with(record: Record, person: str | None) -> list[float]:
    """Return how much conflict there was with a person, each time it was asked, oldest first."""
    sheets = (one for one in record.entries if (one.form, one.about) == ("interpersonal-inventory", person))
    told = sorted((one for one in sheets if not one.retracted_at), key=lambda one: one.happened_at)
    return [one.answers["conflict"] for one in told if one.answers.get("conflict") is not None]


# ---- moments ----


@dataclass(frozen=True, slots=True)
class Counted:
    """What repeats: a count, never a claim."""

    who: str
    lines: tuple[Sentence, ...]


def counted(record: Record) -> list[Counted]:
    """Count what was done in written moments: over all, and with each person. Fewer than three are not counted."""
    moments = [one for one in record.of("pattern-log") if one.answers.get("i_did")]
    people: dict[str, list[Entry]] = {}
    for one in moments:
        if one.answers.get("person"):
            people.setdefault(str(one.answers["person"]), []).append(one)
    told = [Counted("", tuple(_acts(moments)))] if len(moments) >= ENOUGH else []
    for person, some in people.items():
        if ENOUGH <= len(some) < len(moments):
            told.append(Counted(alias(record, person) or person, tuple(_acts(some))))
    return told


def still_to_come(record: Record) -> int:
    """Return how many more moments are needed before anything is counted."""
    return max(0, ENOUGH - sum(1 for one in record.of("pattern-log") if one.answers.get("i_did")))


def _acts(moments: Sequence[Entry]) -> Iterator[Sentence]:
    words = words_of("pattern_acts")
    for act, n in Counter(str(one.answers["i_did"]) for one in moments).most_common():
        yield say("sheets.moments", what=words.get(act, act).lower(), n=n, of=len(moments))


def noticed(record: Record) -> tuple[Sentence, ...]:
    """Count when moments were noticed, from latest to earliest: earlier is movement."""
    when = [str(one.answers["caught_when"]) for one in record.of("pattern-log") if one.answers.get("caught_when")]
    if len(when) < ENOUGH:
        return ()
    words, n = vocabulary()["caught_when"], Counter(when)
    return tuple(say("sheets.noticed", when=words[one].lower(), n=n[one], of=len(when)) for one in words if n[one])
