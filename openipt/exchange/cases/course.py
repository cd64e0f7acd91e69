"""What the reader of one client's course holds in hand, and where in it a moment lies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from openipt.exchange.cases.book import Book
from openipt.exchange.cases.case import Claim
from openipt.exchange.cases.clock import AFTER, on
from openipt.exchange.cases.taking import Tree
from openipt.therapy.record import Flag


class Course:
    """What the reader of one client's course holds in hand: the file's tree, the book, the days of the sessions."""

    def __init__(self, tree: Tree, enrolment: str, therapist: str) -> None:
        self.tree = tree
        self.book = Book(enrolment, therapist)
        self.days: dict[int, date] = {row["n"]: date.fromisoformat(row["date"]) for row in tree.data["sessions"]}
        self.sheets_in: dict[int, list[str]] = {row["n"]: row["worksheets"] for row in tree.data["sessions"]}
        self.tasks_in: dict[int, list[str]] = {row["n"]: row["tasks"] for row in tree.data["sessions"]}
        self.flags: list[Flag] = []
        self.claims: list[Claim] = []

    @property
    def first(self) -> int:
        """The number of the first session."""
        return min(self.days)

    @property
    def last(self) -> int:
        """The number of the last session."""
        return max(self.days)

    def session_with(self, sheet: str, *tasks: str, newest: bool = False) -> int | None:
        """Return the first (or last) session in which a sheet was used, or one of the tasks done."""
        found = [n for n in self.days if sheet in self.sheets_in[n]] or [
            n for n in self.days if set(tasks) & set(self.tasks_in[n])
        ]
        return (max if newest else min)(found) if found else None

    def at(self, number: int, time: Any = AFTER) -> datetime:
        """Return a moment of a session by its number; of the nearest earlier one where the file has no such number."""
        known = [n for n in self.days if n <= number] or [self.first]
        return on(self.days[max(known)], time)
