"""Safety conversations on their sheets: what they left unasked, and which open answer they were held about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry, Flag, Record

CONVERSATION = "safety-conversation"
BY_GRAVITY = ("R1", "R2", "R3")  # thoughts of death and self-harm, the gravest last
ASKED = ("thoughts", "intent", "plan", "recent_self_harm")  # what has to be asked before an answer is settled by it


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as its sheet has it. `alone`: None where the sheet does not say; `unasked`: the questions."""

    entry: Entry
    alone: bool | None
    unasked: tuple[str, ...]


def talks_since(record: Record, since: date) -> tuple[Talk, ...]:
    """Return the safety conversations of a day or later that stand on a sheet, oldest first."""
    found = [one for one in record.of(CONVERSATION) if one.kind == "answers" and one.happened_at.date() >= since]
    return tuple(Talk(one, one.answers.get("asked_alone"), _unasked(one)) for one in found)


def was_spoken_about(record: Record, since: date) -> bool:
    """Whether a conversation since a day asked what has to be asked: a sheet with blanks in these is not enough."""
    return any(not talk.unasked for talk in talks_since(record, since))


def may_be_said_alone(record: Record, since: date) -> bool:
    """Whether nothing on such a sheet speaks against its having been asked alone."""
    return any(not talk.unasked and talk.alone is not False for talk in talks_since(record, since))


def asked_because_of(record: Record, entry: Entry, rule: str, item: str | None) -> Flag | None:
    """Return the flag that waited when a safety conversation was written down, and whose answer it asked about.

    What was said then belongs to that flag, unless it is graver: a graver answer is a task of its own
    (CLINICAL-RULES 2.2). A newer version of the sheet with the same answer belongs where the older one did.
    """
    if entry.form != CONVERSATION or item not in ASKED:
        return None
    older = next((one for one in record.entries if one.id == entry.replaces), None) if entry.replaces else None
    if older is not None and older.answers.get(item) == entry.answers.get(item):
        found = asked_because_of(record, older, rule, item)
        if found is not None:
            return found
    waited = [flag for flag in record.flags if flag.rule in BY_GRAVITY and _waited(flag, entry)]
    return next((flag for flag in waited if rule in BY_GRAVITY and rule <= flag.rule), None)


def _waited(flag: Flag, entry: Entry) -> bool:
    """Whether a flag that another sheet raised had no outcome yet when this sheet came in."""
    if flag.entry == entry.id or (flag.state == "known" and not flag.outcomes):
        return False
    before = flag.answered_at.date() <= entry.happened_at.date() and flag.received_at <= entry.recorded_at
    return before and not any(outcome.at <= entry.recorded_at for outcome in flag.outcomes)


def _unasked(entry: Entry) -> tuple[str, ...]:
    labels = {item.id: str(item.label) for item in open_form(entry.form, entry.version).items}
    return tuple(labels.get(name, name) for name in ASKED if entry.answers.get(name) is None)
