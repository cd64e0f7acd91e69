"""`openipt insight`: diaries in; what goes together in each, and how sure one can be, as a page or as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openipt.policy import open_door

if TYPE_CHECKING:
    from openipt.therapy.insight import Diaries, DiaryEntry, Insight

    Found = tuple[Insight, Sequence[DiaryEntry]]

MANY = 20  # clients from which on a bar shows how far the work is
MOST_SAID = 50  # rows named one by one

Advance = Callable[[int], object]


@open_door("Reads what it is given and the shelf; what it does in a service shows nothing of it, and policy is asked.")
def insight(
    diary: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIARY.csv",
            help="Columns client, at, mood, person, valence, kinds, skill; one row an interaction; - reads on.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Leave out rows that cannot be read, and name them.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Where to write the page. Default: DIARY.insight.html.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make anew what the service in OPENIPT_HOME keeps; reads no table.")
    ] = False,
    learn: Annotated[
        bool, typer.Option("--learn", help="With --rebuild: learn first from clients who agreed to research.")
    ] = False,
    switch_on: Annotated[
        bool, typer.Option("--switch-on", help="Switch it on for the service in OPENIPT_HOME; needs --read-by.")
    ] = False,
    switch_off: Annotated[
        bool, typer.Option("--switch-off", help="Switch it off there; what was computed is thrown away.")
    ] = False,
    read_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --switch-on: sign-in name of the lead who read its use.")
    ] = None,
) -> None:
    """Look at what goes together in diaries: mood and people, mood and kinds of events, with ranges and status words.

    Rows with the same client and moment are one entry; a row without a person is an entry without contact. Times are
    local. Not for use where there is violence or coercion.
    """
    if switch_on or switch_off:
        if diary or out or lenient or rebuild or learn or (switch_on and switch_off):
            raise typer.BadParameter("stands alone", param_hint="--switch-on or --switch-off")
        from openipt.cli.insight_switch import switch_insight

        switch_insight(on=switch_on, read_by=read_by, as_json=as_json)
        return
    if rebuild:
        if diary or out or lenient:
            raise typer.BadParameter("takes no table and writes no page", param_hint="--rebuild")
        from openipt.cli.insight_rebuild import rebuild_fits

        rebuild_fits(as_json, learn)
        return
    if diary is None or learn:
        raise typer.BadParameter("name a table of diaries, or give --rebuild", param_hint="DIARY.csv")
    read = _read(diary, lenient)
    found = _look(read)
    if as_json:
        _print_json(found)
    if out or not as_json:
        _write_page(out or _beside(diary), found, read)


def _read(place: Path, lenient: bool) -> Diaries:
    """Read a table; end with every bad row named, or leave them out where that was asked for."""
    from openipt.cli.diary_table import TableError, read_table
    from openipt.cli.ending import refused
    from openipt.therapy.shelf import Problem, Refused

    try:
        with _opened(place) as stream:
            read = read_table(stream)
    except TableError as error:
        wrong, _, expected = str(error).partition("; expected ")
        raise refused(Refused(Problem(str(place), 0, "", wrong, expected))) from None
    _name_problems(read)
    if read.problems and not lenient:
        typer.echo("Nothing was looked at. Mend these rows, or leave them out with --lenient.", err=True)
        raise typer.Exit(1)
    if not read.clients:
        raise refused(Refused(Problem(str(place), 0, "", "no entry that can be read", "one interaction a row")))
    if read.problems:
        typer.echo(f"Left out: {len({problem.row for problem in read.problems})} rows.", err=True)
    return read


def _name_problems(read: Diaries) -> None:
    from openipt.cli.ending import printable

    for problem in read.problems[:MOST_SAID]:
        typer.echo(printable(str(problem)), err=True)
    if len(read.problems) > MOST_SAID:
        typer.echo(f"... and {len(read.problems) - MOST_SAID} more.", err=True)


@contextmanager
def _opened(place: Path) -> Iterator[object]:
    import sys

    if str(place) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = place.open("rb")
    except (OSError, ValueError) as error:
        wrong = getattr(error, "strerror", None) or str(error)
        raise typer.BadParameter(f"{str(place)!r} cannot be opened ({wrong})", param_hint="DIARY.csv") from None
    with stream:
        yield stream


def _look(read: Diaries) -> list[Found]:
    from openipt.therapy.insight import look
    from openipt.therapy.insight.entries import window

    found: list[Found] = []
    with _progress(len(read.clients)) as advance:
        for client, entries in read.clients.items():
            found.append((look(entries, client=client), window(entries)))
            advance(1)
    return found


@contextmanager
def _progress(total: int) -> Iterator[Advance]:
    """Show how far the work is: for many clients, on a terminal."""
    import sys

    if total < MANY or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Looking", total=total)
        yield lambda done: shown.advance(task, done)


def _print_json(found: Sequence[Found]) -> None:
    import json

    from openipt.cli.insight_data import as_data

    typer.echo(json.dumps({"clients": [as_data(one) for one, _ in found]}, indent=2))


def _beside(diary: Path) -> Path:
    return Path("insight.html") if str(diary) == "-" else diary.with_name(f"{diary.stem}.insight.html")


def _write_page(out: Path, found: Sequence[Found], read: Diaries) -> None:
    from openipt.cli.ending import printable, refused
    from openipt.cli.insight_page import html
    from openipt.therapy.shelf import Problem, Refused

    page = html(found, [str(problem) for problem in read.problems])
    if str(out) == "-":
        typer.echo(page, nl=False)
        return
    try:
        out.write_text(page, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        wrong = f"cannot be written ({error.strerror})"
        raise refused(Refused(Problem(str(out), 0, "", wrong, "a file that can be written"))) from error
    typer.echo(f"Written: {printable(str(out))}", err=True)
