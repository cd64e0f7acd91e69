"""A service does not start where a record would not be safe; it says what is wrong and what to do."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler, OperationalError
from django.test import override_settings

from openipt.site import checks
from openipt.site.home import Home, database
from openipt.site.sqlite.turnstile import locks_work_in

GOOD_SECRET = "a0Zk3-" * 12


class Service:
    """A service as `openipt setup` leaves it, to be spoilt in one way."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        folder.mkdir(mode=0o700)
        self.home.secret_file.write_text(GOOD_SECRET)
        self.settings: dict[str, Any] = {"HOME": self.home, "SECRET_KEY": GOOD_SECRET, "DEBUG": False}
        self.store: dict[str, Any] = database(self.home.record, "NO_SUCH_VARIABLE")
        self.stores: dict[str, Any] = {}

    def start(self) -> None:
        """Ask whether it may start."""
        stores = self.stores or ConnectionHandler({"default": self.store})
        with override_settings(**self.settings), pytest.MonkeyPatch.context() as patch:
            patch.setattr(checks, "connections", stores)
            checks.refuse_unsafe_start()

    def complaints(self) -> str:
        """What it says when it does not start."""
        with pytest.raises(ImproperlyConfigured) as refusal:
            self.start()
        return str(refusal.value)


class PostgreSQL:
    """A server that answers what its settings are, or does not answer."""

    vendor = "postgresql"
    settings_dict: dict[str, Any] = {}

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    @contextlib.contextmanager
    def cursor(self) -> Iterator[PostgreSQL]:
        yield self

    def execute(self, _statement: str) -> None:
        if self.error:
            raise self.error

    def fetchall(self) -> list[tuple[str, str]]:
        return [("fsync", "on"), ("synchronous_commit", "off")]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "home")


def test_a_service_as_it_was_set_up_starts(service):
    service.start()


def test_a_service_that_shows_its_insides_does_not_start(service):
    service.settings["DEBUG"] = True

    assert "DEBUG is on" in service.complaints()


def test_a_service_without_a_secret_does_not_start(service):
    service.home.secret_file.unlink()

    assert "There is no secret" in service.complaints()
    assert "openipt setup" in service.complaints()


@pytest.mark.parametrize("secret", ["short", "aaab" * 20, "django-insecure-" + GOOD_SECRET])
def test_a_service_with_a_weak_secret_does_not_start_and_does_not_say_it(service, secret):
    service.settings["SECRET_KEY"] = secret

    assert "is weak" in service.complaints()
    assert secret not in service.complaints()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_home_that_others_can_look_into_stops_the_service(service, mode):
    service.home.path.chmod(mode)

    assert "Others on this machine can look into" in service.complaints()
    assert "chmod 700" in service.complaints()


def test_a_home_that_is_not_there_stops_the_service(service):
    service.settings["HOME"] = Home(service.home.path / "elsewhere")

    assert "is not there" in service.complaints()


def test_sqlite_without_the_fair_lock_stops_the_service(service):
    service.store["ENGINE"] = "django.db.backends.sqlite3"

    assert "without the fair lock" in service.complaints()


@pytest.mark.parametrize(
    ("setting", "value", "complaint"),
    [
        ("ATOMIC_REQUESTS", True, "would wait for the writers"),
        ("AUTOCOMMIT", False, "AUTOCOMMIT off"),
        ("CONN_MAX_AGE", 60, "CONN_MAX_AGE to None"),
        ("NAME", ":memory:", "lies in memory"),
    ],
)
def test_settings_that_undo_what_the_backend_does_stop_the_service(service, setting, value, complaint):
    service.store[setting] = value

    assert complaint in service.complaints()


def test_a_drive_whose_locks_keep_nobody_out_stops_the_service(service, monkeypatch):
    monkeypatch.setattr("openipt.site.sqlite.turnstile._taken", lambda _file: True)

    assert "File locks do not hold" in service.complaints()


def test_asking_whether_locks_work_leaves_nothing_behind(tmp_path):
    assert locks_work_in(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_postgresql_that_acknowledges_before_it_has_written_stops_the_service(service):
    service.stores = {"default": PostgreSQL()}

    assert "has synchronous_commit off" in service.complaints()
    assert "fsync" not in service.complaints()


def test_a_postgresql_that_does_not_answer_stops_the_service(service):
    service.stores = {"default": PostgreSQL(OperationalError("connection refused"))}

    assert "cannot be reached: connection refused" in service.complaints()


def test_all_that_is_wrong_is_said_at_once(service):
    service.settings |= {"DEBUG": True, "SECRET_KEY": "short"}

    assert service.complaints().count("\n- ") == 2
