"""Measure the memory: saving a questionnaire and opening pages, over HTTP, in a clinic of two thousand clients.

`python bench/memory.py [--clients 2000] [--portal] [--json]`. The clinic is built once below var/bench, and each time a
copy of it is measured; `--portal` measures the pages of clients only. How the load is made: `loading.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import of_the_portal
import of_the_workspace
from loading import Server
from of_the_workspace import STAFF
from run import Measured, table

SIMULATED = 40  # different courses; every client has one of them


def home_of(clients: int) -> Path:
    """The folder of the measured clinic."""
    return Path(__file__).resolve().parents[1] / "var" / "bench" / str(clients)


def start_django(place: Path) -> None:
    """Open a home with Django."""
    os.environ |= {
        "OPENIPT_HOME": str(place),
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }
    from openipt.site.home import home
    from openipt.site.making import make_home

    make_home(home(), datetime.now(UTC))
    import django

    django.setup()


def build(clients: int) -> None:
    """Build the clinic, once."""
    start_django(home_of(clients))
    from django.db import connections
    from rich.progress import track

    from openipt.accounts.making import make_organisation, make_staff
    from openipt.exchange.clinic import simulate
    from openipt.exchange.keeping import Keeper, keep
    from openipt.policy import Actor
    from openipt.site.making import make_tables

    make_tables()
    now = datetime.now(UTC)
    organisation = make_organisation(name="Measured", zone="UTC", by=None, at=now, synthetic=True)
    staff = {
        f"T-{n:02d}": make_staff(
            username=f"t-{n:02d}",
            name=f"T-{n:02d}",
            email="",
            organisation=organisation,
            roles=("therapist",),
            by=None,
            at=now,
        )
        for n in range(STAFF)
    }
    supervisor = make_staff(
        username="sv", name="SV", email="", organisation=organisation, roles=("supervisor",), by=None, at=now
    )
    keeper = Keeper(
        Actor(str(supervisor.id), str(organisation.id), frozenset({"operator"})),
        now,
        lambda label: staff[label].id if label in staff else supervisor.id,
    )
    began = (now - timedelta(weeks=20)).date()
    courses = [simulate(n, began_on=began + timedelta(days=n), today=now.date()) for n in range(SIMULATED)]
    for n in track(range(clients), "Building the measured clinic (once)", disable=not sys.stderr.isatty()):
        one = replace(courses[n % SIMULATED], enrolment=f"B-{n:05d}", client=f"C-{n:05d}", staff=f"T-{n % STAFF:02d}")
        keep(one, keeper)
    connections.close_all()
    (home_of(clients) / "built").touch()


def a_copy(clients: int) -> Path:
    """Return a copy of the measured clinic, opened with Django: what is measured adds sheets to it."""
    kept = home_of(clients)
    if not (kept / "built").exists():
        subprocess.run([sys.executable, __file__, "--build", "--clients", str(clients)], check=True)
    place = kept.with_name(f"{clients}-measured")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept, place)  # the next time would measure another clinic
    os.sync()
    start_django(place)
    from openipt.site.making import make_tables

    make_tables()  # tables may have come since it was built
    _bring_to_today()
    return place


def _bring_to_today() -> None:
    """Reckon the caseload's rows for this day, as `openipt tick` does every morning."""
    from openipt.casebook.operations.new_day import reckon, stale

    now = datetime.now(UTC)
    for course in stale(now):
        reckon(course, now)


def measured(clients: int, *, portal_only: bool = False) -> list[Measured]:
    """Measure everything in the clinic of so many clients, or the pages of clients only."""
    place = a_copy(clients)
    from django.db import connections

    phones = of_the_portal.invited(f"B-{n:05d}" for n in range(clients))
    asked = list(of_the_portal.questions(phones))
    connections.close_all()
    server = Server(place)
    try:
        staff = [] if portal_only else list(of_the_workspace.everything(server, clients))
        return [*staff, *of_the_portal.pages(server, phones), *asked, _weight(server)]
    finally:
        server.stop()


def _weight(server: Server) -> Measured:
    return Measured("memory of a web worker", server.memory(), "MB", 150)


def main() -> int:
    """Measure and say which budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--portal", action="store_true", help="measure the pages of clients only")
    parser.add_argument("--build", action="store_true", help="only build the clinic")
    asked = parser.parse_args()
    if asked.build:
        build(asked.clients)
        return 0
    found = measured(asked.clients, portal_only=asked.portal)
    if asked.json:
        print(json.dumps([asdict(one) | {"holds": one.holds} for one in found], indent=1))
    else:
        print(table(found))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
