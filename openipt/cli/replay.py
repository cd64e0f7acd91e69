"""`openipt replay`: a worked course told session by session, as text, as JSON, or as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openipt.cli.ending import printable, refused
from openipt.policy import open_door

if TYPE_CHECKING:
    from openipt.exchange.cases import Case
    from openipt.exchange.cases.replay import Replay

_STYLES = {"title": "bold underline", "heading": "bold", "label": "dim", "quiet": "dim", "look": "yellow"}


@open_door("Reads what it is given and the shelf; touches no record.")
def replay(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A case file, `-` for standard input, or an id (C01).")],
    until_session: Annotated[
        int | None, typer.Option(metavar="N", help="Tell up to session N, with what was known by the end of its day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="OUT.html", help="Write one HTML file.", dir_okay=False)] = None,
    words: Annotated[bool, typer.Option("--words", help="Quote the client in the notes.")] = False,
    people: Annotated[bool, typer.Option("--people", help="Name the people of the client's life.")] = False,
) -> None:
    """Tell a course session by session: offered, due, held back, done, state, flags, decisions, note, ending."""
    from openipt.exchange.cases.replay import replay as tell
    from openipt.therapy.shelf import Refused

    try:
        told = tell(_case(file), until_session, people=people, words=words)
    except Refused as error:
        raise refused(error) from error
    if html:
        _write(html, told)
    if as_json:
        _print_json(told)
    elif not html:
        _print(told)


def _case(file: str) -> Case:
    """Read the case that is named: a file, standard input, or one that stands on the shelf."""
    import sys

    from openipt.exchange.cases import open_case
    from openipt.exchange.cases.opening import case_ids, case_named, read_stream
    from openipt.therapy.shelf import Problem, Refused

    if file == "-":
        return read_stream(sys.stdin.buffer, "standard input")
    path = Path(file)
    found = path if path.exists() else case_named(file)
    if found is None:
        known = ", ".join(case_id for case_id in case_ids())
        raise Refused(Problem(file, 0, "", "no such file or worked case", f"a file, or one of {known}"))
    return open_case(found)


def _write(out: Path, told: Replay) -> None:
    from openipt.exchange.cases.report import html
    from openipt.therapy.shelf import Problem, Refused

    try:
        out.write_text(html(told), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        wrong, expected = f"cannot be written ({error.strerror})", "a file that can be written"
        raise refused(Refused(Problem(str(out), 0, "", wrong, expected))) from error
    typer.echo(f"Written: {printable(str(out))}", err=True)


def _print_json(told: Replay) -> None:
    import json

    from openipt.exchange.cases import as_json

    typer.echo(json.dumps(as_json(told), indent=2))


def _print(told: Replay) -> None:
    from rich.console import Console

    from openipt.exchange.cases.text import lines

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines(told):
        console.print(printable(line.text), style=_STYLES.get(line.style))
