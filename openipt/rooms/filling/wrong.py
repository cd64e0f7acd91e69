"""Say what cannot be taken, beside its question and in words: what was expected, what was typed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from openipt.rooms.filling.said import Read, Wrong, shortened
from openipt.rooms.filling.typed import Typed, find
from openipt.therapy.forms import Trouble

_WORDS = {
    "answer.choice": "“{typed}” is not one of the answers here.",
    "answer.row": "What this points to is blank or was taken away. Choose again.",
    "answer.scale": "This goes from {low:g} to {high:g}; you wrote “{typed}”.",
    "answer.whole": "This takes a whole number; you wrote “{typed}”.",
    "answer.number": "This takes a number; you wrote “{typed}”.",
    "answer.range": "This goes from {low:g} to {high:g}; you wrote “{typed}”.",
    "answer.too_low": "This takes {low:g} or more; you wrote “{typed}”.",
    "answer.yes_no": "This takes yes or no; “{typed}” is neither.",
    "answer.text": "Up to 400 characters fit here; these are {n}.",
    "answer.long_text": "Up to 4,000 characters fit here; these are {n}.",
    "answer.date_day": "This takes a day, such as 2025-10-27; you wrote “{typed}”.",
    "answer.date_month": "This takes a day, or a month and a year; you wrote “{typed}”.",
    "answer.date_year": "This takes a day, a month and a year, or a year; you wrote “{typed}”.",
    "answer.time": "This takes a time of day, such as 18:40; you wrote “{typed}”.",
    "answer.moment": "This takes a day and a time, such as 27 October at 18:40; you wrote “{typed}”.",
    "answer.person": "A name of up to 60 characters fits here; these are {n}.",
    "answer.people": "Names of up to 60 characters fit here, one on a line.",
    "answer.phone": "This takes a telephone number: digits and spaces; you wrote “{typed}”.",
    "answer.feeling": "A feeling takes up to 400 characters, and a strength from 0 to 10.",
    "answer.rows": "Up to {most} fit here; these are {n}. Take some away, or write a second sheet.",
}
_OTHERWISE = "“{typed}” cannot be taken here."
_TOO_HIGH = "This takes {high:g} or less; you wrote “{typed}”."
_TOO_LATE = "This day lies ahead; it asks for one that has been. You wrote “{typed}”."
UNKNOWN = "This sheet does not ask for it."


def in_words(troubles: Iterable[Trouble], read: Read, root: Typed) -> list[Wrong]:
    """Put what the form's own checks say into words, each beside the field it is about."""
    return [_one(trouble, read, root) for trouble in troubles]


def _one(trouble: Trouble, read: Read, root: Typed) -> Wrong:
    name = read.places.get(trouble.item, trouble.item)
    typed = _typed(root, name)
    values: dict[str, Any] = {"n": f"{len(typed):,}", **trouble.problem.values, "typed": shortened(typed)}
    line = _WORDS.get(trouble.problem.id, _OTHERWISE)
    if trouble.problem.id == "answer.range" and not isinstance(values["low"], (int, float)):
        line = _TOO_LATE
    elif trouble.problem.id == "answer.range" and math.isinf(values["low"]):
        line = _TOO_HIGH
    return Wrong(name, line.format_map(values))


def _typed(root: Typed, name: str) -> str:
    place = find(root, name)
    if place is None:
        return ""
    parts = [place.one(), *(below.one() for below in place.below.values())]
    return " ".join(part for part in parts if part)


def by_name(wrong: Iterable[Wrong]) -> Mapping[str, tuple[str, ...]]:
    """Return what is wrong by the name of its field; the same words once."""
    found: dict[str, dict[str, None]] = {}
    for one in wrong:
        found.setdefault(one.name, {})[one.words] = None
    return {name: tuple(words) for name, words in found.items()}
