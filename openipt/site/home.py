"""Where a service keeps what is its own: the record, the keys in a second file, and two secrets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

VARIABLE = "OPENIPT_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one service. What lies in it is made by `openipt setup`, never by starting the server."""

    path: Path

    @property
    def record(self) -> Path:
        """The clinical record, where it is kept in SQLite."""
        return self.path / "record.sqlite3"

    @property
    def keys(self) -> Path:
        """The keys of clients, groups and authors: a file of its own, so that erasing one can be true."""
        return self.path / "keys.sqlite3"

    @property
    def key_file(self) -> Path:
        """The key-encryption key. Without it nothing that was written can be read."""
        return self.path / "openipt.key"

    @property
    def secret_file(self) -> Path:
        """What signs sign-ins and forms."""
        return self.path / "secret"

    @property
    def is_set_up(self) -> bool:
        """Whether `openipt setup` was here."""
        return self.key_file.is_file() and self.secret_file.is_file()


def home() -> Home:
    """Return the folder named by OPENIPT_HOME; else `var/demo` below the current folder: invented people only."""
    return Home(Path(os.environ.get(VARIABLE) or Path("var") / "demo").absolute())


def database(place: Path, variable: str) -> dict[str, object]:
    """Return Django's settings of one database: PostgreSQL where a variable names one, else a SQLite file.

    Args:
        place: The SQLite file.
        variable: The environment variable that may hold `postgresql://user:password@host:port/name?sslmode=...`.
    """
    url = os.environ.get(variable, "")
    if not url:
        return {"ENGINE": "openipt.site.sqlite", "NAME": str(place), "CONN_MAX_AGE": None}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"{variable} names {parts.scheme!r}; expected postgresql://user:password@host/name")
    options: dict[str, object] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": str(options.pop("host", None) or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
