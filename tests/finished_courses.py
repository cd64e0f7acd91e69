"""Finished courses of a service, kept as records: scores week by week, as the made-up caseload has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from casebooks import Service
from caseload_world import caseload

from openipt.exchange.keeping import keep
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Entry, Record, Session

BEGAN = date(2025, 6, 2)
MORNING = time(9)


def finished(n: int, seed: int = 11, began: date = BEGAN) -> list[Record]:
    """Make so many courses that have ended, each with a first score and the last one."""
    return [_record(number, weeks, began) for number, weeks in enumerate(caseload(n, seed).as_maps())]


def keep_finished(service: Service, n: int, *, first: int = 0) -> None:
    """Keep so many finished courses in a service, from the `first` on."""
    for record in finished(n)[first:]:
        keep(record, service.keeper())


def running(weeks: Mapping[int, float], began: date, label: str = "RUN-1") -> Record:
    """Make a course that still runs."""
    manual = open_manual("ipt-classic")
    moments = {week: datetime.combine(began + timedelta(days=7 * week), MORNING, UTC) for week in weeks}
    return Record(
        enrolment=label,
        client=f"CL-{label}",
        manual=manual.id,
        manual_version=manual.version,
        began_on=began,
        age=40,
        staff="T-01",
        entries=tuple(
            Entry(f"{label}-{week}", "phq-9", at, at, {}, kind="total_only", total=weeks[week])
            for week, at in moments.items()
        ),
        sessions=tuple(
            Session(f"S{n:02d}", n, "attended", at, at, 50, "in_person", 1, True)
            for n, at in enumerate(moments.values(), 1)
        ),
    )


def _record(number: int, weeks: dict[int, float], began: date) -> Record:
    made = running(weeks, began, f"FIN-{number:03d}")
    return replace(made, ended_on=began + timedelta(days=7 * max(weeks) + 1), _memo={})
