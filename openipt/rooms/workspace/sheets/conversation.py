"""A communication analysis as a conversation: lines as speech, other words beside the line they replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from openipt.rooms.filling.fields import Field, Row
from openipt.rooms.filling.laying import id_of
from openipt.rooms.filling.said import Read
from openipt.rooms.filling.sheet import Sheet
from openipt.rooms.filling.talk import NOT_SAID_WHO, script_of, source_of
from openipt.rooms.filling.typed import Pairs, is_row
from openipt.rooms.workspace.sheets.catching import Incident, incident_of
from openipt.rooms.workspace.sheets.fields import Fields, by_id, felt, marked, value, without
from openipt.rooms.workspace.sheets.quarrels import for_a_talk, take
from openipt.therapy.course.gates import safe_to_raise
from openipt.therapy.record import Record
from openipt.therapy.words import Sentence

FORM, PRACTICE = "communication-analysis", "role-play"
SCENE = ("when", "part_of_day", "where", "channel", "with_person")
AROUND = ("others_present", "aim_before", "mood_before", "state_before")
TALK = ("lines", "rewrite")
ON_LINE = ("speaker", "said", "felt", "thought_wanted", "guess_other_felt", "turning_point")


@dataclass(frozen=True, slots=True)
class Again:
    """Other words for a line: the row that holds them, or the one that will."""

    name: str
    id: str
    said: str = ""
    wrong: tuple[str, ...] = ()
    fields: Fields = ()  # how it would be said


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of the talk as it is written."""

    row: Row
    key: str
    speaker: Field
    said: Field
    mine: bool
    who: str
    felt: Field
    felt_words: str
    wished: Field
    guess: Field
    guess_words: str
    turning: Field
    turned: bool
    more: Fields
    again: Again


def conversation(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:
    """Return a talk as the page shows it."""
    known = by_id(fields)
    other = marked(known["with_person"]) or "The other person"
    beside, rest = _rewrites(known["rewrite"])
    number = _next(known["rewrite"])
    lines: list[Spoken] = []
    for place, row in enumerate(known["lines"].rows):
        key = row.name.rpartition(".")[2]
        slot = f"rewrite.{number + place}"
        blank = Again(slot, id_of(f"{slot}.said"))
        again = _again(beside.pop(key)) if key in beside else blank
        lines.append(_line(row, key, other, again, lines[-1].speaker if lines else None))
    left = [*rest, *beside.values()]  # these name a line that is gone: they stay, and ask which one they mean
    return {
        "scene": [known[name] for name in SCENE if name in known],
        "around": [known[name] for name in AROUND if name in known],
        "talk": known["lines"],
        "lines": lines,
        "other": other,
        "rewrite": replace(known["rewrite"], rows=tuple(left)),
        "rest": without(fields, (*SCENE, *AROUND, *TALK, "part_scene", "part_talk")),
        "script": sheet.asked.replaces.id if sheet.asked.replaces and not sheet.turned else "",
        "caught": taken_over(sheet),
        "quarrels": for_a_talk(sheet, read.answers),
        "gate": None if sheet.turned else gate_before(sheet, read.answers.get("with_person")),
    }


def gate_before(sheet: Sheet, person: Any) -> Sentence | None:
    """Say why a hard talk with a person is not offered; None where it may be, or nobody is named.

    It holds back what is offered and never the sheet.
    """
    if not person:
        return None
    today = sheet.at.astimezone(ZoneInfo(sheet.zone)).date()
    safe, why = safe_to_raise(sheet.record, str(person), today)
    return None if safe else why


def _rewrites(group: Field) -> tuple[dict[str, Row], list[Row]]:
    """Return other words by the line they replace, and the rows that name no line yet."""
    named: dict[str, Row] = {}
    rest = []
    for row in group.rows:
        line = value(by_id(row.fields)["line"])
        if is_row(line) and line not in named:
            named[line] = row
        else:
            rest.append(row)
    return named, rest


def _again(row: Row) -> Again:
    said = by_id(row.fields)["said"]
    return Again(row.name, said.id, said.typed, said.wrong, without(row.fields, ("line", "said")))


def _next(group: Field) -> int:
    """Return a number that no row of other words has; the first stays free for a row without a line."""
    numbers = [int(row.name.rpartition(".")[2]) for row in group.rows]
    return max([0, *numbers]) + 1


def _line(row: Row, key: str, other: str, again: Again, before: Field | None) -> Spoken:
    known = by_id(row.fields)
    speaker = _answering(row, known["speaker"], before)
    who = {"me": "Me", "third": "Somebody else", "other": other}.get(value(speaker), NOT_SAID_WHO)
    named = tuple(replace(one, words=other) if one.value == "other" else one for one in speaker.options)
    turning = known["turning_point"]
    return Spoken(
        row=row,
        key=key,
        speaker=replace(speaker, options=named),
        said=known["said"],
        mine=value(speaker) == "me",
        who=who,
        felt=known["felt"],
        felt_words=felt(known["felt"]),
        wished=known["thought_wanted"],
        guess=known["guess_other_felt"],
        guess_words=by_id(known["guess_other_felt"].fields)["text"].typed,
        turning=turning,
        turned=value(turning) == "yes",
        more=without(row.fields, ON_LINE),
        again=again,
    )


def _answering(row: Row, speaker: Field, before: Field | None) -> Field:
    """Let a line that was just added be the answer to the one before; whoever sees the line sees who is marked."""
    turn = {"me": "other", "other": "me"}.get(value(before))
    if not row.fresh or turn is None or value(speaker):
        return speaker
    return replace(speaker, options=tuple(replace(one, marked=one.value == turn) for one in speaker.options))


def tidy(pairs: Pairs) -> Pairs:
    """Take away what the page filled in by itself: a line for other words nobody wrote, a speaker nobody let speak.

    A quarrel of the diary that was taken by a tap stands in its questions.
    """
    pairs = take(pairs, names=("with_person", "when.day"))
    said: dict[str, list[tuple[str, str]]] = {}
    for name, text in pairs:
        group, _, tail = name.partition(".")
        key, _, part = tail.partition(".")
        if group in TALK and is_row(key) and text.strip():
            said.setdefault(f"{group}.{key}", []).append((part, text))
    empty = {
        row for row, parts in said.items() if row.startswith("rewrite.") and {part for part, _ in parts} == {"line"}
    }
    lines = sorted((row for row in said if row.startswith("lines.")), key=lambda row: int(row.rpartition(".")[2]))
    while lines and {part for part, _ in said[lines[-1]]} == {"speaker"}:
        empty.add(lines.pop())
    return [(name, text) for name, text in pairs if ".".join(name.split(".")[:2]) not in empty]


# ---- what a talk gives to practise ----


def begin_talk(record: Record, address: Mapping[str, str]) -> dict[str, Any]:
    """Begin a talk with the person that the address names; else with the incident caught in its session."""
    people = {thing.id for thing in record.people}
    if address.get("with") in people:
        return {"with_person": address["with"]}
    caught = incident_of(record, address.get("session"))
    if caught is None:
        return {}
    said = {"with_person": caught.person if caught.person in people else "", "when": caught.on}
    return {name: one for name, one in said.items() if one}


def taken_over(sheet: Sheet) -> Incident | None:
    """Return the incident that an unsaved talk begins with; a new version begins with its older one."""
    if sheet.turned or sheet.asked.replaces:
        return None
    found = incident_of(sheet.record, sheet.asked.about)
    return found if found and (found.person or found.on) else None


def begin_practice(record: Record, address: Mapping[str, str]) -> dict[str, Any]:
    """Begin a role play with the new lines of the talk that the address names."""
    source = source_of(record, address.get("about"))
    return script_of(record, source) if source else {}


def practice(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:  # noqa: ARG001 - the shape of `Gather`
    """Return the talk that a role play comes from, beside its questions."""
    source = source_of(sheet.record, sheet.asked.about)
    return {"source": None if sheet.turned else source}
