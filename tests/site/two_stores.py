"""What tests of the two stores do with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections, transaction

RECORD, KEYS = "a record", "its keys"


def run(statement: str, *values: Any, using: str = RECORD) -> list[Any]:
    """Execute one statement; return its rows."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def write(words: str = "x", using: str = RECORD) -> None:
    """Write one note in a transaction."""
    with transaction.atomic(using=using):
        run("INSERT INTO note (words) VALUES (%s)", words, using=using)


def in_threads(functions: list[Callable[[], Any]]) -> list[Any]:
    """Call all at once, each in a thread of its own with connections of its own; return what they return."""
    together = threading.Barrier(len(functions))

    def call(function: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return function()
        finally:
            for alias in (RECORD, KEYS):
                connections[alias].close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(call, function) for function in functions]]
