"""Which table lives in which store."""

from __future__ import annotations

from typing import Any

KEYS = "keys"
IN_KEYS = frozenset({"sealing"})


class Stores:
    """The keys live apart from what they seal; nothing joins the two."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        """Name the store a table is read from."""
        return KEYS if model._meta.app_label in IN_KEYS else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Whether an app's tables are made in a store."""
        return (app_label in IN_KEYS) == (db == KEYS)
