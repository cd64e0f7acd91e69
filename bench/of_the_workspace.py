"""What saving a questionnaire and the pages of a therapist cost, over HTTP. `bench/memory.py` takes these rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

from loading import Asked, Load, Server, Visitor, token_in
from run import Measured

STAFF = 40  # therapists, T-00 to T-39; each has every fortieth course
PAGES = {"caseload": "/", "course": "/courses/{}/", "session": "/courses/{}/sessions/3/"}
ANSWERS = {f"q{n}": str(n % 3) for n in range(1, 9)} | {"q9": "0"}
MOST_MS, MOST_P95 = 12, 60
OFFERED = 20  # of them, the page to sign in by one click offers so many
BESIDE = 2  # pages under way at once
BEGUN = 4  # sessions of each therapist that are going on


def everything(server: Server, clients: int) -> Iterator[Measured]:
    """Measure the caseload before anything is written, then saving, then the other pages."""
    # All courses of one therapist are the same invented course: the pages of one alone would tell of that course.
    staff = {Visitor.of_staff(server.port, f"T-{n:02d}"): n for n in range(OFFERED)}
    yield from _page(server, staff, "caseload", PAGES["caseload"], clients)
    yield from saving(server, clients)
    for name, address in PAGES.items():
        label = "caseload, many sheets later" if name == "caseload" else name
        yield from _page(server, staff, label, address, clients)
    yield from going_on(server, staff, clients)


def course_of(number: int, chance: random.Random, clients: int) -> str:
    """One of a therapist's own courses."""
    return f"B-{number + STAFF * chance.randrange(clients // STAFF):05d}"


def saving(server: Server, clients: int) -> Iterator[Measured]:
    """Save questionnaires: one therapist after the other, and eight at once."""
    from uuid_utils.compat import uuid7

    def visitor_of(n: int) -> tuple[Visitor, int, str]:
        visitor = Visitor.of_staff(server.port, f"T-{n:02d}")
        return visitor, n, token_in(visitor.get(f"/courses/B-{n:05d}/fill/phq-9/"))

    known = {one[0]: one for one in map(visitor_of, range(8))}

    def save(visitor: Visitor, chance: random.Random) -> Asked:
        _, number, token = known[visitor]
        fields = {**ANSWERS, "_id": str(uuid7()), "_version": "1.0.0", "_do": "save", "csrfmiddlewaretoken": token}
        return visitor.prepared(f"/courses/{course_of(number, chance, clients)}/fill/phq-9/", fields)

    eight = Load.of(server, list(known), save, at_once=80, beside=len(known))
    yield from eight.rows("save a PHQ-9 over HTTP", 6)
    yield Measured("save a PHQ-9 over HTTP, 8 clients: rate", eight.rate, "a second", 150, at_least=True)
    yield Measured("save a PHQ-9 over HTTP, 8 clients: p95", eight.p95, "ms", 40)


def _page(server: Server, staff: dict[Visitor, int], name: str, address: str, clients: int) -> Iterator[Measured]:
    def look(visitor: Visitor, chance: random.Random) -> Asked:
        return visitor.prepared(address.format(course_of(staff[visitor], chance, clients)))

    found = Load.of(server, list(staff), look, at_once=24, beside=BESIDE)
    yield from found.rows(f"{name} page", MOST_MS)
    yield Measured(f"{name} page, 2 clients: p95", found.p95, "ms", MOST_P95)


def going_on(server: Server, staff: dict[Visitor, int], clients: int) -> Iterator[Measured]:
    """Begin sessions, then measure their pages: the one a therapist has open all day, with its card to be written."""
    begun = {visitor: list(_begun(visitor, number, clients)) for visitor, number in staff.items()}

    def look(visitor: Visitor, chance: random.Random) -> Asked:
        return visitor.prepared(chance.choice(begun[visitor]))

    found = Load.of(server, list(staff), look, at_once=24, beside=BESIDE)
    yield from found.rows("session that goes on", MOST_MS)
    yield Measured("session that goes on, 2 clients: p95", found.p95, "ms", MOST_P95)


def _begun(visitor: Visitor, number: int, clients: int) -> Iterator[str]:
    from uuid_utils.compat import uuid7

    left = BEGUN
    for course in map(partial("B-{:05d}".format), range(number, clients, STAFF)):
        status, page = visitor.ask("GET", f"/courses/{course}/sessions/new/")
        made = str(uuid7())
        fields = {"_id": made, "_do": "now", "csrfmiddlewaretoken": token_in(page)}
        if status == 200 and visitor.post(f"/courses/{course}/sessions/new/", fields) == 302:
            yield f"/courses/{course}/meetings/{made}/"
            left -= 1
        if not left:
            return
    raise SystemExit(f"T-{number:02d} has no {BEGUN} courses in which a session can begin")
