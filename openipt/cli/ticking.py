"""`openipt tick`: the clock of a service, to be run every minute."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from openipt.policy import open_door

if TYPE_CHECKING:
    from datetime import datetime

    from openipt.post.ticking import Ticked


@open_door("The service's own clock: it shows nothing of a client, and what it does is in the audit.")
def tick(
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="Another moment than now, such as 2026-03-02T09:00+00:00.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Tell people of flags, pass on what is overdue, send mail, tidy the house. Safe to run twice at once.

    Exit code 1 where something could not be done: a mail server that does not answer, a flag that is nobody's task.
    """
    from openipt.cli.opening import bar, opened, print_json

    moment = _moment(at)
    with opened("tick"):
        from openipt.post.ticking import tick as do_round

        with bar(as_json) as watched:
            did = do_round(moment, lambda done, of: watched("rows of the caseload", done, of))
    if as_json:
        print_json({"at": moment.isoformat(), **asdict(did), "well": did.well})
    else:
        _tell(did)
    if not did.well:
        raise typer.Exit(1)


def _moment(text: str | None) -> datetime:
    from datetime import UTC, datetime

    from openipt.cli.opening import now

    if text is None:
        return now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no moment, such as 2026-03-02T09:00+00:00", param_hint="--at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tell(did: Ticked) -> None:
    """Say what was done; nothing where nothing was, so that cron sends no mail about it."""
    said = {
        "people called": did.told, "flags passed on": did.passed_on, "mails sent": did.sent,
        "messages given up": did.expired, "courses reckoned for the day": did.reckoned, "old drafts gone": did.drafts,
        "old sign-ins gone": did.sign_ins,
    }  # fmt: skip
    done = ", ".join(f"{what}: {n}" for what, n in said.items() if n)
    if done:
        typer.echo(done)
    if did.failed:
        typer.echo(f"Mails that did not go out, to be tried again: {did.failed}", err=True)
    if did.nobody:
        typer.echo(f"Flags that are nobody's task, and nobody to pass them on to: {did.nobody}", err=True)
    for part in did.broken:
        typer.echo(f"Could not be done: {part} (see the log)", err=True)
