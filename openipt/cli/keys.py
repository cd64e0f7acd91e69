"""`openipt rotate-key` and `openipt recovery-sheet`: the key of the service, changed and put on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openipt.policy import door

if TYPE_CHECKING:
    from openipt.accounts.models import Organisation

COMMAND_LINE = "command-line"  # who acts here: whoever has the key file in hand
PAGE = "recovery-sheet-{key}.txt"


@door("backups", "write")
def rotate_key(
    sheet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the new recovery sheet goes.", dir_okay=False)
    ] = None,
) -> None:
    """Change the key-encryption key while the service works, and write a new recovery sheet.

    The old sheet stays needed for as long as a backup exists that was made with the old key.
    """
    from openipt.cli.opening import now, opened, problem, write_secret_page

    with opened("rotate-key") as home:
        from openipt.casebook.sealing import recovery_sheet, rotate

        if sheet is not None and sheet.exists():
            raise problem("rotate-key", f"{sheet} is there already", "a place where nothing is; nothing was changed")
        done = rotate(now())
        page = sheet or home.path / PAGE.format(key=done.newest)
        write_secret_page("rotate-key", page, recovery_sheet(home.key_file))
        _note_all("key.rotate")
    typer.echo(f"Key {done.newest} is in use; {done.rewrapped} keys of clients, groups and authors were wrapped anew.")
    typer.echo(f"Print {page} and remove the file.")
    if done.dropped:
        typer.echo(f"Keep the old sheet while backups made with key {', '.join(done.dropped)} exist. Back up now.")
    if done.damaged:
        typer.echo(f"{len(done.damaged)} keys did not open and keep the old key. Run: openipt verify", err=True)
        raise typer.Exit(1)


@door("backups", "write")
def recovery_sheet(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it there; else print it.", dir_okay=False)
    ] = None,
) -> None:
    """Print the recovery sheet: with it and a backup, the whole record can be read. `openipt recovery-sheet | lp`."""
    from openipt.cli.opening import opened, write_secret_page

    with opened("recovery-sheet") as home:
        from openipt.casebook.sealing import recovery_sheet as sheet_of

        text = sheet_of(home.key_file)
        if out is not None:
            write_secret_page("recovery-sheet", out, text)
        _note_all("key.sheet")
    typer.echo(text if out is None else f"Print {out} and remove the file.")


def _note_all(act: str) -> None:
    from openipt.accounts.models import Organisation

    for organisation in Organisation.objects.order_by("id"):
        note_of_service(act, organisation)


def note_of_service(act: str, organisation: Organisation) -> None:
    """Write what was done to a service, not to a client, into its audit."""
    from django.db import transaction

    from openipt.audit.writing import wrote
    from openipt.cli.opening import now

    with transaction.atomic():
        wrote(act=act, by=COMMAND_LINE, at=now(), organisation=str(organisation.id), client=None, rows=[])
