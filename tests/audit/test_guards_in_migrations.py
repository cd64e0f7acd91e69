"""Guards are made by migrations, know every key of their table, and can be lifted by tests."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.writer import OperationWriter
from service import Service
from sheets import TABLE

from openipt.audit.append_only import append_only, append_only_tables, drop, lifted, make

SQLITE = connection.vendor == "sqlite"


def test_the_operation_of_a_migration_makes_guards_and_takes_them_back(sheets: None) -> None:
    drop(TABLE)
    operation = append_only(TABLE)
    with connection.cursor() as cursor:
        editor = SimpleNamespace(
            connection=connection, collect_sql=False, execute=lambda sql, params: cursor.execute(sql)
        )
        operation.database_forwards("audit", editor, None, None)
        assert TABLE in append_only_tables()
        operation.database_forwards("audit", editor, None, None)  # after a migration that made the table anew
        assert TABLE in append_only_tables()
        operation.database_backwards("audit", editor, None, None)
        assert TABLE not in append_only_tables()
    assert operation.reversible
    assert TABLE in operation.describe()


def test_a_migration_with_the_operation_can_be_written_and_read() -> None:
    text, imports = OperationWriter(append_only("a", "b"), indentation=0).serialize()
    assert "import openipt.audit.append_only" in imports
    assert "tables=('a', 'b')" in text
    assert append_only("a", "b").deconstruct() == ("AppendOnly", (("a", "b"),), {})


def test_the_operation_only_touches_the_store_of_its_app(sheets: None) -> None:
    editor = SimpleNamespace(connection=SimpleNamespace(alias="keys"), collect_sql=False)
    append_only("audit_auditevent").database_forwards("audit", editor, None, None)


def test_sql_for_reading_names_the_tables(sheets: None) -> None:
    editor = SimpleNamespace(connection=connection, collect_sql=True, collected_sql=[])
    append_only("a", "b").database_forwards("audit", editor, None, None)
    assert editor.collected_sql == ["-- Make append-only: a, b"]


def test_guards_are_lifted_for_a_while_and_come_back_also_after_a_failure(service: Service) -> None:
    before = append_only_tables()
    seen = []

    def fail_in_the_middle() -> None:
        with lifted() as tables:
            seen.extend([tables, append_only_tables()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_in_the_middle()
    assert seen == [before, frozenset()]
    assert append_only_tables() == before


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL refuses a second row with the same key by itself")
class TestKeysOfATable:
    """On SQLite a guard has to know every key by which REPLACE could put a row away."""

    @pytest.fixture
    def flags(self, db: None) -> Callable[[int, str, int], None]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE flags (id integer PRIMARY KEY, of text, is_open integer)")
            cursor.execute("CREATE UNIQUE INDEX one_open_flag ON flags (of) WHERE is_open = 1")
        make("flags")

        def put(key: int, of: str, is_open: int) -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT OR REPLACE INTO flags VALUES (%s, %s, %s)", [key, of, is_open])

        return put

    def test_a_key_with_a_condition_guards_the_rows_it_is_about(self, flags: Callable[[int, str, int], None]) -> None:
        flags(1, "carol", 1)
        with pytest.raises(IntegrityError, match="flags is append-only"):
            flags(2, "carol", 1)

    def test_a_key_with_a_condition_lets_all_other_rows_in(self, flags: Callable[[int, str, int], None]) -> None:
        flags(1, "carol", 0)
        flags(2, "carol", 1)
        flags(3, "carol", 0)
        flags(4, "dan", 1)
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT COUNT(*) FROM flags").fetchone() == (4,)

    def test_a_key_that_came_later_is_missed_and_named(self, flags: Callable[[int, str, int], None]) -> None:
        assert "flags" in append_only_tables()
        with connection.cursor() as cursor:
            cursor.execute("CREATE UNIQUE INDEX later ON flags (of, is_open)")
        assert "flags" not in append_only_tables()
        make("flags")
        assert "flags" in append_only_tables()

    def test_a_key_over_an_expression_is_refused(self, flags: Callable[[int, str, int], None]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE UNIQUE INDEX by_name ON flags (lower(of))")
        with pytest.raises(ValueError, match="by_name is over an expression"):
            make("flags")

    def test_a_table_that_is_not_there_is_named(self, db: None) -> None:
        with pytest.raises(ValueError, match="no_such_table cannot be guarded"):
            make("no_such_table")


def test_an_engine_without_guards_is_named(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(connection, "vendor", "oracle")
    with pytest.raises(NotImplementedError, match="oracle"):
        make("a")


@pytest.mark.django_db(databases=["default", "keys"])
def test_the_migration_makes_what_the_models_say() -> None:
    call_command("makemigrations", "audit", check=True, dry_run=True, verbosity=0)
