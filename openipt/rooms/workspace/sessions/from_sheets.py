"""What the sheets of a session say already of its card: whom it was about, the feelings named, the way of working.

Only what was written in the session itself counts, and each is taken away with a tap. Nothing of what was asked alone
or about danger is repeated on a card, and nothing that was practised is a feeling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openipt.rooms.workspace.sheets.traced import SPOKEN_SAFETY
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.record import Entry, Record, Session
from openipt.therapy.vocabulary import vocabulary

ASKED_ALONE = "staff_asked_alone"
PRACTISED = ("nonverbal-practice",)  # faces that were made, not felt
# A sheet that is the way of working itself; any other sheet can be worked on in many ways.
WAYS = {
    "communication-analysis": "T_COMM_ANALYSIS",
    "decision-analysis": "T_DECISION",
    "role-play": "T_ROLE_PLAY",
}
Said = Mapping[str, tuple[str, ...]]


def from_sheets(record: Record, session: Session, entries: Iterable[tuple[str, Entry]]) -> Said:
    """Return what stands on the sheets of a session, by the question of the card that asks for it.

    Args:
        record: The record.
        session: The session.
        entries: Its sheets under their titles.
    """
    own = [one for _, one in entries if one.about == session.id and _may_speak(one)]
    known = {thing.id for thing in record.people}
    words = {word for family in vocabulary()["feelings"].values() for word in family["words"]}
    people = (person for one in own for person in _people(one) if person in known)
    feelings = (word for one in own if one.form not in PRACTISED for word in _feelings(one) if word in words)
    ways = (WAYS[one.form] for one in own if one.form in WAYS)
    found = {"people": people, "feelings": feelings, "techniques": ways}
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _may_speak(entry: Entry) -> bool:
    if entry.visibility == ASKED_ALONE or entry.form in SPOKEN_SAFETY or not has_form(entry.form):
        return False
    return open_form(entry.form).kind == "worksheet"


def _people(entry: Entry) -> Iterator[str]:
    """Yield whom a whole sheet is about: not everybody who is named somewhere on it."""
    for item in open_form(entry.form).items:
        if item.kind == "person" and not item.later:
            yield str(entry.answers.get(item.id) or "")


def _feelings(entry: Entry) -> Iterator[str]:
    return _felt(open_form(entry.form).items, entry.answers)


def _felt(items: Iterable[Any], answers: Mapping[str, Any]) -> Iterator[str]:
    for item in items:
        said = answers.get(item.id)
        if item.kind == "feelings":
            yield from (str(one.get("emotion") if isinstance(one, Mapping) else one) for one in said or ())
        elif item.kind == "group":
            for row in said if isinstance(said, (list, tuple)) else [said]:
                if isinstance(row, Mapping) and row.get("speaker", "me") == "me":  # of anybody else it is a guess
                    yield from _felt(item.items, row)
