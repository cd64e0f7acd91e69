"""Words that no insight may use, in any language: cause, blame, verdict, and what sounds like statistics' certainty."""

from __future__ import annotations

import re
from collections.abc import Iterable

BANNED = {
    "en": (
        r"caus(e|es|ed|ing|al)", "because", r"due to", r"affect(s|ed|ing)?", r"impact(s|ed|ing)?", r"makes? you",
        r"lead(s|ing)? to", r"led to", r"trigger(s|ed|ing)?", r"drive(s|n)?", r"driving", r"drove", r"move(s|d)?",
        r"prove(s|d|n)?", "toxic", r"bad for you", "should", r"(worst|best) (person|people)",
        r"significan(t|tly|ce)", r"risk factors?", r"predict(s|ed|or|ors|ion|ions)?", r"p ?[<=] ?0?\.\d+",
    )
}  # fmt: skip


def banned_in(text: str, language: str = "en") -> list[str]:
    """Return the banned words in a text."""
    found = (re.search(rf"\b(?:{word})\b", text, re.IGNORECASE) for word in BANNED[language])
    return [one[0] for one in found if one]


def texts_in(line: object) -> Iterable[str]:
    """Return every wording of a line of the catalogue."""
    return [text for key, text in line.items() if key != "by"] if isinstance(line, dict) else [str(line)]
