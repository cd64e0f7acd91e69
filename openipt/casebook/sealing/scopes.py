"""Scopes: give one a key, open its key, erase its key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections, router, transaction
from uuid_utils.compat import uuid7

from openipt.casebook.sealing.envelope import DataKey, new_secret, unwrap, wrap
from openipt.casebook.sealing.held import held
from openipt.casebook.sealing.key_reading import RESTORE, current
from openipt.casebook.sealing.keys import Keyring
from openipt.casebook.sealing.models import KINDS, ScopeKey
from openipt.casebook.sealing.problems import KeyFileProblem, KeyGone, Tampered
from openipt.tables.asking import Question


def new_scope(kind: str, at: datetime) -> UUID:
    """Make a scope with a key of its own; return its id once the key is durable.

    Args:
        kind: `client`, `group` or `author` (of process notes).
        at: When it is made.

    Raises:
        KeyFileProblem: there is no good key to wrap it with.
        RuntimeError: called inside a transaction of the key store. A key that may vanish again must seal nothing.
    """
    if kind not in KINDS:
        raise ValueError(f"the kind {kind!r} of a scope is not known; expected one of {', '.join(KINDS)}")
    scope, secret, key = uuid7(), new_secret(), ring().newest
    with transaction.atomic(using=store(), durable=True):
        ScopeKey.objects.create(
            id=scope, kind=kind, wrapped=wrap(key, scope, kind, secret), kek_id=key.id, created_at=at
        )
    # A change of key that began before the row was there cannot have seen it. It must not keep the old key.
    while (newest := ring().newest) != key:
        ScopeKey.objects.filter(pk=scope).update(wrapped=wrap(newest, scope, kind, secret), kek_id=newest.id)
        key = newest
    held.keep({scope: DataKey(scope, secret)}, held.erasures)
    return scope


def load(scopes: Iterable[UUID]) -> None:
    """Open the keys of many scopes with one query (up to 999 on SQLite), for up to a minute.

    A scope whose key is erased or damaged is passed over: whoever then unseals something of it learns why.

    Raises:
        KeyFileProblem: the key file cannot be used.
    """
    missing = {scope for scope in scopes if held.get(scope) is None}
    if not missing:
        return
    erasures, opened = held.erasures, {}
    one = len(missing) == 1  # as for nearly every page
    rows = _ONE.ask(scope=next(iter(missing))) if one else ScopeKey.objects.in_bulk(missing).values()
    keys = ring()
    for row in rows:
        try:
            opened[row.id] = _open(row, keys)
        except (KeyGone, Tampered):
            continue
    held.keep(opened, erasures)


def data_key(scope: UUID) -> DataKey:
    """Return the opened key of a scope; raise KeyGone where it is erased or unknown, Tampered where it is damaged."""
    key = held.get(scope)
    if key is None:
        erasures = held.erasures
        row = _ONE.first(scope=scope)
        if row is None:
            raise KeyGone(scope, None)
        key = _open(row, ring())
        held.keep({scope: key}, erasures)
    return key


def erase(scope: UUID, at: datetime) -> None:
    """Erase a scope's key: nothing it sealed can be read any more. Erasing twice changes nothing.

    This process forgets the key at once, others within a minute. Copies of the wrapped key in backups of the key store
    stay until those are deleted, or until the key-encryption key was changed and its old file and sheet destroyed.

    Raises:
        KeyGone: the store has no such scope.
        RuntimeError: called inside a transaction of the key store. What is erased must not come back with it.
    """
    with transaction.atomic(using=store(), durable=True):
        erased = ScopeKey.objects.filter(pk=scope, wrapped__isnull=False).update(wrapped=None, erased_at=at)
        if not erased and not ScopeKey.objects.filter(pk=scope).exists():
            raise KeyGone(scope, None)
    held.forget(scope)
    _empty_log()


def ring() -> Keyring:
    """Return the key-encryption keys of this service as they are now."""
    return current(Path(settings.KEY_FILE))


def store() -> str:
    """Return the alias of the database in which the keys lie."""
    return router.db_for_write(ScopeKey)


_ONE = Question(lambda scope: ScopeKey.objects.filter(id=scope), using=store)


def in_use() -> list[str]:
    """Return the ids of all key-encryption keys by which a data key is wrapped, sorted."""
    wrapped = ScopeKey.objects.filter(wrapped__isnull=False)
    return list(wrapped.order_by("kek_id").values_list("kek_id", flat=True).distinct())


def foreign_key(kek_id: str) -> KeyFileProblem:
    """Describe that the store was wrapped by a key that the key file does not hold."""
    return KeyFileProblem(
        f"the key store uses key {kek_id}, which {settings.KEY_FILE} does not hold",
        "the key file that belongs to this key store",
        RESTORE,
    )


def _open(row: ScopeKey, keys: Keyring) -> DataKey:
    if row.wrapped is not None and keys.find(row.kek_id) is None:
        row.refresh_from_db()  # a change of key may have wrapped it anew since it was read, and dropped the old key
        keys = ring()
    if row.wrapped is None:
        raise KeyGone(row.id, row.erased_at)
    key = keys.find(row.kek_id)
    if key is None:
        raise foreign_key(row.kek_id)
    return DataKey(row.id, unwrap(key, row.id, row.kind, bytes(row.wrapped)))


def _empty_log() -> None:
    # The log of SQLite still holds the page as it was before. Our backend cuts it; PostgreSQL looks after its own.
    connection = connections[store()]
    if hasattr(connection, "checkpoint") and not connection.in_atomic_block:
        connection.checkpoint()
