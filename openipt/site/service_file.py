"""The service file: what only the operator knows: the address in a browser, and the mail server.

It lies in the home folder as `service.yaml`, readable by its owner alone, since it may hold a password::

    address: https://openipt.clinic.example
    mail:
      host: mail.clinic.example
      port: 587
      security: starttls      # or tls, or none
      user: openipt
      password: ...
      from: openipt@clinic.example
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openipt.site.home import Home
from openipt.therapy.shelf import Page, Problem, Refused, read_page

NAME = "service.yaml"
SECURITY = ("starttls", "tls", "none")
MAIL = ("host", "port", "security", "user", "password", "from")
PATIENCE = 20  # seconds a mail server may take


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str

    def __repr__(self) -> str:
        return f"Mail({self.host})"  # never the password


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """What the service file says."""

    address: str = ""
    mail: Mail | None = None


def read_service_file(home: Home) -> ServiceFile:
    """Read the service file of a home; an empty one where there is none.

    Raises:
        Refused: File, line, what is wrong and what was expected.
    """
    path = home.path / NAME
    if not path.is_file():
        return ServiceFile()
    page = read_page(path)
    said = page.data
    if not isinstance(said, dict):
        raise Refused(page.problem((), "no names and values", "address and mail"))
    _only(page, (), said, ("address", "mail"))
    return ServiceFile(_address(page, said.get("address") or ""), _mail(page, said.get("mail")))


def service_settings(home: Home) -> dict[str, Any]:
    """Return what the service file means for Django: the mail server, and `SERVICE_ADDRESS`, which mails name.

    Raises:
        Refused: As `read_service_file`.
    """
    said = read_service_file(home)
    mail = said.mail
    found: dict[str, Any] = {"SERVICE_ADDRESS": said.address, "EMAIL_HOST": mail.host if mail else ""}
    if mail:
        found |= {
            "EMAIL_PORT": mail.port,
            "EMAIL_HOST_USER": mail.user,
            "EMAIL_HOST_PASSWORD": mail.password,
            "EMAIL_USE_TLS": mail.security == "starttls",
            "EMAIL_USE_SSL": mail.security == "tls",
            "EMAIL_TIMEOUT": PATIENCE,
            "DEFAULT_FROM_EMAIL": mail.sender,
            "SERVER_EMAIL": mail.sender,
        }
    return found


def write_service_file(path: Path, said: ServiceFile) -> None:
    """Write a service file, mode 0600; one that is there stays as it is."""
    lines = ["# What only the operator knows. See docs/how-to/run-a-service.md", f"address: {_quoted(said.address)}"]
    if said.mail:
        mail = said.mail
        values: tuple[str | int, ...] = (mail.host, mail.port, mail.security, mail.user, mail.password, mail.sender)
        lines += ["mail:", *(f"  {name}: {_quoted(value)}" for name, value in zip(MAIL, values, strict=True))]
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def _quoted(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON text is a YAML text


def _only(page: Page, way: tuple[str, ...], said: dict[str, Any], known: tuple[str, ...]) -> None:
    for name in said:
        if name not in known:
            raise Refused(page.problem((*way, name), f"{name!r} is not known here", f"one of {', '.join(known)}"))


def checked_address(text: str) -> str:
    """Return the address of a service without a stroke at its end; empty stays empty.

    Raises:
        ValueError: What is wrong, and what was expected.
    """
    parts = urlsplit(text)
    if text and (parts.scheme not in ("https", "http") or not parts.hostname):
        raise ValueError(f"{text!r} is no address; expected one such as https://openipt.clinic.example")
    return text.rstrip("/")


def _address(page: Page, said: Any) -> str:
    try:
        return checked_address(str(said))
    except ValueError as error:
        wrong, _, expected = str(error).partition("; expected ")
        raise Refused(page.problem(("address",), wrong, expected)) from None


def _mail(page: Page, said: Any) -> Mail | None:
    if said is None:
        return None
    if not isinstance(said, dict):
        raise Refused(page.problem(("mail",), "no names and values", ", ".join(MAIL)))
    _only(page, ("mail",), said, MAIL)
    port = said.get("port", 587)
    security = said.get("security", "starttls")
    wrong: list[Problem] = [
        page.problem(("mail", name), "nothing stands here", f"the {name} of the mail server")
        for name in ("host", "from")
        if not isinstance(said.get(name), str) or not said[name]
    ]
    if type(port) is not int or not 0 < port < 1 << 16:
        wrong.append(page.problem(("mail", "port"), f"{port!r} is no port", "a number such as 587"))
    if security not in SECURITY:
        wrong.append(page.problem(("mail", "security"), f"{security!r} is not known", ", ".join(SECURITY)))
    if wrong:
        raise Refused(*wrong)
    user, password = str(said.get("user") or ""), str(said.get("password") or "")
    return Mail(said["host"], port, security, user, password, said["from"])
