"""A communication analysis as a conversation: a hand-made page over the same definition (RULINGS 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openipt.therapy.forms import Form
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
