"""`openipt backup` and `openipt restore`: the record and its keys as two encrypted files, and back again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openipt.policy import door

if TYPE_CHECKING:
    from openipt.casebook.sealing import Keyring
    from openipt.cli.opening import Watched
    from openipt.exchange.backup.restoring import Restored
    from openipt.site.home import Home

AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]


@door("backups", "write")
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it: on another disk.", file_okay=False)],
    keep: Annotated[int | None, typer.Option(min=1, metavar="N", help="Keep the newest N; older ones go.")] = None,
    keep_keys: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Keep the keys of the newest N only: makes erasing true sooner."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy record and keys, as they are at one moment, into two encrypted files, while the service works.

    The key file is in neither of them. Whoever restores needs it, or its recovery sheet.
    """
    from openipt.cli.opening import bar, now, opened, print_json

    with opened("backup") as home:
        from openipt.casebook.sealing import read_key_file
        from openipt.exchange.backup.making import make_backup
        from openipt.exchange.backup.retaining import keep_newest
        from openipt.post.clock import BACKUP, ran

        with bar(as_json) as watched:
            made = make_backup(folder, home.path, read_key_file(home.key_file).newest, now(), watched)
        gone = keep_newest(folder, keep, keep_keys)
        ran(BACKUP, now())
    if as_json:
        print_json({"page": str(made.page), **made.manifest.said(), "removed": gone})
        return
    typer.echo(f"{made.page}: {made.size / 1e6:,.1f} MB, made with key {made.manifest.key}")
    if gone:
        typer.echo(f"Older files that went: {len(gone)}")


@door("backups", "write")
def restore(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The two files, or the manifest beside them.")],
    into: Annotated[Path, typer.Option(metavar="DIR", help="An empty folder: the service's new home.")],
    key_file: Annotated[
        list[Path] | None, typer.Option("--key-file", metavar="FILE", help="The key file; more than one is possible.")
    ] = None,
    sheet: Annotated[
        list[Path] | None, typer.Option("--sheet", metavar="FILE", help="A recovery sheet that was typed back.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty folder, and make sure that it is whole. Nothing is ever overwritten."""
    from openipt.cli.opening import bar, opened, print_json

    if not key_file and not sheet:
        raise typer.BadParameter("name the key file, or the recovery sheet as typed back", param_hint="--key-file")
    for name in ("DATABASE_URL", "KEYS_URL"):
        os.environ.pop(name, None)  # what is restored lies in the folder
    with opened("restore", into.absolute(), new=True) as home:
        from openipt.exchange.backup.restoring import restore as bring_back

        with bar(as_json) as watched:
            restored = bring_back(files, home.path, _keys(key_file or [], sheet or []), watched)
            said = _look_at(home, restored, watched)
    print_json(said) if as_json else _tell(said)
    if not said["whole"]:
        raise typer.Exit(1)


def _keys(key_files: list[Path], sheets: list[Path]) -> Keyring:
    """Return all the keys that were given, the newest last."""
    from openipt.casebook.sealing import Keyring, read_key_file, restore_from_sheet

    rings = [read_key_file(path) for path in key_files]
    rings += [restore_from_sheet(path.read_text(encoding="utf-8")) for path in sheets]
    keys = {key.id: key for ring in rings for key in ring.keys}
    return Keyring(tuple(sorted(keys.values(), key=lambda key: key.made)))


def _look_at(home: Home, restored: Restored, watched: Watched) -> dict[str, Any]:
    """Make the restored folder a home of this version, verify it, and let its audit say that it was restored."""
    from openipt.audit.anchors import cover
    from openipt.cli.opening import now
    from openipt.exchange.backup.wholeness import wrongs
    from openipt.site.making import make_home, make_tables

    make_home(home, now())  # a secret, where none was in the backup
    make_tables()
    same = cover(restored.ends.upto).heads == restored.ends.heads
    wrong = list(wrongs(watched=watched))
    _note_restored()
    return {
        "home": str(home.path),
        "as_of": restored.made_at.isoformat(),
        "audit_compared_with_manifest": restored.compared,
        "whole": same and not wrong,
        "faults": [one.said() for one in wrong],
    }


def _note_restored() -> None:
    """The audit itself says that it was restored."""
    from openipt.accounts.models import Organisation
    from openipt.cli.keys import note_of_service

    for organisation in Organisation.objects.all():
        note_of_service("store.restore", organisation)


def _tell(said: dict[str, Any]) -> None:
    from openipt.cli.ending import printable

    typer.echo(f"Restored into {printable(said['home'])}, as it was at {said['as_of']}")
    for one in said["faults"]:
        typer.echo(printable(one["words"]), err=True)
    if said["whole"]:
        typer.echo("It is whole: audit, rows, definitions, keys and guards.")
        typer.echo(f"Start the service with OPENIPT_HOME={printable(said['home'])}")
        typer.echo("Whoever answered after that moment has to be asked again.")
