"""What must be true of a record whatever happened to the machine: asked of the tables, sealed answers included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection, connections

from openipt.casebook.models import Enrolment, Entry, Flag, Score, Standing, Thing
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.new_day import standing_faults
from openipt.casebook.queries.verifying import verify_record
from openipt.therapy.words import render


def verdict(acknowledged: list[str]) -> dict[str, list[str]]:
    """Return everything that is wrong, by what it is: {"lost": [ids], ...}. All lists must be empty."""
    stored = {str(row.id): row for row in Entry.objects.filter(form="phq-9")}
    return {
        "damaged": list(_damaged()),
        "lost": sorted(set(acknowledged) - stored.keys()),
        "audit": [f"{fault.kind} {fault.where}: {render(fault.sentence)}" for fault in verify_record()],
        "danger without flag": sorted(_without_flag(stored)),
        "without score": sorted(stored.keys() - {str(row) for row in Score.objects.values_list("entry", flat=True)}),
        "standing": [str(one.id) for one in standing_faults(_courses())],
        "two facts of one number": sorted(_doubled()),
        "the row knows another number": sorted(_behind()),
    }


def _courses() -> Any:
    return Enrolment.objects.select_related("client", "organisation", "group")


def _damaged() -> Iterator[str]:
    if connection.vendor != "sqlite":
        return
    for alias in connections:
        with connections[alias].cursor() as cursor:
            found = cursor.execute("PRAGMA integrity_check").fetchall()
            yield from (f"{alias}: {line}" for (line,) in found if line != "ok")
            yield from (f"{alias}: {row}" for row in cursor.execute("PRAGMA foreign_key_check").fetchall())


def _without_flag(stored: dict[str, Entry]) -> Iterator[str]:
    """Yield sheets that say yes to the ninth question and have no flag; read from what is sealed, not from a cache."""
    flagged = Counter(str(row) for row in Flag.objects.filter(rule__in=("R1", "R2")).values_list("entry", flat=True))
    for key, row in stored.items():
        said = read_body(row.scope, "entry", row.id, bytes(row.body))["answers"]
        if (said["q9"] > 0) != (flagged[key] == 1):
            yield key


def _doubled() -> Iterator[str]:
    facts = [*Entry.objects.values_list("enrolment", "seq"), *Thing.objects.values_list("enrolment", "seq")]
    yield from (f"{owner} {seq}" for (owner, seq), times in Counter(facts).items() if times > 1)


def _behind() -> Iterator[str]:
    newest: dict[Any, int] = {}
    for owner, seq in Entry.objects.values_list("enrolment", "seq"):
        newest[owner] = max(newest.get(owner, 0), seq)
    for row in Standing.objects.all():
        if row.seq != newest[row.enrolment_id]:
            yield str(row.enrolment_id)
