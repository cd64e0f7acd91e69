"""Measure the same pages in a clinic and in one of fifty times its size, by turns, so that both meet the same machine.

`python bench/fifty.py`. Both clinics are served at once and asked one after the other, seven times; the medians are set
against each other. The caseload is not among them: in the large clinic it is a list of fifty courses, in the small one
of a single course.
"""

from __future__ import annotations

import random
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from loading import Asked, Server, Visitor, loaded
from memory import a_copy
from of_the_workspace import PAGES, STAFF
from run import Measured, table

SMALL, LARGE = 40, 2000
ROUNDS, TIMES, MOST = 7, 60, 1.2


class Clinic:
    """A clinic that is served, with somebody of its staff signed in."""

    def __init__(self, clients: int) -> None:
        self.clients = clients
        self.server = Server(a_copy(clients))
        self.visitor = Visitor.of_staff(self.server.port, "T-05")

    def cost(self, address: str, turn: int) -> float:
        """Milliseconds of processor time for one page, over some of the courses of whoever is signed in."""

        def look(visitor: Visitor, chance: random.Random) -> Asked:
            return visitor.prepared(address.format(f"B-{5 + STAFF * chance.randrange(self.clients // STAFF):05d}"))

        return loaded(self.server, [self.visitor], look, TIMES, 1, turn).cpu


def main() -> int:
    """Measure and say whether the budget holds."""
    # Django opens one home a process: the copies are made before anything is served.
    clinics = [Clinic(clients) for clients in (SMALL, LARGE)]
    found = []
    try:
        for name, address in PAGES.items():
            if name == "caseload":
                continue
            rounds = [[one.cost(address, turn) for one in clinics] for turn in range(ROUNDS + 1)][
                1:
            ]  # the first is to warm up
            small, large = (statistics.median(column) for column in zip(*rounds, strict=True))
            note = f"{small:.1f} and {large:.1f} ms"
            found.append(
                Measured(f"{name} page, {LARGE // SMALL} times the clients", large / small, "times", MOST, note=note)
            )
    finally:
        for one in clinics:
            one.server.stop()
    print(table(found))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
