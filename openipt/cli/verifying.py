"""`openipt verify`, `openipt anchor`, `openipt rebuild`: whether the record is what was written, and its proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openipt.policy import door

if TYPE_CHECKING:
    from openipt.exchange.backup.wholeness import Wrong

app = typer.Typer(name="rebuild", help="Make anew what can be made from the record.", no_args_is_help=True)


@door("audit_trail", "read")
def verify(
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE|FILE", help="A line of openipt anchor that was kept elsewhere, or a file of them."),
    ] = None,
    standing: Annotated[bool, typer.Option("--standing", help="Recompute the caseload's row of every course.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Check the whole service: audit, rows, definitions, keys, guards. Exit code 1 where something is wrong."""
    from openipt.cli.opening import bar, opened, print_json

    with opened("verify"):
        from openipt.exchange.backup.wholeness import counts, wrongs

        lines = [line for one in against or [] for line in _lines(one)]
        with bar(as_json) as watched:
            found = [*wrongs(standing, watched), *_kept_elsewhere(lines)]
        checked = counts()
    if as_json:
        print_json({"whole": not found, "faults": [one.said() for one in found], "checked": checked})
    else:
        _tell(found, checked, len(lines))
    if found:
        raise typer.Exit(1)


def _lines(given: str) -> list[str]:
    """Return the lines of anchors that were named: the line itself, or all in a file."""
    if given.strip().startswith("openipt anchor"):
        return [given]
    try:
        text = Path(given).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        from openipt.cli.opening import problem

        wrong = getattr(error, "strerror", None) or "not text"
        raise problem(f"verify: {given}", f"cannot be read ({wrong})", "a file of anchor lines, or one line") from None
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _kept_elsewhere(lines: list[str]) -> Iterator[Wrong]:
    from openipt.audit.anchors import check_against
    from openipt.cli.opening import problem
    from openipt.exchange.backup.wholeness import as_wrong

    for line in lines:
        try:
            yield from map(as_wrong, check_against(line))
        except ValueError:
            raise problem("verify", f"{line[:60]!r} is not the line of an anchor", "it whole, as printed") from None


def _tell(found: list[Wrong], checked: dict[str, int], anchors: int) -> None:
    from openipt.cli.ending import printable

    for one in found:
        typer.echo(printable(one.words), err=True)
    said = ", ".join(f"{n:,} {what}" for what, n in checked.items())
    kept = f"; compared with {anchors} kept elsewhere" if anchors else ""
    typer.echo(f"Checked: {said}{kept}.")
    typer.echo(f"Something is wrong: {len(found)}." if found else "Everything is as it was written.")


@door("audit_trail", "read")
def anchor(
    anew: Annotated[bool, typer.Option("--new", help="Make one now, also where today has one.")] = False,
) -> None:
    """Print the anchor of today as one line, to be kept where nobody of this machine can reach it."""
    from openipt.cli.opening import now, opened

    with opened("anchor"):
        from openipt.audit import anchors
        from openipt.post.housekeeping import anchor_of_today

        made = anchors.anchor(now()) if anew else anchor_of_today(now())
        line = anchors.as_line(made)
    typer.echo(line)


@app.command("standing")
@door("backups", "write")
def rebuild_standing(
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Recompute the caseload's row of every course from its record."""
    from openipt.cli.opening import bar, now, opened, print_json

    with opened("rebuild standing"):
        from openipt.casebook.models import Enrolment
        from openipt.casebook.operations.new_day import reckon

        courses = list(Enrolment.objects.order_by("id").values_list("id", flat=True))
        made = 0
        with bar(as_json) as watched:
            for done, course in enumerate(courses):
                watched("rows of the caseload", done, len(courses))
                made += reckon(course, now(), anew=True)
    left = len(courses) - made
    if as_json:
        print_json({"made": made, "erased": left})
        return
    typer.echo(
        f"Rows made anew: {made}." + (f" Left as they are, the client's key being erased: {left}." if left else "")
    )


@app.callback()
def _rebuild() -> None:
    pass  # one command alone would take the group's place
