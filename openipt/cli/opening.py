"""Open a service for a command: its home, its settings, its stores; and say in plain words why that cannot be done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from openipt.site.home import Home
    from openipt.therapy.shelf import Refused

SETTINGS = "openipt.site.settings"
Watched = Callable[[str, int, int | None], None]


@contextmanager
def opened(command: str, home: Path | None = None, *, new: bool = False, old_tables: bool = False) -> Iterator[Home]:
    """Open the service of OPENIPT_HOME; whatever is refused inside ends the command with its reasons and exit code 1.

    Args:
        command: What is running, for the reasons.
        home: Another home folder.
        new: It is just being made: nothing has to be there yet.
        old_tables: Its tables may be those of an older version.
    """
    with plainly(command):
        found = _ready(command, home, new)
        if not new and not old_tables:
            _refuse_old_tables(command)
        yield found


@contextmanager
def plainly(command: str) -> Iterator[None]:
    """Let whatever is refused inside end the command with its reasons and exit code 1."""
    from openipt.cli.ending import refused
    from openipt.therapy.shelf import Refused

    try:
        yield
    except Refused as error:
        raise refused(error) from None
    except ModuleNotFoundError as missing:
        extra = "the web extra (pip install 'openipt[web]')"
        raise refused(problem(command, f"this needs {missing.name}", extra)) from missing
    except Exception as error:
        said = _known(error)
        if said is None:
            raise
        raise refused(problem(command, *said)) from None


def problem(command: str, wrong: str, expected: str) -> Refused:
    """Return a refusal that a command makes itself."""
    from openipt.therapy.shelf import Problem, Refused

    return Refused(Problem(command, 0, "", wrong, expected))


def _known(error: Exception) -> tuple[str, str] | None:
    """Say what is wrong where the service itself says no."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from openipt.casebook.sealing.problems import KeyFileProblem

    if isinstance(error, KeyFileProblem):
        return error.wrong, f"{error.expected}. {error.remedy}"
    if isinstance(error, ImproperlyConfigured):
        return str(error), "a service that is set up; see docs/how-to/run-a-service.md"
    if isinstance(error, DatabaseError):
        return f"a store cannot be used: {error}", "both stores within reach, with the tables of this version"
    return None


def _ready(command: str, home: Path | None, new: bool) -> Home:
    from openipt.site.home import VARIABLE
    from openipt.site.home import home as find_home

    os.umask(0o077)  # whatever a command writes is its owner's alone
    if home is not None:
        os.environ[VARIABLE] = str(home.absolute())
    found = find_home()
    if not new and not found.is_set_up:
        expected = f"the folder of a service in {VARIABLE}; a new one is made with openipt setup"
        raise problem(command, f"no service is set up in {found.path}", expected)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    return found


def _refuse_old_tables(command: str) -> None:
    from openipt.site.making import tables_are_old

    if tables_are_old():
        raise problem(command, "the tables are not those of this version", "openipt upgrade to be run first")


def now() -> datetime:
    """Return the machine's time: the one clock of all commands."""
    from datetime import UTC

    return datetime.now(UTC)


@contextmanager
def bar(silent: bool = False) -> Iterator[Watched]:
    """Show how far the work is, on a terminal; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=silent or not console.is_terminal) as shown:
        task = shown.add_task("", total=None)
        yield lambda part, done, of: shown.update(task, description=part, completed=done, total=of)


def print_json(data: object) -> None:
    """Print data for a program."""
    import json

    typer.echo(json.dumps(data, indent=2))


def write_secret_page(command: str, path: Path, text: str) -> None:
    """Write a page that only its owner can read, at a place where nothing is yet.

    Raises:
        Refused: Something is there, or it cannot be written.
    """
    from openipt.site.making import write_alone

    try:
        write_alone(path, text)
    except FileExistsError:
        raise problem(command, f"{path} is there already", "a place where nothing is; print and remove it") from None
    except OSError as error:
        raise problem(command, f"{path} cannot be written ({error.strerror})", "a folder we may write to") from None
