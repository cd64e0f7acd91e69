"""In which order one thread may lock two stores: always the record first, then the keys.

Two reasons. Two threads that lock in different orders wait for each other until both give up. And the inner
transaction commits first: a key must be safe before the first text that it sealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import connections
from django.db.transaction import TransactionManagementError

if TYPE_CHECKING:
    from openipt.site.sqlite.writers import WritesInTurn


def refuse_wrong_order(wrapper: WritesInTurn) -> None:
    """Refuse to lock a store while this thread holds one that stands behind it in DATABASES.

    Raises:
        TransactionManagementError: Naming the two stores and the right order.
    """
    order = list(connections.settings)
    for other in connections.all(initialized_only=True):
        held = other is not wrapper and _is_held(cast("WritesInTurn", other))
        if held and wrapper.alias in order and order.index(other.alias) > order.index(wrapper.alias):
            raise TransactionManagementError(
                f"A transaction of {other.alias!r} is open; one of {wrapper.alias!r} cannot begin inside it. "
                f"Begin the one of {wrapper.alias!r} first."
            )


def _is_held(wrapper: WritesInTurn) -> bool:
    writers = getattr(wrapper, "writers", None)
    return writers is not None and writers.held_by(wrapper)
