"""What the sheets of a session say already of its card: whom it was about, the feelings named, the way of working.

Only what was written in the session itself counts, and each is taken away with a tap. Nothing of what was asked alone
or about danger is repeated on a card, and nothing that was practised is a feeling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from openipt.rooms.workspace.sheets.traced import SPOKEN_SAFETY
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.forms.items import GroupItem
from openipt.therapy.record import Entry, Record, Session
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, render, say

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


@dataclass(frozen=True, slots=True)
class StepOnSheet:
    """A step that stands in the record of a session and not on its card."""

    text: str
    person: str
    source: Sentence | None = None  # the sheet it was agreed on

    @property
    def mark(self) -> str:
        """The mark by which a card remembers that it was offered: taken out, it stays out."""
        return f"step:{sha256(f'{self.text}|{self.person}'.encode('utf-8', 'replace')).hexdigest()[:16]}"


def step_on_sheets(record: Record, session: Session, entries: Iterable[tuple[str, Entry]]) -> StepOnSheet | None:
    """Return the step that was agreed on a sheet of a session, as its newest sheet has it."""
    own = [(title, one) for title, one in entries if one.about == session.id and _may_speak(one)]
    known = {thing.id for thing in record.people}
    found = (_agreed(title, entry, known) for title, entry in reversed(own))
    return next(filter(None, found), None)


def _agreed(title: str, entry: Entry, known: set[str]) -> StepOnSheet | None:
    """Read the group that its definition calls an agreed step: what, when and with whom."""
    for item in open_form(entry.form).items:
        row = entry.answers.get(item.id)
        if not isinstance(item, GroupItem) or not item.agreed_step or not isinstance(row, Mapping):
            continue
        texts = [one.id for one in item.items if one.kind in ("text", "long_text")]
        text = str(row.get(texts[0]) or "").strip()
        days = [one.id for one in item.items if one.kind == "date"]
        person = next((str(row.get(one.id) or "") for one in item.items if one.kind == "person"), "")
        if text:
            words = _with_its_day(text, row.get((days or texts[1:] or [""])[0]))
            name = title[:1].lower() + title[1:]
            return StepOnSheet(words, person if person in known else "", say("after.step_from", sheet=name))
    return None


def _with_its_day(text: str, when: Any) -> str:
    """Say of a step when it is to be, in its own words where that is no whole date."""
    if not when:
        return text
    day = day_of(when)
    bare = text.removesuffix(".").rstrip()
    return render(say("after.step_on", text=bare, on=day) if day else say("after.step_when", text=bare, when=str(when)))


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
