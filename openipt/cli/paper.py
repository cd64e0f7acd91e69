"""`openipt paper`: any form, or the pack of a manual, as an accessible PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openipt.policy import open_door


@open_door("Reads what it is given and the shelf; touches no record.")
def paper(
    name: Annotated[
        str, typer.Argument(metavar="FORM|MANUAL", help="A form (phq-9), or a manual for its whole pack (ipt-classic).")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Where to write it; NAME.pdf otherwise. A pack is two: NAME-client.pdf, NAME-staff.pdf.",
            dir_okay=False,
        ),
    ] = None,
    staff: Annotated[bool, typer.Option("--staff", help="With what only staff may ask.")] = False,
) -> None:
    """Write a form, or everything a manual uses, as a tagged PDF to print."""
    from openipt.cli.ending import refused
    from openipt.exchange.paper import NoPaperError, form_pdf, manual_pdf
    from openipt.therapy.forms import open_form
    from openipt.therapy.manuals import open_manual
    from openipt.therapy.shelf import Problem, Refused, stands

    try:
        if stands(name, "manuals"):
            manual = open_manual(name)
            made = {part: manual_pdf(manual, for_staff=part == "-staff") for part in ("-client", "-staff")}
        else:
            made = {"": form_pdf(open_form(name), staff=staff)}
    except NoPaperError as missing:
        wrong, _, expected = str(missing).partition("; expected: ")
        raise refused(Refused(Problem("paper", 0, "", wrong, expected))) from missing
    except Refused as problem:
        raise refused(problem) from problem
    place = out or Path(f"{name}.pdf")
    for part, pages in made.items():
        _write(place.with_stem(place.stem + part) if part else place, pages)


def _write(target: Path, made: bytes) -> None:
    from openipt.cli.ending import refused
    from openipt.therapy.shelf import Problem, Refused

    try:
        target.write_bytes(made)
    except OSError as error:
        wrong = f"cannot be written ({error.strerror})"
        unwritten = Problem(str(target), 0, "", wrong, "a place that can be written to")
        raise refused(Refused(unwritten)) from error
    typer.echo(f"{target}: {len(made) // 1024} kB")
