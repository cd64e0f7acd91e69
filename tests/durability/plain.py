"""The smallest record that can lose something: entries, an audit event for each, and texts with versions.

It stands in for the casebook where the harness is tried on itself and the saboteurs are let loose.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, transaction
from durability.probes import unguarded
from durability.saboteurs import triggers_removed

SPACE = uuid.UUID("5b6b6a0e-5a1d-4c38-9b49-6f3e8d7d6b51")
WORDS = "My sister called, and this time I told her. " * 20
APPEND_ONLY = ("entry", "audit")
TABLES = [
    "CREATE TABLE entry (id text PRIMARY KEY, words text NOT NULL)",
    "CREATE TABLE audit (id integer PRIMARY KEY, entry text NOT NULL)",
    "CREATE INDEX audit_of ON audit (entry)",
    "CREATE TABLE version (id text PRIMARY KEY, letter integer NOT NULL, base text, words text NOT NULL)",
    "CREATE UNIQUE INDEX version_once ON version (letter, base)",
]


class Refused(Exception):  # noqa: N818  # it is no error
    """Somebody else changed the letter in between; theirs and ours are both still there."""


def run(statement: str, *values: Any) -> Any:
    """Execute one statement; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def prepare() -> None:
    """Make the tables and what keeps them append-only."""
    with transaction.atomic():
        for statement in TABLES:
            run(statement)
        for table in APPEND_ONLY:
            known = f"WHEN new.id IN (SELECT id FROM {table})"  # noqa: S608
            for act, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", known)):
                refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                run(f"CREATE TRIGGER {table}_{act} BEFORE {act} ON {table} {when} {refuse}")


def write(worker: int, number: int) -> str:
    """Save one entry with its audit event; doing it twice changes nothing."""
    key = str(uuid.uuid5(SPACE, f"{worker}/{number}"))
    with transaction.atomic():
        if not run("SELECT 1 FROM entry WHERE id = %s", key):
            run("INSERT INTO entry (id, words) VALUES (%s, %s)", key, WORDS)
            run("INSERT INTO audit (entry) VALUES (%s)", key)
    return key


def write_and_audit_later(worker: int, number: int) -> str:
    """A saboteur: the entry is committed before its audit event is written."""
    key = str(uuid.uuid5(SPACE, f"{worker}/{number}"))
    with transaction.atomic():
        new = not run("SELECT 1 FROM entry WHERE id = %s", key)
        if new:
            run("INSERT INTO entry (id, words) VALUES (%s, %s)", key, WORDS)
    if new:
        with transaction.atomic():
            run("INSERT INTO audit (entry) VALUES (%s)", key)
    return key


def verdict(acknowledged: list[str]) -> dict[str, list[str]]:
    """Find what was lost, what stands without its audit event or with two, and a damaged file."""
    entries = {key for (key,) in run("SELECT id FROM entry")}
    audited = [key for (key,) in run("SELECT entry FROM audit")]
    complaints = [line for (line,) in run("PRAGMA integrity_check") if line != "ok"]
    return {
        "lost": sorted(set(acknowledged) - entries),
        "without audit": sorted(entries - set(audited)),
        "audit without entry": sorted(set(audited) - entries),
        "audited twice": sorted({key for key in audited if audited.count(key) > 1})
        if len(audited) > len(entries)
        else [],
        "damaged": complaints,
    }


def edit(editor: int, number: int) -> tuple[str, str]:
    """Read a letter, write its next version; return the new version and the one it replaces.

    Raises:
        Refused: Where somebody else has replaced the version that was read.
    """
    letter = (editor + number) % 4
    head = _head(letter)
    with transaction.atomic():
        if _head(letter) != head:
            raise Refused(letter)
        return _next_version(editor, number, letter, head)


def edit_blindly(editor: int, number: int) -> tuple[str, str]:
    """A saboteur: whoever saves last wins, and nobody learns of it."""
    letter = (editor + number) % 4
    head = _head(letter)
    with transaction.atomic():
        run("DROP INDEX IF EXISTS version_once")
        return _next_version(editor, number, letter, head)


def _head(letter: int) -> str:
    found = run("SELECT id FROM version WHERE letter = %s ORDER BY rowid DESC LIMIT 1", letter)
    return found[0][0] if found else f"letter {letter}"


def _next_version(editor: int, number: int, letter: int, head: str) -> tuple[str, str]:
    key = str(uuid.uuid5(SPACE, f"edit {editor}/{number}"))
    run("INSERT INTO version (id, letter, base, words) VALUES (%s, %s, %s, %s)", key, letter, head, WORDS)
    return key, head


def edits_verdict(saved: list[str]) -> dict[str, list[str]]:
    """Find saved versions that are gone."""
    return {"lost": sorted(set(saved) - {key for (key,) in run("SELECT id FROM version")})}


def guards_left() -> list[str]:
    """Return what the append-only tables allow, each holding one row."""
    prepare()
    write(0, 0)
    return unguarded(APPEND_ONLY)


def guards_left_without_triggers() -> list[str]:
    """The same after a saboteur was here."""
    prepare()
    write(0, 0)
    triggers_removed(APPEND_ONLY)
    return unguarded(APPEND_ONLY)
