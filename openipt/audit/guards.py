"""The guards of an append-only table: what each engine refuses, as SQL, and whether it is in place word for word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FUNCTION = "openipt_append_only"
REFUSAL = "is append-only: a row is never changed or removed. Write a new row that names the old one"

# what pg_trigger says of a trigger: row 1, before 2, delete 8, update 16, truncate 32
_POSTGRESQL = {
    "no_update": (19, "BEFORE UPDATE", "ROW"),
    "no_delete": (11, "BEFORE DELETE", "ROW"),
    "no_truncate": (34, "BEFORE TRUNCATE", "STATEMENT"),
}
_SQLITE = ("no_update", "no_delete", "no_replace")
# the code belongs to the integrity errors, as what RAISE does in SQLite
_BODY = f"\nBEGIN\n  RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';\nEND\n"


def names(vendor: str, table: str) -> list[str]:
    """Return the names of the triggers that guard a table; raise NotImplementedError for any other engine."""
    kinds = {"sqlite": _SQLITE, "postgresql": tuple(_POSTGRESQL)}.get(vendor)
    if kinds is None:
        raise NotImplementedError(f"no guards are written for {vendor}; expected sqlite or postgresql")
    return [f"{table}_{kind}" for kind in kinds]


def making(connection: Any, table: str) -> list[str]:
    """Return the statements that make the guards of a table that exists."""
    if connection.vendor == "sqlite":
        return list(_sqlite_triggers(connection, table).values())
    return [_FUNCTION, *_postgresql_triggers(connection, table)]


def dropping(connection: Any, table: str) -> list[str]:
    """Return the statements that remove the guards of a table."""
    quote = connection.ops.quote_name
    on = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {quote(name)}{on}" for name in names(connection.vendor, table)]


def guarded(connection: Any) -> frozenset[str]:
    """Return the tables that have all their guards, each as it is written here and switched on."""
    found = _sqlite_guarded(connection) if connection.vendor == "sqlite" else _postgresql_guarded(connection)
    return frozenset(found)


# ---- SQLite


def _sqlite_triggers(connection: Any, table: str) -> dict[str, str]:
    quote = connection.ops.quote_name
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"
    replaces = " OR ".join(_collisions(connection, table))
    when = {
        "no_update": f"BEFORE UPDATE ON {quote(table)}",
        "no_delete": f"BEFORE DELETE ON {quote(table)}",
        # REPLACE removes the row in its way without asking the guard of DELETE
        "no_replace": f"BEFORE INSERT ON {quote(table)} WHEN {replaces}",
    }
    return {
        f"{table}_{kind}": f"CREATE TRIGGER {quote(f'{table}_{kind}')} {text} {refuse}" for kind, text in when.items()
    }


def _collisions(connection: Any, table: str) -> list[str]:
    """Return a condition for each key of a table that says: the new row stands where another one stands."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        columns = cursor.execute(f"PRAGMA table_info({quote(table)})").fetchall()
        key = [column[1] for column in columns if column[5]]
        if not key:
            raise ValueError(f"{table} cannot be guarded: there is no such table here, or it has no primary key")
        keys = {(tuple(key), "")} | {
            (_columns_of(cursor, quote, table, index[1]), _condition_of(cursor, index[1]) if index[4] else "")
            for index in cursor.execute(f"PRAGMA index_list({quote(table)})").fetchall()
            if index[2]
        }
    new = ", ".join(f"NEW.{quote(column[1])} AS {quote(column[1])}" for column in columns)
    return [_collision(quote, table, columns, only_where, new) for columns, only_where in sorted(keys)]


def _collision(quote: Any, table: str, columns: tuple[str, ...], only_where: str, new: str) -> str:
    same = " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in columns)
    if not only_where:
        return f"EXISTS (SELECT 1 FROM {quote(table)} WHERE {same})"  # noqa: S608  names come from the database
    return (
        f"(EXISTS (SELECT 1 FROM {quote(table)} WHERE {same} AND ({only_where}))"  # noqa: S608
        f" AND EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {only_where}))"
    )


def _columns_of(cursor: Any, quote: Any, table: str, index: str) -> tuple[str, ...]:
    columns = tuple(row[2] for row in cursor.execute(f"PRAGMA index_info({quote(index)})").fetchall())
    if None in columns:
        raise ValueError(
            f"{table} cannot be guarded: its unique index {index} is over an expression. Make it over columns"
        )
    return columns


def _condition_of(cursor: Any, index: str) -> str:
    sql = cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [index]).fetchone()[0]
    return str(sql.split(" WHERE ", 1)[1])


def _sqlite_guarded(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        stored = _by_table(cursor.fetchall())
    return [
        table
        for table, triggers in stored.items()
        if set(names("sqlite", table)) <= triggers.keys()
        and _sqlite_triggers(connection, table).items() <= triggers.items()
    ]


def _by_table(rows: list[tuple[str, str, Any]]) -> Mapping[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for table, name, what in rows:
        tables.setdefault(table, {})[name] = what
    return tables


# ---- PostgreSQL

_FUNCTION = f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $guard${_BODY}$guard$"


def _postgresql_triggers(connection: Any, table: str) -> list[str]:
    quote = connection.ops.quote_name
    statements = []
    for kind, (_, when, each) in _POSTGRESQL.items():
        name = quote(f"{table}_{kind}")
        statements += [
            f"CREATE TRIGGER {name} {when} ON {quote(table)} FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()",
            # also where a session says that it is a replica, which switches common triggers off
            f"ALTER TABLE {quote(table)} ENABLE ALWAYS TRIGGER {name}",
        ]
    return statements


def _postgresql_guarded(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgtype FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled = 'A' "
            "AND t.tgqual IS NULL AND t.tgattr::text = '' AND p.prosrc = %s",
            [_BODY],
        )
        stored = _by_table(cursor.fetchall())
    return [
        table
        for table, triggers in stored.items()
        if all(triggers.get(f"{table}_{kind}") == kinds for kind, (kinds, _, _) in _POSTGRESQL.items())
    ]
