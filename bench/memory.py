"""Measure the memory: saving a questionnaire and opening pages, over HTTP, in a clinic of two thousand clients.

`python bench/memory.py [--clients 2000] [--portal] [--json]`. The clinic is built once below var/bench, and each time a
copy of it is measured; `--portal` measures the pages of clients only. How the load is made: `loading.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import of_the_portal
from loading import Asked, Server, Visitor, loaded, token_in
from run import Measured, table

STAFF = 40
SIMULATED = 40  # different courses; every client has one of them
PAGES = {"caseload": "/", "course": "/courses/{}/", "session": "/courses/{}/sessions/3/"}
ANSWERS = {f"q{n}": str(n % 3) for n in range(1, 9)} | {"q9": "0"}


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
    return place


def measured(clients: int, *, portal_only: bool = False) -> list[Measured]:
    """Measure everything in the clinic of so many clients, or the pages of clients only."""
    place = a_copy(clients)
    from django.db import connections

    phones = of_the_portal.invited(f"B-{n:05d}" for n in range(clients))
    asked = list(of_the_portal.questions(phones))
    connections.close_all()
    server = Server(place)
    try:
        staff = [] if portal_only else [*_saving(server, clients), *_pages(server, clients)]
        return [*staff, *of_the_portal.pages(server, phones), *asked, _weight(server)]
    finally:
        server.stop()


def _course_of(number: int, chance: random.Random, clients: int) -> str:
    """One of a therapist's own courses."""
    return f"B-{number + STAFF * chance.randrange(clients // STAFF):05d}"


def _saving(server: Server, clients: int) -> list[Measured]:
    from uuid_utils.compat import uuid7

    def visitor_of(n: int) -> tuple[Visitor, int, str]:
        visitor = Visitor.of_staff(server.port, f"T-{n:02d}")
        return visitor, n, token_in(visitor.get(f"/courses/B-{n:05d}/fill/phq-9/"))

    known = {one[0]: one for one in map(visitor_of, range(8))}

    def save(visitor: Visitor, chance: random.Random) -> Asked:
        _, number, token = known[visitor]
        fields = {**ANSWERS, "_id": str(uuid7()), "_version": "1.0.0", "_do": "save", "csrfmiddlewaretoken": token}
        return visitor.prepared(f"/courses/{_course_of(number, chance, clients)}/fill/phq-9/", fields)

    loaded(server, list(known), save, 80)  # warm
    eight = loaded(server, list(known), save, 800)
    return [
        Measured("save a PHQ-9 over HTTP: processor time", eight["cpu"], "ms", 6),
        Measured("save a PHQ-9 over HTTP, 8 clients: rate", eight["rate"], "a second", 150, at_least=True),
        Measured("save a PHQ-9 over HTTP, 8 clients: p95", eight["p95"], "ms", 40),
    ]


def _pages(server: Server, clients: int) -> list[Measured]:
    two = {Visitor.of_staff(server.port, f"T-{n:02d}"): n for n in range(2)}
    made = []
    for name, address in PAGES.items():

        def look(visitor: Visitor, chance: random.Random, address: str = address) -> Asked:
            return visitor.prepared(address.format(_course_of(two[visitor], chance, clients)))

        loaded(server, list(two), look, 20)
        found = loaded(server, list(two), look, 200)
        made += [
            Measured(f"{name} page: processor time", found["cpu"], "ms", 12),
            Measured(f"{name} page, 2 clients: p95", found["p95"], "ms", 60),
        ]
    return made


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
