"""The catalogue of sentences, one page a language, and the pure function that renders a sentence with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from openipt.therapy import shelf
from openipt.therapy.words.sentence import Sentence

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_ENDED = re.compile(r"([?!…])\.")  # what somebody wrote ended their sentence; ours needs no stop after it
_ENDS = ("?.", "!.", "….")

# CLDR plural categories for whole numbers; a language page names its rule.
_PLURALS: dict[str, Callable[[Any], str]] = {
    "one_other": lambda n: "one" if n == 1 else "other",
    "other": lambda _: "other",
    "zero_one": lambda n: "one" if n in (0, 1) else "other",
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language: `lines` maps an id to text, or to a plural table with the value it counts by."""

    language: str
    plural: str
    months: Sequence[str]
    weekdays: Sequence[str]
    joiner: str
    last_joiner: str
    list_joiner: str
    last_list_joiner: str
    lines: Mapping[str, Any]

    def text(self, sentence: Sentence) -> str:
        """Render one sentence; raise KeyError naming the id where the catalogue has no such line."""
        line = self.lines.get(sentence.id)
        if line is None:
            raise KeyError(f"the {self.language} catalogue has no sentence {sentence.id!r}")
        if not isinstance(line, str):
            count = sentence.values[line["by"]]
            line = line.get(_PLURALS[self.plural](count)) or line["other"]
        words, slots = _parted(line)
        values = sentence.values
        spelt = [self.spell(values[name], style) + after for (name, style), after in zip(slots, words[1:], strict=True)]
        text = "".join([words[0], *spelt])
        return _ENDED.sub(r"\1", text) if any(end in text for end in _ENDS) else text

    def spell(self, value: Any, style: str | None = None) -> str:
        """Write one value as people of this language write it."""
        if isinstance(value, str) or value.__class__ is int:
            return str(value)
        if isinstance(value, date):
            return self.day(value, style)
        if isinstance(value, Sentence):
            return self.text(value)
        if isinstance(value, (list, tuple)):
            parts = [self.spell(part) for part in value]
            return self.listed(parts) if style == "listed" else self.together(parts)
        if isinstance(value, float):
            return f"{value:g}"
        return "" if value is None else str(value)

    def day(self, value: date | datetime, style: str | None) -> str:
        """Write a date: `27 October 2025`; style `short` leaves the year out, `weekday` puts the day first."""
        text = f"{value.day} {self.months[value.month - 1]}"
        if style == "short":
            return text
        if style == "weekday":
            return f"{self.weekdays[value.weekday()]} {text} {value.year}"
        if style == "time" and isinstance(value, datetime):
            return f"{text} {value.year}, {value:%H:%M}"
        return f"{text} {value.year}"

    def as_far_as_known(self, text: str) -> str:
        """Write an answered date or moment: `25 November 2026, 18:30`; a month or a year alone stays what it is."""
        day, _, clock = text.partition("T")
        try:
            if len(day) == len("2026-11"):
                words = f"{self.months[date.fromisoformat(f'{day}-01').month - 1]} {day[:4]}"
            else:
                words = self.day(date.fromisoformat(day), None)
        except ValueError:  # a year, or what was never a date
            return text.replace("T", ", ")
        return f"{words}, {clock}" if clock else words

    def together(self, parts: Sequence[str]) -> str:
        """Join words: `a, b and c`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.joiner.join(parts[:-1]) + self.last_joiner + parts[-1]

    def listed(self, parts: Sequence[str]) -> str:
        """Join phrases that hold commas themselves: `a, with b; c; and d`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.list_joiner.join(parts[:-1]) + self.last_list_joiner + parts[-1]


@cache  # of the lines of the catalogues: a page says a hundred
def _parted(line: str) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Part a line into its words and the slots between them: there is one more of words than of slots."""
    words, names, styles = (parts := _SLOT.split(line))[0::3], parts[1::3], parts[2::3]
    return words, list(zip(names, styles, strict=True))


@cache
def catalogue(language: str = "en") -> Catalogue:
    """Open the catalogue of a language; raise Refused where the shelf has none."""
    data = dict(shelf.read("words", f"{language}.yaml").data)
    grammar = data.pop("grammar")
    return Catalogue(
        language=language,
        plural=grammar["plural"],
        months=tuple(grammar["months"]),
        weekdays=tuple(grammar["weekdays"]),
        joiner=grammar["joiner"],
        last_joiner=grammar["last_joiner"],
        list_joiner=grammar["list_joiner"],
        last_list_joiner=grammar["last_list_joiner"],
        lines=dict(_flat(data)),
    )


def render(sentence: Sentence, language: str = "en") -> str:
    """Put a sentence into a language."""
    return catalogue(language).text(sentence)


def render_all(sentences: Iterable[Sentence], language: str = "en") -> str:
    """Put several sentences into a language, one after the other."""
    return " ".join(render(sentence, language) for sentence in sentences)


def _flat(data: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for key, line in data.items():
        name = f"{before}{key}"
        if isinstance(line, Mapping) and "by" not in line:
            yield from _flat(line, f"{name}.")
        else:
            yield name, line
