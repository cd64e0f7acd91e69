"""The fields of a sheet on a page: plain values, so that a template has nothing to work out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal[
    "heading",
    "note",
    "table",  # questions that share their answers
    "more",  # asked on demand: folded until somebody wants it
    "part",  # questions that belong together
    "rows",
    "choose",
    "across",  # the steps of a scale
    "pick",  # one of many, from a list
    "many",
    "line",
    "box",
    "day",
    "date",  # as far as it is known
    "moment",
    "person",
    "feelings",
]


_MONTHS = frozenset(f"{n:02d}" for n in range(1, 13))


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be marked. `value` stands in the page for what is stored."""

    value: str
    words: str
    marked: bool
    id: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a group."""

    name: str
    number: int
    fields: tuple[Field, ...]
    fresh: bool = False  # just added: where typing goes on
    word: str = ""  # of a feeling
    strength: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it is one line to write, and needs no head of its own."""
        return len(self.fields) == 1 and self.fields[0].way in ("line", "day")


@dataclass(frozen=True, slots=True)
class Field:
    """One question on the page with what was typed, however wrong. `name` is sent; `id` is where a link leads."""

    way: Way
    name: str
    id: str
    asked: str
    help: str | None = None
    example: str | None = None
    picture: str | None = None
    sound: str = ""  # the address of its recording
    required: bool = False
    private: bool = False
    applies: bool = True  # by the answers so far
    when: str | None = None  # the condition as the page works it out
    wrong: tuple[str, ...] = ()
    typed: str = ""
    kind: str = "text"  # of the input, where it is one line
    keys: str = ""  # which keyboard a telephone shows
    unit: str | None = None
    low: str | None = None
    high: str | None = None
    options: tuple[Option, ...] = ()
    chips: bool = False  # few and short: side by side
    other: str | None = None  # what was said in own words; None where own words are not asked for
    other_asked: str = ""
    other_many: bool = False
    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""
    rows: tuple[Row, ...] = ()
    row_name: str = ""
    can_add: bool = True
    beyond: tuple[str, ...] = ()  # what was typed in rows for which there is no room
    fields: tuple[Field, ...] = ()
    columns: tuple[str, ...] = ()
    open: bool = False  # of what is folded

    @property
    def first(self) -> str:
        """The id of the first control: where a link from the list of errors leads."""
        if self.options:
            return self.options[0].id
        return {"date": f"{self.id}-day", "moment": f"{self.id}-day", "person": f"{self.id}-other"}.get(
            self.way, self.id
        )

    @property
    def strange_month(self) -> bool:
        """Whether what was typed as a month is in no list of months."""
        return bool(self.month) and self.month not in _MONTHS

    @property
    def described(self) -> str:
        """The ids of what explains it."""
        said = [(self.help, "help"), (self.example, "example"), (self.wrong, "wrong")]
        return " ".join(f"{self.id}-{what}" for given, what in said if given)
