"""A communication analysis as a conversation: a hand-made page over the same definition (RULINGS 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openipt.therapy.forms import Form
from openipt.therapy.record import Entry, Record, alias
from openipt.therapy.vocabulary import label

FORM = "communication-analysis"
NOT_SAID_WHO = "not said who"
SHOWN = ("lines", "rewrite", "part_talk")  # what the conversation shows itself


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the talk as it is drawn."""

    side: str  # me, them, or nobody: a line whose speaker was not noted is nobody's
    who: str
    how: str
    said: str
    felt: str
    wished: str | None
    guess: str | None
    turned: bool
    rewritten: str | None


def talk_of(form: Form, answers: Mapping[str, Any], names: Mapping[str, str]) -> list[Line]:
    """Return the lines of a talk; empty for any other form."""
    if form.id != FORM:
        return []
    again = {row["line"]: row.get("said") for row in answers.get("rewrite") or () if "line" in row}
    other = names.get(answers.get("with_person", ""), "The other person")
    return [_line(row, again.get(n), other) for n, row in enumerate(answers.get("lines") or ())]


def _line(row: Mapping[str, Any], rewritten: str | None, other: str) -> Line:
    speaker = row.get("speaker")
    who = {"me": "Me", "third": "Somebody else", "other": other}.get(str(speaker), NOT_SAID_WHO)
    delivery = row.get("delivery") or {}
    how = [str(value) for key, value in delivery.items() if key != "silence_s"]
    if delivery.get("silence_s"):
        how.append(f"{delivery['silence_s']} seconds of silence")
    return Line(
        side="me" if speaker == "me" else "them" if speaker else "nobody",
        who=who,
        how=", ".join(how),
        said=str(row.get("said", "")),
        felt=", ".join(_felt(one) for one in row.get("felt") or ()),
        wished=row.get("thought_wanted"),
        guess=(row.get("guess_other_felt") or {}).get("text"),
        turned=row.get("turning_point") is True,
        rewritten=rewritten,
    )


def _felt(one: Mapping[str, Any]) -> str:
    word = label("feelings", one["emotion"])
    return f"{word} {one['intensity']:g}" if one.get("intensity") is not None else word


# ---- what a talk gives to practise ----


def source_of(record: Record, about: str | None) -> Entry | None:
    """Return the talk that a role play is made from; None where it is about something else."""
    found = next((entry for entry in record.entries if entry.id == about), None)
    return found if found and found.form == FORM and found.kind == "answers" and not found.retracted_at else None


def script_of(record: Record, source: Entry) -> dict[str, Any]:
    """Return the answers of a role play that plays a talk again with its new lines.

    The first new line is what is to be said; what the other person answered in life may be answered again; further new
    lines are answers to that. Nothing is made up: a talk without new lines gives only who and about what.
    """
    said = source.answers
    lines = list(said.get("lines") or ())
    new = sorted((row for row in said.get("rewrite") or () if row.get("said")), key=lambda row: row.get("line") or 0)
    person = said.get("with_person")
    about = alias(record, person) or "somebody"
    made: dict[str, Any] = {
        "situation": f"The talk with {about}"
        + (f". What I wanted: {said['aim_before']}" if said.get("aim_before") else "")
    }
    if person:
        made["person"] = person
    if new:
        at = new[0].get("line")
        made["my_message"] = new[0]["said"]
        felt_then = lines[at].get("felt") if isinstance(at, int) and at < len(lines) else None
        if felt_then:
            made["feeling_to_name"] = felt_then[0].get("emotion")
        replies = [row["said"] for row in lines[(at or 0) + 1 :] if row.get("speaker") == "other" and row.get("said")]
        made["likely_replies"] = [{"text": text[:400]} for text in replies[:3]]
        made["my_answers"] = [{"text": row["said"][:400]} for row in new[1:4]]
    return {name: one for name, one in made.items() if one}
