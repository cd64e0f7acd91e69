"""Make a service: its home folder with two secrets, its tables, the organisation and whoever runs it first."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import DatabaseError, connections, transaction

from openipt.casebook import sealing
from openipt.site.home import Home
from openipt.site.service_file import NAME, ServiceFile, write_service_file
from openipt.site.stores import KEYS

if TYPE_CHECKING:
    from openipt.accounts.models import Organisation

FIRST_ROLES = ("lead", "operator")
CRISIS = "crisis-numbers.yaml"
_TABLES = 0x0B1E5  # the number of the lock under which tables are changed
_CRISIS_PAGE = """# Crisis numbers of this service: who answers when somebody is in danger, day and night.
# Ring each number before you write it here, and again every half year: a wrong number does harm.
numbers: []
#  - name: Emergency services
#    call: "112"
#    hours: day and night
#    region: the whole country
#    source: where it was found
#    checked_on: 2026-01-31
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody who sets up a service has to know."""

    name: str
    zone: str
    admin: str
    admin_name: str
    password: str = field(repr=False)
    solo: bool = False
    email: str = ""
    promise: dict[str, Any] = field(default_factory=dict)
    service_file: ServiceFile = field(default_factory=ServiceFile)


def make_home(home: Home, at: datetime) -> None:
    """Make the folder with a secret and a key file, readable by its owner alone. What is there stays as it is."""
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.path.chmod(0o700)
    if not home.secret_file.exists():
        write_alone(home.secret_file, secrets.token_urlsafe(64))
    if not home.key_file.exists():
        sealing.make_key_file(home.key_file, at)


def write_alone(path: Path, text: str) -> None:
    """Write a file that is not there yet, readable by its owner alone."""
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "w", encoding="utf-8") as file:
        file.write(text)


def make_tables() -> None:
    """Make or renew the tables of both stores. Of two who do it at once on PostgreSQL, the second waits."""
    with _alone():
        for store in ("default", KEYS):
            call_command("migrate", database=store, interactive=False, verbosity=0)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time change the tables. SQLite has one writer anyway."""
    store = connections["default"]
    if store.vendor != "postgresql":
        yield
        return
    with store.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TABLES])
    try:
        yield
    finally:
        with store.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TABLES])


def tables_are_old() -> list[str]:
    """Return the stores whose tables are not those of this version."""
    from django.db.migrations.executor import MigrationExecutor

    old = []
    for store in ("default", KEYS):
        executor = MigrationExecutor(connections[store])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            old.append(store)
    return old


def services() -> list[Organisation]:
    """Return the services that were made in this store; none where set-up has not been here, or did not end."""
    from openipt.accounts.models import Organisation

    store: Any = connections["default"]
    if store.vendor == "sqlite" and not store.is_in_memory_db() and not Path(store.settings_dict["NAME"]).exists():
        return []
    try:
        return list(Organisation.objects.order_by("created_at"))
    except DatabaseError:  # no tables yet
        return []


def strangers(home: Home) -> list[str]:
    """Name the files of a folder that no service put there."""
    ours = (home.record.name, home.keys.name, home.key_file.name, home.secret_file.name, NAME, CRISIS, "recovery-sheet")
    there = sorted(path.name for path in home.path.iterdir()) if home.path.is_dir() else []
    return [name for name in there if not name.startswith((*ours, "."))]


def make_service(home: Home, wanted: Wanted, at: datetime) -> None:
    """Make the organisation and its first administrator, in tables that are made; and the pages the operator fills in.

    Raises:
        NameRefusedError, WeakSecretError: What is wrong with sign-in name or password.
    """
    from openipt.accounts.making import make_organisation, make_staff

    with transaction.atomic():
        organisation = make_organisation(
            name=wanted.name, zone=wanted.zone, by=None, at=at, solo=wanted.solo, promise=wanted.promise
        )
        make_staff(
            username=wanted.admin,
            name=wanted.admin_name,
            email=wanted.email,
            organisation=organisation,
            roles=_roles(wanted.solo),
            by=None,
            at=at,
            password=wanted.password,
        )
    write_service_file(home.path / NAME, wanted.service_file)
    if not (home.path / CRISIS).exists():
        write_alone(home.path / CRISIS, _CRISIS_PAGE)


def _roles(solo: bool) -> Collection[str]:
    return (*FIRST_ROLES, "therapist") if solo else FIRST_ROLES
