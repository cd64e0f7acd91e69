"""The operator's commands, run one after the other in a process of their own, as on the first day of a service."""

from __future__ import annotations

import os
from typing import Any

from typer.testing import CliRunner

from openipt.cli import app


def run_all(lines: list[list[str]], env: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Run command lines in one process; return exit code, words and complaints of each."""
    os.environ.update(env or {})
    return [run_one(line) for line in lines]


def run_one(line: list[str], given: str = "") -> dict[str, Any]:
    """Run one command line; whatever is no exit code is a fault of the program."""
    done = CliRunner().invoke(app, line, input=given)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return {"code": done.exit_code, "out": done.stdout, "err": done.stderr}
