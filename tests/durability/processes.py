"""What becomes of the lock when processes are killed or forked."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction
from durability import plain
from durability.forked import Child, in_child


def killed_holder() -> dict[str, Any]:
    """Kill a process in the middle of its transaction; return what a waiting one saw."""

    def hold(report: Callable[[str], None]) -> None:
        with transaction.atomic():
            plain.run("INSERT INTO entry (id, words) VALUES ('half', '')")
            report("+holding")
            signal.pause()

    in_child(plain.prepare)
    holder = Child(hold)
    while not holder.spoke:
        holder.read()
    ours = connections["default"]
    ours.ensure_connection()
    held = not ours.writers.acquire(ours, 0.01)
    os.kill(holder.pid, signal.SIGKILL)
    started = time.monotonic()
    with transaction.atomic():
        waited = 1000 * (time.monotonic() - started)
    holder.read_to_the_end()
    [(rows,)] = plain.run("SELECT count(*) FROM entry")
    return {"held while it lived": held, "milliseconds until free": waited, "rows": rows}


def fork_in_a_transaction() -> dict[str, Any]:
    """Fork in the middle of a transaction; return what either side could do."""
    plain.prepare()
    with transaction.atomic():
        plain.run("INSERT INTO entry (id, words) VALUES ('mine', '')")
        mine, theirs = os.pipe()
        if os.fork() == 0:
            _try_in_the_child(theirs)
        os.close(theirs)
        os.wait()
        reads, anew, left = os.read(mine, 1000).decode().split()
        ours = connections["default"]
        held = ours.writers.held_by(ours) and not _free_for_a_new_process()
    [(rows,)] = plain.run("SELECT count(*) FROM entry")
    return {
        "the child reads": reads,
        "the child opens anew": anew,
        "the child leaves it": left,
        "the parent still holds the lock": held,
        "rows": rows,
    }


def _try_in_the_child(pipe: int) -> None:
    parents = connections["default"].connection
    for attempt in (lambda: plain.run("SELECT 1"), lambda: (connections.close_all(), plain.run("SELECT 1"))):
        try:
            attempt()
            os.write(pipe, b"nothing ")
        except Exception as error:
            os.write(pipe, f"{type(error).__name__} ".encode())
        connection.in_atomic_block = connection.closed_in_transaction = False
    os.write(pipe, b"untouched" if parents.in_transaction else b"rolled back")
    os._exit(0)


def _free_for_a_new_process() -> bool:
    from openipt.site.sqlite.turnstile import Turnstile

    return Turnstile(connection.path).enter(time.monotonic())


def fork_when_closed() -> dict[str, int]:
    """Write, close, fork; return how many rows the child wrote, and both."""
    plain.prepare()
    plain.write(0, 0)
    connections.close_all()
    child = Child(lambda report: report(f"+{plain.write(1, 1)}"))
    child.read_to_the_end()
    [(rows,)] = plain.run("SELECT count(*) FROM entry")
    return {"child": len(child.acknowledged), "both": rows}


def lock_on_both_sides_of_a_fork() -> dict[str, bool]:
    """Fork with the lock files open; return whether the child got the lock, and the parent at the same time."""
    from openipt.site.sqlite.fairlock import lock_of

    class Somebody:
        pass

    ours, lock = Somebody(), lock_of(os.path.join(os.environ["OPENIPT_HOME"], "x"))
    assert lock.acquire(ours, 0)
    lock.release(ours)

    def hold(report: Callable[[str], None]) -> None:
        theirs = Somebody()
        report("+yes" if lock.acquire(theirs, 0) else "+no")
        signal.pause()

    child = Child(hold)
    while not child.spoke:
        child.read()
    too = lock.acquire(ours, 0.01)
    child.kill()
    return {
        "the child got it": child.acknowledged == ["yes"],
        "the parent too": too,
        "the parent later": lock.acquire(ours, 1),
    }
