"""`openipt library`: what stands on the shelf, whether it can be used, and how to add to it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from openipt.policy import open_door

app = typer.Typer(
    name="library",
    help="Questionnaires, worksheets, lessons and manuals on the shelf: list them, check them, add to them.",
    no_args_is_help=True,
)


class Grammar(Enum):
    """The kinds of page that have a schema."""

    form = "form"
    lesson = "lesson"
    manual = "manual"


Row = dict[str, str]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]


@app.command()
@open_door("What stands on the shelf is about nobody.")
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
@open_door("What stands on the shelf is about nobody.")
def list_shelf(as_json: AsJson = False) -> None:
    """List every questionnaire, worksheet, lesson and manual on the shelf."""
    from openipt.cli.ending import printable
    from openipt.therapy.forms import form_ids, open_form
    from openipt.therapy.lessons import lesson_ids, open_lesson
    from openipt.therapy.manuals import open_manual
    from openipt.therapy.shelf import Problem, Refused, ids

    problems: list[Problem] = []

    def opened(ids: list[str], open_one: Callable[[str], Any], about: Callable[[Any], dict[str, str]]) -> list[Row]:
        rows = []
        for name in ids:
            try:
                rows.append({"id": name, **about(open_one(name))})
            except Refused as error:
                problems.extend(error.problems)
        return rows

    forms = opened(form_ids(), open_form, _about_form)
    lessons = opened(lesson_ids(), open_lesson, _about_lesson)
    manuals = opened(ids("manuals"), open_manual, _about_manual)
    if as_json:
        plain = [_plain(problem) for problem in problems]
        _print_json({"forms": forms, "lessons": lessons, "manuals": manuals, "problems": plain})
    else:
        _print_table([*forms, *lessons, *manuals])
        for problem in problems:
            typer.echo(printable(str(problem)), err=True)
    if problems:
        raise typer.Exit(1)


def _about_form(form: Any) -> Row:
    text = "text included" if form.may_ship else "structure only"
    return {"kind": form.kind, "name": form.name, "title": form.title, "version": form.version, "text": text}


def _about_lesson(lesson: Any) -> Row:
    return {"kind": "lesson", "title": lesson.title, "version": lesson.version, "text": "text included"}


def _about_manual(manual: Any) -> Row:
    return {"kind": "manual", "title": manual.title, "version": manual.version, "text": "text included"}


@app.command()
@open_door("What stands on the shelf is about nobody.")
def schema(
    kind: Annotated[Grammar, typer.Argument(help="form, lesson (its head) or manual.")] = Grammar.form,
) -> None:
    """Print the JSON Schema of a definition, for editors that complete and check while you write."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    _print_json({**draft, **_schema_of(kind), "title": f"OpenIPT {kind.value}"})


def _schema_of(kind: Grammar) -> dict[str, object]:
    if kind is Grammar.form:
        from openipt.therapy.forms import Form

        return Form.model_json_schema()
    if kind is Grammar.manual:
        from openipt.therapy.manuals.schema import page_schema

        return page_schema()
    from openipt.therapy.lessons import Lesson

    whole = Lesson.model_json_schema()
    whole["properties"].pop("text")  # it stands below the head
    return {**whole, "required": [key for key in whole["required"] if key != "text"]}


@app.command()
@open_door("What stands on the shelf is about nobody.")
def new(
    kind: Annotated[str, typer.Argument(help="questionnaire, worksheet or manual.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id, such as my-scale: the name of its folder.")],
    shelf_folder: Annotated[
        Path | None,
        typer.Option(
            "--in", help="The shelf to write to; else the first of OPENIPT_LIBRARY, else here.", file_okay=False
        ),
    ] = None,
) -> None:
    """Begin a questionnaire, worksheet or manual: a small valid folder with comments that guide."""
    from openipt.cli.ending import refused
    from openipt.cli.shelf_new import new_folder
    from openipt.therapy.shelf import Refused

    try:
        folder = new_folder(kind, name, shelf_folder)
    except Refused as error:
        raise refused(error) from None
    typer.echo(f"{folder}: {', '.join(sorted(page.name for page in folder.iterdir()))}")
    typer.echo(f"Write it, then: openipt library check {folder.parent.parent}")


@app.command()
@open_door("What stands on the shelf is about nobody.")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A manual: a file, an id, or id@version.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The manual to compare it with.")],
) -> None:
    """Say what differs between two manuals: safety, gates and what is forbidden first."""
    from openipt.cli.ending import printable, refused
    from openipt.cli.shelf_diff import manual_named
    from openipt.therapy.manuals import differences
    from openipt.therapy.shelf import Refused

    try:
        old, new_one = manual_named(before), manual_named(after)
    except Refused as error:
        raise refused(error) from None
    typer.echo(f"From {old.id} {old.version} to {new_one.id} {new_one.version}")
    found = differences(old, new_one)
    for part, lines in found:
        typer.echo(f"\n{part}")
        for line in lines:
            typer.echo(printable(f"  {line}"))
    if not found:
        typer.echo("Nothing differs.")


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
