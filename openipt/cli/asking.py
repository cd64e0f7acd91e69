"""What `openipt setup` has to know: taken from the options, asked for where somebody sits there, else by default."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from openipt.site.making import Wanted
    from openipt.site.service_file import Mail, ServiceFile

ADMIN_PASSWORD, MAIL_PASSWORD = "OPENIPT_ADMIN_PASSWORD", "OPENIPT_MAIL_PASSWORD"
FIRST_HOURS = "09:00-17:00"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were given, and whether nothing may be asked."""

    given: dict[str, Any]
    quiet: bool

    def text(self, option: str, words: str, default: str | None = None) -> str:
        """Return an option; ask for it, or take its default. Without a default it has to be given."""
        value = self.given.get(option)
        if value is not None:
            return str(value)
        if self.quiet:
            if default is None:
                hint = f"--{option.replace('_', '-')}"
                raise typer.BadParameter("has to be given where nothing may be asked", param_hint=hint)
            return default
        return str(typer.prompt(words, default=default, show_default=bool(default)))

    def yes_no(self, option: str, words: str) -> bool:
        """Return an option that is yes or no; no by default."""
        value = self.given.get(option)
        if value is not None:
            return bool(value)
        return False if self.quiet else typer.confirm(words, default=False)

    def right(self, option: str, read: Callable[[], Value]) -> Value:
        """Return what `read` makes of an option; where that is wrong and somebody sits there, say so and ask again.

        Raises:
            Refused: It is wrong, and nothing may be asked.
        """
        from openipt.cli.opening import problem

        while True:
            try:
                return read()
            except ValueError as error:
                wrong, _, expected = str(error).rstrip(".").partition("; expected ")
                if self.quiet or option == ADMIN_PASSWORD:
                    raise problem("setup", wrong, expected or "another one") from None
                typer.echo(str(error), err=True)
                self.given.pop(option, None)  # what was given was wrong


def ask(asked: Asked) -> Wanted:
    """Return all that set-up has to know.

    Raises:
        typer.BadParameter: Something has to be given where nothing may be asked.
        Refused: What was given is wrong.
    """
    from openipt.site.making import Wanted

    name = asked.text("name", "Name of the service, as people know it")
    zone = asked.right("zone", lambda: _zone(asked))
    solo = asked.yes_no("solo", "Does one clinician work here alone?")
    promise = _promise(asked)
    admin = asked.right("admin", lambda: _sign_in_name(asked))
    called = asked.text("admin_name", "The same person, as colleagues and clients know them", default=admin)
    email = asked.text("email", "Their work e-mail address (empty: none)", default="")
    service_file = _service_file(asked)
    password = _password(asked, admin, called)
    return Wanted(name, zone, admin, called, password, solo, email, promise, service_file)


def _zone(asked: Asked) -> str:
    from zoneinfo import ZoneInfo

    zone = asked.text("zone", "Zone in which its days are counted", default=_zone_here())
    try:
        return ZoneInfo(zone).key
    except (OSError, ValueError, KeyError):  # a zone that is not there is a KeyError
        raise ValueError(f"there is no zone {zone!r}; expected one such as Europe/Lisbon") from None


def _zone_here() -> str:
    """Return the zone of this machine, where it says so."""
    link = Path("/etc/localtime")
    found = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return os.environ.get("TZ") or found or "UTC"


def _sign_in_name(asked: Asked) -> str:
    from openipt.accounts.names import staff_name

    return staff_name(asked.text("admin", "Sign-in name of the first administrator, such as m.okoye"))


def _promise(asked: Asked) -> dict[str, Any]:
    from openipt.site.promising import DEFAULT, office_hours, read_promise

    path = asked.given.get("promise")
    if path is not None:
        return read_promise(path)
    if asked.quiet:
        return DEFAULT
    words = "Hours, Monday to Friday"
    hours = asked.right("hours", lambda: office_hours(asked.text("hours", words, default=FIRST_HOURS)))
    return {"hours": hours, "duty": asked.yes_no("duty", "Does somebody on duty answer outside these hours?")}


def _service_file(asked: Asked) -> ServiceFile:
    from openipt.site.service_file import ServiceFile, checked_address

    words = "Its address in a browser, https://... (empty: this machine only)"
    address = asked.right("address", lambda: checked_address(asked.text("address", words, default="")))
    return ServiceFile(address, _mail(asked))


def _mail(asked: Asked) -> Mail | None:
    from openipt.site.service_file import Mail

    host = asked.text("mail_host", "Mail server (empty: none yet)", default="")
    if not host:
        return None
    sender = asked.text("mail_from", "Address that mails come from")
    user = asked.text("mail_user", "User at the mail server (empty: none)", default="")
    password = os.environ.get(MAIL_PASSWORD, "")
    if user and not password and not asked.quiet:
        password = typer.prompt("Password at the mail server", hide_input=True)
    return Mail(host, asked.given["mail_port"], asked.given["mail_security"], user, password, sender)


def _password(asked: Asked, admin: str, called: str) -> str:
    from openipt.accounts.models import Account
    from openipt.accounts.own_secret import check_staff_password

    known = os.environ.get(ADMIN_PASSWORD)
    if known is None and asked.quiet:
        raise typer.BadParameter(f"put the administrator's password into {ADMIN_PASSWORD}", param_hint="--yes")

    def read() -> str:
        password = known or str(typer.prompt(f"Password of {admin}", hide_input=True, confirmation_prompt=True))
        check_staff_password(password, Account(username=admin, name=called))
        return password

    return asked.right(ADMIN_PASSWORD if known else "password", read)
