"""Many write to one chain at once. Run by a test: in its own process on a file, because SQLite in memory has no race.

    python racing.py THREADS EVENTS [stale]

Prints what came of it as JSON. With `stale` (the saboteur) all read the end of the chain before one of them writes.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

ADA, CAROL, SERVICE = "ada", "carol", "service"
BEGAN = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)


def race(threads: int, events: int, *, stale: bool = False) -> dict[str, Any]:
    """Let threads write acts, looks and lists, while one anchors and verifies again and again."""
    from django.db import connection

    from openipt.audit import writing
    from openipt.audit.models import AuditEvent
    from openipt.audit.verifying import verify

    failures: list[str] = []
    faults: list[str] = []
    start, done, ends = threading.Barrier(threads), threading.Event(), Ends(writing.end_of)

    def guarded(work: Callable[..., None], *given: Any) -> None:
        try:
            work(*given)
        except Exception as error:
            failures.append(type(error).__name__)
        finally:
            connection.close()

    def work(number: int) -> None:
        if stale:
            ends.read()
        start.wait()
        for n in range(events):
            write(number + n)

    workers = [threading.Thread(target=guarded, args=(work, number)) for number in range(threads)]
    watcher = threading.Thread(target=guarded, args=(watch, done, faults))
    if stale:
        writing.end_of = ends
    try:
        for thread in (*workers, watcher):
            thread.start()
        for thread in workers:
            thread.join()
        done.set()
        watcher.join()
    finally:
        writing.end_of = ends.real
    places = list(AuditEvent.objects.filter(chain=CAROL).order_by("id").values_list("place", flat=True))
    return {
        "failures": sorted(failures),
        "faults": [*faults, *(fault.kind for fault in verify())],
        "without_gap": places == list(range(1, len(places) + 1)),
        "events": AuditEvent.objects.count(),
    }


def write(n: int) -> None:
    """An act, a look or a list."""
    from django.db import transaction

    from openipt.audit.writing import saw, wrote

    if n % 4 == 1:
        saw(act="record.open", by=ADA, at=BEGAN, organisation=SERVICE, client=CAROL)
    elif n % 4 == 3:
        saw(act="caseload.list", by=ADA, at=BEGAN, organisation=SERVICE, client=None, shown=[CAROL, "dan"])
    else:
        with transaction.atomic():
            wrote(act="entry.save", by=ADA, at=BEGAN, organisation=SERVICE, client=CAROL, rows=[])


def watch(done: threading.Event, faults: list[str]) -> None:
    """Anchor and verify until the others are done."""
    from openipt.audit.anchors import anchor
    from openipt.audit.verifying import verify

    while True:
        last = done.is_set()
        anchor(BEGAN)
        faults.extend(fault.kind for fault in verify())
        if last:
            return


class Ends:
    """Where the chain ended when each thread looked, given out once; from then on where it really ends."""

    def __init__(self, real: Callable[[str], tuple[int, str]]) -> None:
        self.real = real
        self.seen = threading.local()

    def read(self) -> None:
        self.seen.end = self.real(CAROL)

    def __call__(self, chain: str) -> tuple[int, str]:
        end, self.seen.end = getattr(self.seen, "end", None), None
        return end or self.real(chain)


def main() -> None:
    """Make a new database where the environment says, and race in it."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", "audit", verbosity=0)
    print(json.dumps(race(int(sys.argv[1]), int(sys.argv[2]), stale="stale" in sys.argv)))


if __name__ == "__main__":
    main()
