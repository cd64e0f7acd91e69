"""A crash at any step of what a program does to its stores: before a statement, after it, around the commit, after all.

The step is counted, not timed: so a crash falls between two statements as easily as into a long one. What a crash
leaves is what a server leaves whose worker threw an error there. (What a killed process leaves: `durability.kills`.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections


class Crash(BaseException):
    """The program broke here. No code of ours catches it."""


class Steps:
    """Counts the steps of one act, and breaks at one of them."""

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        self.made = 0
        self.broke = False

    def step(self) -> None:
        """Count one; break where it was the last one.

        Raises:
            Crash: At the step that was asked for, once.
        """
        self.made += 1
        if self.made == self.last:
            self.crash()

    def crash(self) -> None:
        """Break here.

        Raises:
            Crash: Always.
        """
        self.broke = True
        raise Crash(self.made)

    def statement(self, execute: Callable[..., Any], *what: Any) -> Any:
        """Execute a statement, as a wrapper of Django's does: a step before it and a step after."""
        self.step()
        done = execute(*what)
        self.step()
        return done

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count what happens inside, in every store."""
        with ExitStack() as open_now:
            for one in connections.all():
                open_now.enter_context(one.execute_wrapper(self.statement))
                open_now.enter_context(self._commits(one))
            yield

    @contextmanager
    def _commits(self, one: Any) -> Iterator[None]:
        honest = one.commit

        def commit() -> None:
            self.step()
            honest()
            self.step()

        one.commit = commit
        try:
            yield
        finally:
            del one.commit


def crash_at(step: int | None, act: Callable[[], Any]) -> tuple[bool, int]:
    """Do something, and break at a step; where it has fewer, break when it is done and nobody has been told.

    Returns:
        Whether it broke, and after how many steps.
    """
    steps = Steps(step)
    try:
        with steps.watched():
            act()
            if step is not None:
                steps.crash()
    except BaseException:  # PostgreSQL's driver may say in its own words that a transaction was left in the middle
        if not steps.broke:
            raise
        connections.close_all()  # the worker is gone, and with it what it held
    return steps.broke, steps.made
