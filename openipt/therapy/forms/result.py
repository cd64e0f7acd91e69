"""What scoring a sheet gives back: one value object that page, chart, export and command line share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from openipt.therapy.words import Sentence

Status = Literal["scored", "prorated", "unscored"]


class Trouble(NamedTuple):
    """An answer that cannot be taken: where (`lines[2].said`), and why."""

    item: str
    problem: Sentence


class Missing(NamedTuple):
    """What was left blank: how many, which, and whether the score was made up from the rest."""

    n: int
    items: tuple[str, ...]
    prorated: bool


class Derived(NamedTuple):
    """A fact derived from a sheet; `row` is the number of the row it belongs to, from 1."""

    id: str
    value: Any
    row: int | None = None


class Hint(NamedTuple):
    """A check that spoke: never an obstacle."""

    id: str
    level: Literal["ask", "warn"]
    say: str
    item: str | None = None
    row: int | None = None


class Result(NamedTuple):
    """The full result of one sheet.

    A sheet with an impossible answer is rejected whole: `valid` False, no scores. Its findings are those that the
    other answers make, so that a slip beside an answer about danger hides nothing.
    """

    form: str
    version: str
    valid: bool
    errors: tuple[Trouble, ...]
    status: Status
    scores: Mapping[str, float | None]
    exact: Mapping[str, float | None]  # unrounded
    band: str | None
    cutoffs: Mapping[str, bool | None]
    algorithms: Mapping[str, bool | str | None]  # text: the id of a named outcome
    findings: tuple[str, ...]
    missing: Missing
    facts: tuple[Derived, ...] = ()
    hints: tuple[Hint, ...] = ()
