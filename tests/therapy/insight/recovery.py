"""Does the insight find what was put in? One command asks 200 invented clients a cell and writes the answer down.

    python tests/therapy/insight/recovery.py [--clients 200] [--write]

With --write the figures go into docs/explanation/how-sure-is-insight.md, with the day and the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from diary_worlds import PLAIN, Wish, diary_world
from found_again import Tally, count, kind_cell, own_prior_cell, people_cell, share

from openipt.therapy.insight import look

ENTRIES, PEOPLE = (14, 30, 90), (3, 5, 8)
PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "how-sure-is-insight.md"
BEGIN, END = "<!-- figures of insight: begin -->", "<!-- figures of insight: end -->"
SLACK = 0.03  # what chance may do to a share of 200 clients (INSIGHT 1.9)

Say = Callable[[str], None]
Cells = dict[tuple[int, int], Tally]
Bounds = tuple[float | None, float | None, float | None]
TOLD: Bounds = (None, None, None)


@dataclass(frozen=True)
class Figure:
    """One number of a row, beside what is required of it; None where it is only told."""

    value: float
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the number lies within what is required, with the slack for chance."""
        low = self.least is None or self.value >= self.least - SLACK
        return low and (self.most is None or self.value <= self.most + SLACK)

    def __str__(self) -> str:
        told = "–" if self.value != self.value else f"{self.value:.3f}".replace("0.", ".", 1)
        return told if self.holds else f"**{told}**"


@dataclass(frozen=True)
class Row:
    """A line of the table: what was asked, what is required, and one or more figures for each number of entries."""

    name: str
    required: str
    figures: tuple[tuple[Figure, ...], ...]

    @property
    def holds(self) -> bool:
        """Whether every figure holds."""
        return all(figure.holds for cell in self.figures for figure in cell)

    def __str__(self) -> str:
        cells = (" / ".join(map(str, cell)) for cell in self.figures)
        return f"| {self.name} | {self.required} | {' | '.join(cells)} |"


def row(
    name: str,
    value: Callable[..., float],
    *,
    people: Sequence[int] = (),
    least: Bounds = TOLD,
    most: Bounds = TOLD,
) -> Row:
    """Make a row from a function of the number of entries, and of the number of people where some are named."""
    figures = []
    for n, low, high in zip(ENTRIES, least, most, strict=True):
        values = [value(n, p) for p in people] if people else [value(n)]
        figures.append(tuple(Figure(one, low, high) for one in values))
    return Row(name, _required(least, most), tuple(figures))


def _required(least: Bounds, most: Bounds) -> str:
    if least == most == TOLD:
        return "told"
    if TOLD not in (least, most):
        return f"{least[0]:.2f} to {most[0]:.2f}"
    sign, bounds = ("≥", least) if most == TOLD else ("≤", most)
    return f"{sign} {', '.join('–' if one is None else f'{one:.2f}' for one in bounds)}"


def recovery(clients: int = 200, say: Say = lambda _: None) -> list[Row]:
    """Run every cell and return the table of INSIGHT 1.9, with what mood-coloured ratings do beside it."""
    plain = _cells(PLAIN, clients, say)
    null = _cells(Wish(null=True), clients, say)
    own = {n: sum((own_prior_cell(n, p, clients) for p in PEOPLE), Tally()) for n in ENTRIES}
    say("effects drawn from the prior")
    return [
        *_sizes(plain, own),
        *_findings(plain, null),
        *_coloured(clients, say),
        *_stress(clients, say),
        *_kinds(clients, say),
    ]


def _cells(wish: Wish, clients: int, say: Say, seed: int = 0) -> Cells:
    found = {}
    for n in ENTRIES:
        found |= {(n, people): people_cell(n, people, wish, clients, seed) for people in PEOPLE}
        say(f"{wish}, {n} entries")
    return found


def _together(cells: Cells) -> dict[int, Tally]:
    return {n: sum((cells[n, p] for p in PEOPLE), Tally()) for n in ENTRIES}


def _sizes(plain: Cells, own: dict[int, Tally]) -> Iterator[Row]:
    every = _together(plain)
    yield row(
        "90% range holds the truth, effects drawn from the prior itself",
        lambda n: own[n].coverage,
        least=(0.87, 0.87, 0.87),
        most=(0.93, 0.93, 0.93),
    )
    yield row(
        "90% range holds the truth, lifelike diaries, 3 / 5 / 8 people",
        lambda n, p: plain[n, p].coverage,
        people=PEOPLE,
        least=(0.90, 0.88, 0.84),
    )
    yield row(
        "error, as a share of that of one slope at a time", lambda n: every[n].error_ratio, most=(0.55, 0.65, 0.75)
    )
    yield row(
        "direction wrong, among those with a probability of direction of .95 or more",
        lambda n: share(every[n].turned, every[n].directions),
        most=(0.03, 0.02, 0.01),
    )


def _findings(plain: Cells, null: Cells) -> Iterator[Row]:
    every, nothing = _together(plain), _together(null)
    for rule, name in (("20", "no true effect: clients with any “worth asking about”"), ("10", _LOOSE)):
        yield row(
            name,
            lambda n, rule=rule: share(nothing[n].clients_found[rule], nothing[n].clients),
            most=(0.08, 0.10, 0.10),
        )
    for rule, name in (("20", "“worth asking about” that is false"), ("10", _LOOSE)):
        yield row(name, lambda n, rule=rule: share(every[n].false[rule], every[n].found[rule]), most=(0.18, 0.13, 0.08))
    yield row(
        "effects of .25 or more found, 3 people, with r* ≥ .10",
        lambda n: plain[n, 3].power("10"),
        least=(0.12, 0.38, 0.65),
    )
    yield row("the same as “worth asking about” (r* ≥ .20)", lambda n: plain[n, 3].power("20"))
    yield row("the same with r* ≥ .10, 5 / 8 people", lambda n, p: plain[n, p].power("10"), people=PEOPLE[1:])
    yield row("the same as “worth asking about”, 5 / 8 people", lambda n, p: plain[n, p].power("20"), people=PEOPLE[1:])


_LOOSE = "the same with r* ≥ .10"


def _coloured(clients: int, say: Say) -> Iterator[Row]:
    for colouring, most in ((0.25, (None, 0.15, None)), (0.50, TOLD)):
        cells = _cells(Wish(null=True, colouring=colouring), clients, say, seed=3)
        for rule in ("20", "10"):
            name = f"colouring {colouring:.2f}, no true effect: clients with any “worth asking about”, 3 / 5 / 8 people"
            yield row(
                name if rule == "20" else _LOOSE,
                lambda n, p, rule=rule, cells=cells: share(cells[n, p].clients_found[rule], cells[n, p].clients),
                people=PEOPLE,
                most=most if rule == "20" else TOLD,
            )


def _stress(clients: int, say: Say) -> Iterator[Row]:
    for wish, name in (
        (Wish(mood_hides=True), "low days hide, noise has heavy tails"),
        (Wish(strength=1.6), "effects 1.6 times as large"),
    ):
        cells = _cells(wish, clients, say, seed=4)
        every = _together(cells)
        yield row(
            f"{name}: range holds the truth, 3 / 5 / 8 people",
            lambda n, p, cells=cells: cells[n, p].coverage,
            people=PEOPLE,
        )
        yield row(
            f"{name}: “worth asking about” that is false",
            lambda n, every=every: share(every[n].false["20"], every[n].found["20"]),
        )


def _kinds(clients: int, say: Say) -> Iterator[Row]:
    found = {n: kind_cell(n, clients=clients) for n in ENTRIES}
    null = {n: kind_cell(n, True, clients) for n in ENTRIES}
    say("kinds")
    yield row("kinds: 90% range holds the truth", lambda n: found[n].coverage)
    yield row(
        "kinds, no true effect: clients with any “worth asking about”",
        lambda n: share(null[n].clients_found["20"], null[n].clients),
    )
    yield row("kinds: “worth asking about” that is false", lambda n: share(found[n].false["20"], found[n].found["20"]))
    yield row("kinds: effects of half a mood point or more found", lambda n: found[n].power("20"))


def nulls(n: int, clients: int = 500, seed: int = 5) -> Tally:
    """Count what is found in clients without any effect and without colouring, with 3 to 8 people each."""
    chances = [np.random.default_rng([seed, n, k]) for k in range(clients)]
    worlds = (diary_world(chance, int(chance.integers(3, 9)), n, Wish(null=True)) for chance in chances)
    return count((world, look(world.entries)) for world in worlds)


def null_row(clients: int = 500) -> Row:
    """Return the row of the clients without any effect."""
    found = {n: nulls(n, clients) for n in ENTRIES}
    return row(
        f"{clients} further clients without any effect, 3 to 8 people: any “worth asking about”",
        lambda n: share(found[n].clients_found["20"], found[n].clients),
        most=(0.08, 0.10, 0.10),
    )


def written(rows: Sequence[Row], clients: int, seconds: float) -> str:
    """Return the figures as they stand on the page."""
    machine = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    )
    lines = [
        f"Run on {datetime.now(UTC):%Y-%m-%d}: {machine}; {clients} clients a cell; {seconds / 60:.1f} minutes.",
        f"Chance may move a share by {SLACK:.2f}, which is allowed for. What is **bold** lies outside.",
        "",
        "| what | required | 14 entries | 30 entries | 90 entries |",
        "|---|---|--:|--:|--:|",
        *map(str, rows),
    ]
    return "\n".join(lines)


def write(text: str, page: Path = PAGE) -> None:
    """Put the figures between their marks on the page; whatever else stands there stays."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Run, print, and write where that was asked for; 1 where a figure does not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clients", type=int, default=200)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    start = time.monotonic()
    rows = recovery(given.clients, lambda text: print(text, file=sys.stderr, flush=True))
    rows.append(null_row())
    text = written(rows, given.clients, time.monotonic() - start)
    print(text)
    if given.write:
        write(text)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
