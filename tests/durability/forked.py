"""Children of a harness: a function in a fork of its own, so that the parent never opens a database."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connections


class Child:
    """A forked process that reports lines: "+id" for an act that was acknowledged, "!text" for an error."""

    def __init__(self, work: Callable[[Callable[[str], None]], None]) -> None:
        warm_up()
        mine, theirs = os.pipe()
        gc.freeze()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(mine)
            _work_and_end(work, theirs)
        os.close(theirs)
        self.pipe = mine
        self._text = b""
        self.ended = False

    def read(self) -> None:
        """Take in what has been reported so far; wait for nothing."""
        while not self.ended and select.select([self.pipe], [], [], 0)[0]:
            part = os.read(self.pipe, 65536)
            self._text += part
            self.ended = not part

    def read_to_the_end(self) -> None:
        """Take in all reports until the child has ended, then bury it."""
        while not self.ended:
            select.select([self.pipe], [], [])
            self.read()
        os.close(self.pipe)
        os.waitpid(self.pid, 0)

    def kill(self) -> None:
        """End the child as a power failure of one process would: it cannot say another word."""
        os.kill(self.pid, signal.SIGKILL)
        self.read_to_the_end()

    @property
    def spoke(self) -> bool:
        """Whether anything was reported yet."""
        return bool(self._text)

    @property
    def acknowledged(self) -> list[str]:
        """The ids of the acts that returned."""
        return [line[1:] for line in self._text.decode().split("\n") if line.startswith("+")]

    @property
    def errors(self) -> list[str]:
        """What went wrong inside."""
        return [line[1:] for line in self._text.decode().split("\n") if line.startswith("!")]


def _work_and_end(work: Callable[[Callable[[str], None]], None], pipe: int) -> None:
    try:
        work(lambda line: void(os.write(pipe, f"{line}\n".encode())))
    except BaseException as error:
        traceback.print_exc(limit=8, file=sys.stderr)
        os.write(pipe, f"!{type(error).__name__}: {error}".replace("\n", " ").encode() + b"\n")
    finally:
        os._exit(0)


def warm_up() -> None:
    """Load the backends before the fork, once for all children; open nothing."""
    connections.all()
    connections.close_all()


def void(_value: Any) -> None:
    """Return nothing."""


def in_child(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns (as JSON can say it) when it is called in a child.

    Raises:
        RuntimeError: With the error of the child.
    """

    def work(report: Callable[[str], None]) -> None:
        answer = json.dumps(function(*arguments))
        connections.close_all()
        report(f"+{answer}")

    child = Child(work)
    child.read_to_the_end()
    if not child.acknowledged:
        raise RuntimeError("; ".join(child.errors) or "the child ended without a word")
    return json.loads(child.acknowledged[-1])
