"""What must hold before a service may start. `refuse_unsafe_start()` is asked by everything that serves real people.

They are Django's deployment checks under a tag of their own: `openipt setup` and the migrations run before any of this
can hold, so nothing else asks for them. The key file is checked by the sealing app.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import DatabaseError

from openipt.site.sqlite.base import DatabaseWrapper
from openipt.site.sqlite.turnstile import locks_work_in

TAG = "openipt-home"
SHORTEST_SECRET, FEWEST_CHARACTERS = 50, 5  # as Django's own check counts them
FIRST_MENDED = (3, 51, 3)  # from this SQLite on a writer and a checkpoint may meet


def refuse_unsafe_start() -> None:
    """Raise where this service must not start.

    Raises:
        ImproperlyConfigured: All that is wrong, each with what to do.
    """
    found = run_checks(tags=[TAG], include_deployment_checks=True, databases=list(connections))
    wrong = [f"- {message.msg} {message.hint or ''} ({message.id})" for message in found if message.is_serious()]
    if wrong:
        raise ImproperlyConfigured("OpenIPT does not start:\n" + "\n".join(wrong))


@register(TAG, deploy=True)
def secrets_are_ours(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """The secret that signs sign-ins is there, long, and lies in the home folder; nothing shows its insides."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG is on: an error page would show a record.", hint="Turn it off.", id="openipt.E001"))
    if not settings.HOME.secret_file.is_file():
        hint = "Run `openipt setup`."
        found.append(Error(f"There is no secret in {settings.HOME.path}.", hint=hint, id="openipt.E002"))
    elif _is_weak(str(settings.SECRET_KEY)):
        hint = f"Put {SHORTEST_SECRET} random characters or more there; everybody signs in again."
        found.append(Error(f"The secret in {settings.HOME.secret_file} is weak.", hint=hint, id="openipt.E003"))
    return found


def _is_weak(secret: str) -> bool:
    insecure = secret.startswith("django-insecure-")
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS or insecure


@register(TAG, deploy=True)
def home_is_private(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Only the service itself can look into its home folder."""
    folder: Path = settings.HOME.path
    if not folder.is_dir():
        hint = "Run `openipt setup`, or set OPENIPT_HOME to the folder of this service."
        return [Error(f"The home folder {folder} is not there.", hint=hint, id="openipt.E010")]
    others = stat.S_IMODE(folder.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    if others and os.name == "posix":
        hint = f"Run: chmod 700 {folder}"
        return [Error(f"Others on this machine can look into {folder}.", hint=hint, id="openipt.E011")]
    return []


@register(TAG, deploy=True)
def stores_are_durable(
    app_configs: Any,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Each store keeps what it acknowledged, and SQLite writes only in turn."""
    found: list[CheckMessage] = []
    for alias in connections:
        connection = connections[alias]
        found += _of_any_store(alias, connection.settings_dict)
        if isinstance(connection, DatabaseWrapper):
            found += _of_our_sqlite(alias, connection)
        elif connection.vendor == "sqlite":
            message = f"The store {alias!r} uses SQLite without the fair lock for writers."
            mended = ".".join(map(str, FIRST_MENDED))
            hint = f"Set its ENGINE to openipt.site.sqlite. (Below SQLite {mended} another one can damage the record.)"
            found.append(Error(message, hint=hint, id="openipt.E020"))
        elif databases and alias in databases:
            found += _of_postgresql(alias)
    return found


def _of_any_store(alias: str, store: dict[str, Any]) -> Iterator[CheckMessage]:
    if store.get("ATOMIC_REQUESTS"):
        message = f"The store {alias!r} has ATOMIC_REQUESTS: each page that only reads would wait for the writers."
        yield Error(message, hint="Take it out.", id="openipt.E021")
    if not store.get("AUTOCOMMIT", True):
        yield Error(f"The store {alias!r} has AUTOCOMMIT off.", hint="Take it out.", id="openipt.E022")


def _of_our_sqlite(alias: str, store: DatabaseWrapper) -> Iterator[CheckMessage]:
    if store.is_in_memory_db():
        hint = "Give it the path of a file as its NAME."
        yield Error(f"The store {alias!r} lies in memory: all is lost at the end.", hint=hint, id="openipt.E023")
        return
    folder = os.path.dirname(store.path)
    if os.path.isdir(folder) and not locks_work_in(folder):
        hint = "SQLite needs a folder of its own on a local disk that it may write to."
        yield Error(f"File locks do not hold in {folder}, so writers would collide.", hint=hint, id="openipt.E024")
    if store.settings_dict["CONN_MAX_AGE"] is not None:
        message = f"The store {alias!r} is opened and closed again and again, each time with a checkpoint."
        yield Error(message, hint="Set its CONN_MAX_AGE to None.", id="openipt.E025")


def _of_postgresql(alias: str) -> Iterator[CheckMessage]:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")
            off = [name for name, setting in cursor.fetchall() if setting == "off"]
    except DatabaseError as error:
        yield Error(f"The store {alias!r} cannot be reached: {error}", id="openipt.E030")
        return
    for name in off:
        message = f"PostgreSQL of the store {alias!r} has {name} off: a power cut takes what was acknowledged."
        yield Error(message, hint=f"Set {name} = on in its configuration.", id="openipt.E031")
