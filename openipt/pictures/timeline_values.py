"""What a timeline is made of: plain dates, numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.pictures.svg import clean
from openipt.pictures.words import Words


@dataclass(frozen=True)
class Event:
    """A life event in short words. `when` says the date as it is known ("2011", "spring 2024")."""

    on: date
    text: str
    when: str = ""

    def said(self, words: Words) -> str:
        """The date as it is known."""
        return clean(self.when) or words.day(self.on)

    def named(self, words: Words) -> str:
        """The words, never none."""
        return clean(self.text) or words.no_text


@dataclass(frozen=True)
class Told:
    """How bad it was at a time, told from memory."""

    on: date
    severity: float


@dataclass(frozen=True)
class Score:
    """A measured score; None when a session had no answers."""

    on: date
    value: float | None


@dataclass(frozen=True)
class Phase:
    """A phase of the course from its first to its last day."""

    name: str
    start: date
    end: date

    def said(self, words: Words) -> str:
        """From when to when."""
        return words.until.format(start=words.day(self.start), end=words.day(self.end))


@dataclass(frozen=True)
class Medication:
    """A change of medication, in words."""

    on: date
    text: str
