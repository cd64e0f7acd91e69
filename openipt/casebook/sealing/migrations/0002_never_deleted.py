"""A data key may be wrapped anew and erased; its row is never deleted, never replaced, and an erased key stays erased.

A later migration that rebuilds the table on SQLite loses these triggers and must run `guard` again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLE = "sealing_scopekey"
_NEVER = f"{TABLE}: keys are never deleted or replaced; erase the scope instead"
_STAYS = f"{TABLE}: an erased key stays erased, and whose key it is never changes"

_SQLITE = {
    f"{TABLE}_never_deleted": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END",
    f"{TABLE}_never_replaced": f"""BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END""",  # noqa: S608 - no value comes from outside
    f"{TABLE}_stays": f"""BEFORE UPDATE ON {TABLE}
        WHEN OLD.wrapped IS NULL OR NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind
            OR NEW.created_at IS NOT OLD.created_at
        BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END""",
}
_RUN = f"EXECUTE FUNCTION {TABLE}_refuse"
_POSTGRESQL = {
    f"{TABLE}_never_deleted": f"BEFORE DELETE ON {TABLE} FOR EACH ROW {_RUN}('{_NEVER}')",
    f"{TABLE}_never_emptied": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {_RUN}('{_NEVER}')",
    f"{TABLE}_stays": f"""BEFORE UPDATE ON {TABLE} FOR EACH ROW
        WHEN (OLD.wrapped IS NULL OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.created_at <> OLD.created_at)
        {_RUN}('{_STAYS}')""",
}
_REFUSE = f"""CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"""


def guard(_apps: Any, schema_editor: Any) -> None:
    """Make the triggers."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    if not sqlite:
        schema_editor.execute(_REFUSE, params=None)
    for name, rule in (_SQLITE if sqlite else _POSTGRESQL).items():
        schema_editor.execute(f"CREATE TRIGGER {name} {rule}", params=None)


def unguard(_apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for name in _SQLITE if sqlite else _POSTGRESQL:
        schema_editor.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {TABLE}"), params=None)


class Migration(migrations.Migration):
    """Guard the keys."""

    dependencies = [("sealing", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
