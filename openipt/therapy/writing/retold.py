"""What a note retells: how the last step went, where a talk turned, and the words tried out in place of others.

Words of the client's life enter only where a person asks for them (CLINICAL-RULES 8): till then the line is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openipt.therapy.record import Entry, Record, alias
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing.naming import told

HAPPENED = "what_happened"
SPEAKERS = ("me", "other", "third")


def in_clients_words(record: Record, step: Entry) -> bool:
    """Whether the client wrote what happened with a step: whoever wrote these words first, not who kept them since."""
    words = step.answers.get(HAPPENED)
    versions = (one for one in record.entries if (one.form, one.about) == (step.form, step.about))
    same = [one for one in versions if one.answers.get(HAPPENED) == words and not one.retracted_at]
    return bool(words) and not min(same, key=lambda one: one.recorded_at, default=step).by


def step_retold(record: Record, step: Entry, people: bool, words: bool) -> Iterator[Sentence]:
    """Say how a step went, and what happened: the therapist's sentence as it is, the client's as a quotation."""
    said = step.answers
    status, text = label("step_statuses", said["status"]), told(record, said.get("text"), people)
    yield say("note.since.step_named", text=text, status=status) if text else say("note.since.step", status=status)
    happened = told(record, said.get(HAPPENED), people)
    if happened and not in_clients_words(record, step):
        yield say("note.since.happened", text=happened)
    elif happened and words:
        yield say("note.since.happened_words", text=happened)


def talk_retold(record: Record, said: dict[str, Any], people: bool, words: bool) -> Iterator[Sentence]:
    """Name the lines at which a talk turned, and those that were said in other words."""
    other = alias(record, said.get("with_person")) if people else None
    for number, line in enumerate(said.get("lines") or (), start=1):
        if line.get("turning_point") is True:
            yield _spoken(record, "note.work.turned", number, line, line.get("said"), people, words, other)
    lines = tuple(said.get("lines") or ())
    for fresh in said.get("rewrite") or ():
        place = str(fresh.get("line"))  # counted from 0
        if fresh.get("said") and place.isdigit() and int(place) < len(lines):
            number = int(place) + 1
            yield _spoken(record, "note.work.anew", number, lines[int(place)], fresh["said"], people, words, other)


def _spoken(
    record: Record,
    name: str,
    number: int,
    line: dict[str, Any],
    text: Any,
    people: bool,
    words: bool,
    other: str | None,
) -> Sentence:
    speaker = line.get("speaker")
    who: Sentence | str = say(f"note.work.speaker.{speaker if speaker in SPEAKERS else 'nobody'}")
    who = other if other and speaker == "other" else who
    quoted = told(record, text, people) if words else ""
    return say(f"{name}_words", n=number, who=who, text=quoted) if quoted else say(name, n=number, who=who)
