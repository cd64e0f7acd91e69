"""How a command ends when its input is refused: the reasons on stderr, exit code 1, and never a traceback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from openipt.therapy.shelf import Refused

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Spell out what could move a terminal's cursor or turn its text around; a sheet may hold anything."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def refused(error: Refused) -> typer.Exit:
    """Say why the input was refused; raise what this returns."""
    for problem in error.problems:
        typer.echo(printable(str(problem)), err=True)
    return typer.Exit(1)
