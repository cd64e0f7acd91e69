"""What can be made of one piece of typing: a number, a time, a feeling, one of the answers on offer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from openipt.rooms.filling.typed import Pairs, Typed
from openipt.therapy.forms import Form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem, ChoicesItem
from openipt.therapy.vocabulary import words_of

OTHER = "other"  # own words beside the answers on offer
WORD, STRENGTH = "word", "strength"
DAY, MONTH, YEAR, TIME = "day", "month", "year", "time"
_BREAKS = re.compile("\r\n?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}\Z")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{0,15})?|[.,][0-9]{1,15})\Z")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}\Z")  # could be a thousand or a fraction: nobody guesses here
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?\Z")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something typed that cannot be taken as it stands: the name of its field, and why, in words."""

    name: str
    words: str


@dataclass(slots=True)
class Read:
    """The answers of a sheet, and what could not be read."""

    answers: dict[str, Any]
    wrong: list[Wrong] = field(default_factory=list)
    strange: Pairs = field(default_factory=list)  # fields that the form does not ask
    places: dict[str, str] = field(default_factory=dict)  # place in the answers (`lines[0].said`) -> name of its field
    kept: dict[str, list[str]] = field(default_factory=dict)  # group -> the numbers of its rows that say something


def words(typed: Typed, name: str, found: Read) -> str:
    """Return what was typed in own words, without space around it."""
    return clean(typed.one(), name, found).strip()


def clean(text: str, name: str, found: Read) -> str:
    """Return text with the line ends of every system made one; a character that no sheet can keep is named."""
    if "\0" in text:
        found.wrong.append(Wrong(name, "There is a character in this text that cannot be kept. Please type it again."))
    return _BREAKS.sub("\n", text)


def number_of(text: str) -> int | float | str | None:
    """Return the number a text says; the text itself where it says none, so that it can be named; None where blank."""
    if _WHOLE.match(text):
        return int(text)
    if _NUMBER.match(text) and not _THOUSANDS.match(text):
        return float(text.replace(",", "."))
    return text or None


def whole_of(text: str) -> int | str | None:
    """Return the whole number a text says; the text itself where it says none; None where blank."""
    return int(text) if _WHOLE.match(text) else text or None


def clock_of(text: str) -> str:
    """Return a time of day as the sheet keeps it (`7.05` is 07:05); the text itself where it is none."""
    said = _CLOCK.match(text)
    return f"{int(said[1]):02d}:{said[2]}" if said else text


def shortened(text: str) -> str:
    """Return the beginning of what was typed, to speak of it."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:37] + "..."


def offered(form: Form, item: ChoiceItem | ChoicesItem) -> Mapping[str, Any]:
    """Return the answers an item offers, by the text that stands for each in a page."""
    key = (id(form), id(item))
    known = _offered.get(key)
    if known is None or known[0] is not form:
        values: dict[str, Any] = {} if item.rows_of else {str(value): value for value, _ in choices_of(form, item)}
        if isinstance(item, ChoiceItem) and item.allow_na:
            values["na"] = "na"
        known = _offered[key] = (form, values)
    return known[1]


_offered: dict[tuple[int, int], tuple[Form, dict[str, Any]]] = {}  # by identity: the shelf opens each form once


@lru_cache(maxsize=1)
def _feelings_by_words() -> dict[str, str]:
    known = {words.casefold(): key for key, words in words_of("feelings").items()}
    return {key: key for key in words_of("feelings")} | known


def feeling_of(text: str) -> str:
    """Return the feeling that a word names; the word itself where the vocabulary does not have it."""
    return _feelings_by_words().get(text.casefold(), text)
