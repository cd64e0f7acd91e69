"""`openipt progress`: dated scores in; what changed, and where each client stands, as a page or as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openipt.policy import open_door

if TYPE_CHECKING:
    from openipt.cli.dated_scores import Sheet
    from openipt.therapy.course.following import Followed
    from openipt.therapy.forms import Form
    from openipt.therapy.manuals import Manual
    from openipt.therapy.progress import Reference

MANY = 50  # clients from which on a bar shows how far the work is
MOST_SAID = 50  # rows named one by one

Advance = Callable[[int], object]


@open_door("Reads what it is given and the shelf; with --learn keeps numbers about many courses and shows none of one.")
def progress(
    scores: Annotated[
        Path | None,
        typer.Argument(metavar="SCORES.csv", help="Columns client, at, score (or the items)."),
    ] = None,
    form: Annotated[
        str | None, typer.Option(help="The measure: phq-9, gad-7 ... or the name of a scale of your own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Where to write the page. Default: SCORES.progress.html.")
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Leave out rows that cannot be read.")] = False,
    manual: Annotated[str, typer.Option(help="Whose decision points hold.")] = "ipt-classic",
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to judge on; else each client's last."),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="The week of the planned end.")] = 14,
    finished: Annotated[
        Path | None, typer.Option(metavar="FINISHED.csv", help="Scores of your own finished courses, same columns.")
    ] = None,
    worse: Annotated[Literal["higher", "lower"] | None, typer.Option(help="Own scale: which way is worse.")] = None,
    sd: Annotated[float | None, typer.Option(help="Own scale: standard deviation of people at the start.")] = None,
    reliability: Annotated[float | None, typer.Option(help="Own scale: its reliability, 0 to 1.")] = None,
    cutoff: Annotated[float | None, typer.Option(help="Own scale: where the clinical range begins.")] = None,
    learn: Annotated[
        bool,
        typer.Option("--learn", help="Learn the expected course of the service in OPENIPT_HOME; reads no table."),
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Expect nothing of any course there any more; reads no table.")
    ] = False,
) -> None:
    """Say what changed in a measure over time, for each client: reliable change, recovery, sudden gains, state.

    From 100 finished courses of your own on, the page also shows the course that was to be expected.
    """
    from openipt.cli.ending import refused
    from openipt.therapy.manuals import open_manual
    from openipt.therapy.shelf import Refused

    if learn or forget:
        _learn(forget, as_json, alone=not (scores or form or finished or out or (learn and forget)))
        return
    if scores is None or form is None:
        raise typer.BadParameter("name a table of scores and its --form, or give --learn", param_hint="SCORES.csv")
    try:
        measure = _measure(form, worse, sd, reliability, cutoff)
        treatment = open_manual(manual)
    except Refused as error:
        raise refused(error) from None
    sheet = _read(scores, measure, lenient)
    reference = _local(finished, measure, lenient, weeks)
    followed = _follow(sheet, measure, treatment, on, reference, weeks)
    if as_json:
        _print_json(followed)
    if out or not as_json:
        _write_page(out or _beside(scores), followed, sheet)


def _learn(forget: bool, as_json: bool, *, alone: bool) -> None:
    """Learn or forget what a service expects; only where nothing else was asked for."""
    from openipt.cli.progress_learn import learn_or_forget

    if not alone:
        raise typer.BadParameter("takes no table and writes no page", param_hint="--learn or --forget")
    learn_or_forget(forget, as_json)


def _measure(
    name: str,
    worse: Literal["higher", "lower"] | None,
    sd: float | None,
    reliability: float | None,
    cutoff: float | None,
) -> Form:
    """Open the measure, or make one from the numbers that were given."""
    from openipt.therapy.forms import open_form
    from openipt.therapy.progress import own_scale

    own = {"--worse": worse, "--sd": sd, "--reliability": reliability, "--cutoff": cutoff}
    given = [option for option, value in own.items() if value is not None]
    if not given:
        return open_form(name)
    if _on_shelf(name):
        raise typer.BadParameter(f"{name} stands on the shelf with its own numbers; leave {', '.join(given)} out")
    if sd is None or reliability is None:
        raise typer.BadParameter("a scale of your own needs --sd and --reliability", param_hint="--sd")
    try:
        return own_scale(name, sd=sd, reliability=reliability, cutoff=cutoff, worse=worse or "higher")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _on_shelf(name: str) -> bool:
    from openipt.therapy.forms import form_ids
    from openipt.therapy.vocabulary import vocabulary

    words = vocabulary()
    return name in {*form_ids(), *words["measure_aliases"], *words["worksheet_aliases"]}


def _read(place: Path, form: Form, lenient: bool) -> Sheet:
    """Read a table; end with every bad row named, or leave them out where that was asked for."""
    from openipt.cli.dated_scores import SheetError, read_scores
    from openipt.cli.ending import printable, refused
    from openipt.therapy.shelf import Problem, Refused

    try:
        with _opened(place) as stream:
            sheet = read_scores(stream, form)
    except SheetError as error:
        wrong, _, expected = str(error).partition("; expected ")
        raise refused(Refused(Problem(str(place), 0, "", wrong, expected))) from None
    for note in sheet.notes:
        typer.echo(printable(note), err=True)
    for one in sheet.left[:MOST_SAID]:
        typer.echo(printable(str(one)), err=True)
    if len(sheet.left) > MOST_SAID:
        typer.echo(f"... and {len(sheet.left) - MOST_SAID} more rows.", err=True)
    if sheet.left and not lenient:
        typer.echo("Nothing was judged. Mend these rows, or leave them out with --lenient.", err=True)
        raise typer.Exit(1)
    if not sheet.clients:
        raise refused(Refused(Problem(str(place), 0, "", "no row that can be read", "one score a row")))
    if sheet.left:
        typer.echo(f"Left out: {len(sheet.left)} rows.", err=True)
    return sheet


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
        raise typer.BadParameter(f"{str(place)!r} cannot be opened ({wrong})", param_hint="SCORES.csv") from None
    with stream:
        yield stream


def _local(finished: Path | None, form: Form, lenient: bool, weeks: int) -> Reference | None:
    """Estimate the expected course of the service that asks; None where it gave no finished courses."""
    if finished is None:
        return None
    from openipt.therapy.course.series import finished_course
    from openipt.therapy.progress.local import local_reference

    sheet = _read(finished, form, lenient)
    return local_reference(form, [finished_course(rows) for rows in sheet.scores().values()], max(weeks, 16))


def _follow(
    sheet: Sheet, form: Form, manual: Manual, on: datetime | None, reference: Reference | None, weeks: int
) -> list[Followed]:
    from openipt.therapy.course.following import follow

    today = on.date() if on else None
    followed = []
    with bar("Following", len(sheet.clients)) as advance:
        for client, scores in sheet.scores().items():
            followed.append(follow(scores, form, manual, today, reference, weeks, client))
            advance(1)
    return followed


@contextmanager
def bar(what: str, total: int) -> Iterator[Advance]:
    """Show how far the work is: for many clients, on a terminal."""
    import sys

    if total < MANY or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda done: shown.advance(task, done)


def _print_json(followed: list[Followed]) -> None:
    import json

    from openipt.cli.progress_data import as_data

    typer.echo(json.dumps({"clients": [as_data(one) for one in followed]}, indent=2))


def _beside(scores: Path) -> Path:
    return Path("progress.html") if str(scores) == "-" else scores.with_name(f"{scores.stem}.progress.html")


def _write_page(out: Path, followed: list[Followed], sheet: Sheet) -> None:
    from openipt.cli.ending import printable, refused
    from openipt.cli.progress_page import html
    from openipt.therapy.shelf import Problem, Refused

    page = html(followed, [str(one) for one in sheet.left])
    if str(out) == "-":
        typer.echo(page, nl=False)
        return
    try:
        out.write_text(page, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        wrong = f"cannot be written ({error.strerror})"
        raise refused(Refused(Problem(str(out), 0, "", wrong, "a file that can be written"))) from error
    typer.echo(f"Written: {printable(str(out))}", err=True)
