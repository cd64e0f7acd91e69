"""`openipt insight --switch-on`, `--switch-off`: carried out on the server for whoever answers for the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from openipt.cli.opening import bar, now, opened, print_json, problem

if TYPE_CHECKING:
    from openipt.accounts.models import Account, Organisation

COMMAND = "insight --switch-on"
COMMAND_LINE = "command-line"
USE = ("intended", "basis", "violence", "client", "limits")


def switch_insight(on: bool, read_by: str | None, as_json: bool) -> None:
    """Switch insight on or off for the service here; on, what diaries already hold is looked at once.

    Args:
        on: On, or off.
        read_by: Sign-in name of the lead who read what it is for. Off needs nobody: it is the safe side.
        as_json: JSON in place of words.
    """
    if on and not read_by:
        _print_use()
        raise typer.BadParameter("name the lead who has read this, by their sign-in name", param_hint="--read-by")
    with opened(COMMAND):
        from openipt.accounts.models import Organisation

        told = [_switched(one, on, read_by, as_json) for one in Organisation.objects.order_by("id")]
    if as_json:
        print_json({"services": told})
        return
    for one in told:
        stands = "on" if one["on"] else "off"
        typer.echo(f"Service {one['service']}: switched {stands}.{'' if one['changed'] else ' It was so before.'}")


def _print_use() -> None:
    from openipt.therapy.words import render, say

    for name in USE:
        typer.echo(render(say(f"insight.switch.{name}")), err=True)


def _switched(organisation: Organisation, on: bool, read_by: str | None, as_json: bool) -> dict[str, object]:
    from openipt.casebook.operations.fitting import rebuild, switch
    from openipt.casebook.queries.visible import NotAllowed

    reader = _reader(organisation, read_by) if read_by else None
    at = now()
    try:
        changed = switch(
            organisation=organisation,
            on=on,
            read_by=reader.id if reader else None,
            read_on=at.date(),
            at=at,
            by=COMMAND_LINE,
        )
    except NotAllowed:
        expected = "somebody who leads the service, to decide about it"
        raise problem(COMMAND, f"{read_by} does not decide about this", expected) from None
    if on and changed:
        with bar(as_json) as watched:
            for done, _ in enumerate(rebuild(organisation.id, at), 1):
                watched("what goes along with mood", done, None)
    return {"service": str(organisation.id), "on": on, "changed": changed}


def _reader(organisation: Organisation, name: str) -> Account:
    from openipt.accounts.models import Account

    found = Account.objects.filter(username=name.strip().lower(), organisation=organisation).first()
    if found is None:
        raise problem(COMMAND, f"nobody signs in as {name!r} here", "the sign-in name of a lead of this service")
    return found
