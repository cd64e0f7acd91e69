"""What people write is nowhere to be read: not in the database, its log, the keys, sessions, the cache or logs."""

from __future__ import annotations

import pytest
from durability.fresh import in_fresh_python
from evidence.canaries import found_in, spelled
from evidence.home import SETTINGS, Home, on_postgresql

NOWHERE = {"files": {}, "sessions": [], "cache": [], "pages": []}


def sing(home: Home, least: int, **how) -> dict:
    if on_postgresql:
        pytest.skip("the files of a PostgreSQL server are not ours to read")
    heard = in_fresh_python("evidence.singing:run", home=home(), settings=SETTINGS, seconds=300, least=least, **how)
    print({name: value for name, value in heard.items() if value})
    return heard


def where(heard: dict) -> dict:
    return {name: heard[name] for name in NOWHERE}


@pytest.mark.parametrize(
    "least", [pytest.param(400, marks=pytest.mark.in_part), pytest.param(1_000, marks=pytest.mark.durability)]
)
def test_canaries_are_heard_nowhere(home: Home, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    monkeypatch.setenv("OPENIPT_LOOPBACK", "1")
    heard = sing(home, least)

    assert heard["planted"] >= least
    assert heard["read"] == heard["planted"], "what cannot be read back was never planted"
    assert {"record.sqlite3", "record.sqlite3-wal", "keys.sqlite3", "what-was-logged.txt"} <= set(heard["looked_at"])
    assert where(heard) == NOWHERE


@pytest.mark.durability
def test_a_build_that_does_not_seal_is_heard_in_the_database_and_its_log(home: Home, monkeypatch) -> None:
    monkeypatch.setenv("OPENIPT_LOOPBACK", "1")
    heard = sing(home, 50, weaken="evidence.singing:nothing_is_sealed")

    assert "utf-8" in heard["files"]["record.sqlite3"]
    assert "utf-8" in heard["files"]["record.sqlite3-wal"]


@pytest.mark.durability
def test_an_error_whose_message_repeats_what_a_client_wrote_is_not_heard_in_the_log(home: Home, monkeypatch) -> None:
    monkeypatch.setenv("OPENIPT_LOOPBACK", "1")
    heard = sing(home, 50, weaken="evidence.singing:an_error_repeats_what_was_said")

    assert where(heard) == NOWHERE


@pytest.mark.parametrize("spelling", spelled("Zaunkoenig"))
def test_a_canary_is_heard_in_every_spelling(spelling: str) -> None:
    assert found_in(b"before " + spelled("Zaunkoenig")[spelling] + b" behind")
    assert not found_in(b"before and behind")
