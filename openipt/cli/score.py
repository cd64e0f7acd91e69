"""`openipt score`: answer sheets in, full results out: one a line, or as a table with one column an item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openipt.policy import open_door

if TYPE_CHECKING:
    from openipt.cli.lines import Line
    from openipt.therapy.forms import Form, Result

Advance = Callable[[int], object]


@open_door("Reads what it is given and the shelf; touches no record.")
def score(
    form: Annotated[str, typer.Argument(help="A questionnaire or worksheet: phq-9, PHQ9, gad-7 ...")],
    answers: Annotated[
        Path,
        typer.Argument(
            help="Sheets, one JSON object a line, or a table NAME.csv; without it, or with -, read from standard input."
        ),
    ] = Path("-"),
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
    as_table: Annotated[bool, typer.Option("--csv", help="CSV in and out, whatever the name of the file.")] = False,
) -> None:
    """Score answer sheets: {"q1": 2, "q2": 1} or {"answers": {...}, "context": {"sex": "female"}} a line.

    A table has a column for each item. Other columns (client, at) are kept. Added are total, status, band, flags and
    missing. A cell that is no answer is named by row and column, and its row is not scored.
    """
    from openipt.cli.ending import refused
    from openipt.therapy.forms import open_form
    from openipt.therapy.shelf import Refused

    try:
        opened = open_form(form)
    except Refused as error:
        raise refused(error) from None
    if as_table or answers.suffix.lower() == ".csv":
        if as_json:
            raise typer.BadParameter("a table is written as CSV", param_hint="--json")
        all_taken = _table(opened, answers)
    else:
        show = _as_json if as_json else _as_words()
        with _stream(answers) as (stream, size):
            all_taken = _score_all(opened, stream, show, size)
    if not all_taken:
        raise typer.Exit(1)


def _table(form: Form, answers: Path) -> bool:
    from openipt.cli.ending import refused
    from openipt.cli.tables import TableError, score_table
    from openipt.therapy.shelf import Problem, Refused

    with _stream(answers) as (stream, size), _progress(size) as advance:
        try:
            return score_table(form, stream, advance, stream.tell if size else lambda: 0)
        except TableError as error:
            wrong, _, expected = str(error).partition("; expected ")
            raise refused(Refused(Problem(str(answers), 0, "", wrong, expected))) from None


@contextmanager
def _stream(answers: Path) -> Iterator[tuple[Any, int | None]]:
    """Open what to read, with its size where that is known."""
    import sys

    if str(answers) == "-":
        yield sys.stdin.buffer, None
        return
    try:
        stream = answers.open("rb")
        size = answers.stat().st_size
    except (OSError, ValueError) as error:
        wrong = getattr(error, "strerror", None) or str(error)
        raise typer.BadParameter(f"{str(answers)!r} cannot be opened ({wrong})", param_hint="ANSWERS") from None
    with stream:
        yield stream, size


def _score_all(form: Form, stream: Any, show: Callable[[Form, Line, Result | None], None], size: int | None) -> bool:
    from openipt.cli.lines import read_lines
    from openipt.therapy.forms import score as score_sheet

    all_taken = True
    with _progress(size) as advance:
        for line in read_lines(stream, frozenset(item.id for item in form.items)):
            result = None if line.wrong else score_sheet(form, line.answers, line.context)
            all_taken = all_taken and result is not None and result.valid
            show(form, line, result)
            advance(line.size)
    return all_taken


def _as_json(form: Form, line: Line, result: Result | None) -> None:
    import json

    from openipt.cli.rows import row, row_of_nothing

    # Plain ASCII: a text with half a character pair in it is then still JSON that any program can read.
    typer.echo(json.dumps(row(result) if result else row_of_nothing(form, line.wrong)))


def _as_words() -> Callable[[Form, Line, Result | None], None]:
    from openipt.cli.reading_aloud import Reader

    return Reader().tell


@contextmanager
def _progress(size: int | None) -> Iterator[Advance]:
    """Show how far the work is, on a terminal that is not busy showing the results themselves."""
    import sys

    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Scoring", total=size)
        yield lambda done: bar.advance(task, done)
