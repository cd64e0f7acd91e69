"""`openipt setup`: a service from nothing; and `openipt upgrade`: its tables for a newer version of the program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from openipt.policy import door, open_door

if TYPE_CHECKING:
    from openipt.site.home import Home

SHEET = "recovery-sheet.txt"
HomeFolder = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The folder of the service. Default: OPENIPT_HOME.", file_okay=False)
]


@open_door("Before it there is nobody who could be asked who they are.")
def setup(
    name: Annotated[str | None, typer.Option(help="The service, as people know it.")] = None,
    zone: Annotated[str | None, typer.Option(help="The zone its days are counted in: Europe/Lisbon ...")] = None,
    solo: Annotated[bool | None, typer.Option("--solo/--no-solo", help="One clinician works here alone.")] = None,
    admin: Annotated[str | None, typer.Option(metavar="NAME", help="Sign-in name of the first administrator.")] = None,
    admin_name: Annotated[str | None, typer.Option(metavar="NAME", help="The same person as colleagues know.")] = None,
    email: Annotated[str | None, typer.Option(help="Their work address, for a forgotten password.")] = None,
    promise: Annotated[
        Path | None,
        typer.Option(metavar="FILE.yaml", help="Hours of each day, and whether somebody is on duty.", dir_okay=False),
    ] = None,
    address: Annotated[str | None, typer.Option(help="Of the service in a browser: https://...")] = None,
    mail_host: Annotated[str | None, typer.Option(help="The mail server; nobody is called without one.")] = None,
    mail_port: Annotated[int, typer.Option(min=1, max=65535)] = 587,
    mail_security: Annotated[Literal["starttls", "tls", "none"], typer.Option()] = "starttls",
    mail_user: Annotated[str | None, typer.Option(help="Its password is asked, or OPENIPT_MAIL_PASSWORD.")] = None,
    mail_from: Annotated[str | None, typer.Option(help="The address that mails come from.")] = None,
    home: HomeFolder = None,
    sheet: Annotated[
        Path | None, typer.Option(metavar="FILE", help=f"The recovery sheet. Default: {SHEET} in the home folder.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; what was not given has its default.")] = False,
) -> None:
    """Make a service: home folder, keys, tables, organisation, hours, mail, first administrator.

    What is missing is asked. The administrator's password is asked too, or taken from OPENIPT_ADMIN_PASSWORD.
    """
    from openipt.cli.asking import Asked, ask
    from openipt.cli.opening import opened

    place = _place(home, yes)
    given: dict[str, Any] = {
        "name": name, "zone": zone, "solo": solo, "admin": admin, "admin_name": admin_name, "email": email,
        "promise": promise, "address": address, "mail_host": mail_host, "mail_port": mail_port,
        "mail_security": mail_security, "mail_user": mail_user, "mail_from": mail_from,
    }  # fmt: skip
    with opened("setup", place, new=True) as found:
        page = sheet or found.path / SHEET
        _refuse_twice(found, page)
        wanted = ask(Asked(given, yes))
        _make(found, wanted, page)
    _tell(found, page, wanted.service_file)


def _place(home: Path | None, yes: bool) -> Path:
    from openipt.site.home import VARIABLE

    given = home or os.environ.get(VARIABLE)
    if given is None and yes:
        raise typer.BadParameter(f"say where the service keeps its record, here or in {VARIABLE}", param_hint="--home")
    if given is None:
        given = typer.prompt("Folder for the record, on a disk of this machine", default="openipt-service")
    return Path(given).absolute()


def _refuse_twice(home: Home, page: Path) -> None:
    from openipt.cli.opening import problem
    from openipt.site.making import services, strangers

    made = ", ".join(one.name for one in services())
    files = [path.name for path in (home.record, home.keys, home.key_file, home.secret_file) if path.exists()]
    if made:
        there = f"the service {made} is set up there already ({', '.join(files) or 'in PostgreSQL'})"
        raise problem(f"setup: {home.path}", there, "another folder; nothing was changed")
    others = strangers(home)
    if others:
        raise problem(f"setup: {home.path}", f"other things lie there: {', '.join(others[:3])}", "a folder of its own")
    if page.exists():
        raise problem(f"setup: {page}", "is there already", "a place for the recovery sheet where nothing is")


def _make(home: Home, wanted: Any, page: Path) -> None:
    from openipt.accounts.names import NameRefusedError
    from openipt.accounts.own_secret import WeakSecretError
    from openipt.casebook.sealing import recovery_sheet
    from openipt.cli.opening import now, problem, write_secret_page
    from openipt.site.making import make_home, make_service, make_tables

    try:
        make_home(home, now())
    except OSError as error:
        raise problem(f"setup: {home.path}", f"cannot be made ({error.strerror})", "a folder we may write to") from None
    make_tables()
    try:
        make_service(home, wanted, now())
    except (NameRefusedError, WeakSecretError) as error:
        raise problem("setup", str(error).rstrip("."), "another one; run openipt setup again") from None
    write_secret_page("setup", page, recovery_sheet(home.key_file))


def _tell(home: Home, page: Path, service_file: Any) -> None:
    from openipt.accounts.models import Account
    from openipt.cli.ending import printable
    from openipt.site.making import CRISIS

    first = Account.objects.order_by("id").values_list("username", flat=True)[0]
    lines = [
        f"The service is set up in {home.path}",
        f"Sign in as {first}, with the password you gave; the pages start with `openipt serve`.",
        "",
        f"1. Print {page}",
        "   and remove the file. Without that sheet, a lost key file means that nobody can read the record again.",
        f"2. Write the crisis numbers into {home.path / CRISIS}",
        f"3. Let every command know the service: export OPENIPT_HOME={home.path}",
        "4. Run `openipt tick` every minute: it is what calls people about flags.",
        "5. Run `openipt backup DIR` every five minutes, to another disk.",
        "How to do 3 to 5: docs/how-to/run-a-service.md",
    ]
    if service_file.mail is None:
        lines.append("There is no mail server yet: nobody is called until `mail` stands in service.yaml.")
    for line in lines:
        typer.echo(printable(line))


@door("backups", "write")
def upgrade(home: HomeFolder = None) -> None:
    """Bring the tables of both stores to this version of the program. Make a backup first, and stop the service."""
    from openipt.cli.opening import opened
    from openipt.site.making import make_tables, tables_are_old

    with opened("upgrade", home, old_tables=True):
        old = tables_are_old()
        make_tables()
    typer.echo("The tables are those of this version." if old else "The tables were those of this version already.")
