"""`openipt library`: what stands on the shelf, and whether it can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="library",
    help="Questionnaires, worksheets and manuals on the shelf: list them, check them.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="A folder of definitions; without it, every shelf in use.",
            exists=True,
            file_okay=False,
            readable=True,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read every definition and say what is wrong with it: file, line, key, what was expected."""
    from openipt.cli.ending import printable
    from openipt.cli.shelf_check import check_folders
    from openipt.therapy import shelf

    found = check_folders([folder] if folder else list(shelf.shelves()))
    if as_json:
        _print_json({"read": sum(found.read.values()), "problems": [_plain(problem) for problem in found.problems]})
    else:
        for problem in found.problems:
            typer.echo(printable(str(problem)))
        counts = " and ".join(f"{n} {kind}" for kind, n in found.read.items())
        typer.echo(f"{counts or 'Nothing'} read; problems: {len(found.problems)}.")
    if found.problems:
        raise typer.Exit(1)


@app.command("list")
def list_shelf(as_json: AsJson = False) -> None:
    """List every questionnaire and worksheet on the shelf."""
    from openipt.cli.ending import printable
    from openipt.therapy.forms import form_ids, open_form
    from openipt.therapy.shelf import Problem, Refused

    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    for form_id in form_ids():
        try:
            form = open_form(form_id)
        except Refused as error:
            problems += error.problems
            continue
        text = "text included" if form.may_ship else "structure only"
        about = {"kind": form.kind, "name": form.name, "title": form.title, "version": form.version, "text": text}
        rows.append({"id": form.id, **about})
    if as_json:
        _print_json({"forms": rows, "problems": [_plain(problem) for problem in problems]})
    else:
        _print_table(rows)
        for problem in problems:
            typer.echo(printable(str(problem)), err=True)
    if problems:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of form.yaml, for editors that complete and check while you write."""
    from openipt.therapy.forms import Form

    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    _print_json({**draft, **Form.model_json_schema(), "title": "OpenIPT form"})


def _print_json(data: object) -> None:
    import json

    typer.echo(json.dumps(data, indent=2))


def _plain(problem: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(problem)  # type: ignore[call-overload, no-any-return]


def _print_table(rows: list[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in ("id", "kind", "title", "version", "text"):
        table.add_column(head, overflow="fold", no_wrap=head == "id")
    for row in rows:
        table.add_row(row["id"], row["kind"], row["title"], row["version"], row["text"])
    Console(highlight=False, markup=False, emoji=False).print(table)
