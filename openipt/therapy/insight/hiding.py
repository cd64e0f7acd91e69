"""People who are left out of insight: nothing is said about them. Contact with them counts among other people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from openipt.therapy.insight.keeping_out import violence_stands
from openipt.therapy.insight.result import Insight
from openipt.therapy.record import Entry, Record

INVENTORY, LEAVE_OUT = "interpersonal-inventory", "leave_out_of_insight"
GIVEN = "released-sentence"
TAKEN_BACK = "left out of what goes with mood"  # the reason a sentence was retracted for; no page shows it


def hidden_people(record: Record) -> frozenset[str]:
    """Return the people who are left out: the last sheet that answers the question decides, others say nothing of it.

    A sheet about something else, written later, does not bring anybody back.
    """
    said: dict[str, bool] = {}
    for entry in record.of(INVENTORY):
        answer = entry.answers.get(LEAVE_OUT) if entry.kind == "answers" and entry.about else None
        if isinstance(answer, bool) and entry.about:
            said[entry.about] = answer
    return frozenset(person for person, left_out in said.items() if left_out)


def may_show(found: Insight | None, record: Record) -> Insight | None:
    """Return of a stored insight what may be shown now: nothing where a violence fact stands, nobody who is left out.

    What is stored is made anew after each change; whatever was stored before the change is held to it as well.
    """
    if found is None or violence_stands(record):
        return None
    hidden = hidden_people(record)
    if not names_any(found, hidden):
        return found
    return replace(
        found,
        people=tuple(one for one in found.people if one.person not in hidden),
        counts=tuple(one for one in found.counts if one.person not in hidden),
        left_out=found.left_out + sum(one.person in hidden for one in found.people),
    )


def names_any(found: Insight, people: frozenset[str]) -> bool:
    """Whether an insight says anything about one of some people."""
    return any(one.person in people for one in found.people) or any(one.person in people for one in found.counts)


def sentences_about_hidden(record: Record) -> Iterator[Entry]:
    """Yield the sentences that the client was given and still has, about people who are left out now."""
    hidden = hidden_people(record)
    if hidden:
        yield from (one for one in record.of(GIVEN) if one.answers.get("person") in hidden)


def sentences_taken_back(record: Record) -> tuple[Entry, ...]:
    """Return the sentences that went because the person they speak of was left out, in the order they went."""
    gone = [one for one in record.entries if one.form == GIVEN and one.retracted_why == TAKEN_BACK]
    return tuple(sorted(gone, key=lambda one: (one.retracted_at or one.recorded_at, one.id)))
