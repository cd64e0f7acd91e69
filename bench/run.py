"""Measure the budgets of OpenIPT and say which hold: `make bench`, `bench/run.py --json`. Exit 1 when one is broken."""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

RUNS = 9  # the median of so many
SHEETS = 20_000  # scored in one run
ROWS = 1_000_000  # of columns, scored in one run
HEAVY = ("numpy", "scipy", "pandas", "statsmodels", "django", "pydantic")


@dataclass(frozen=True)
class Measured:
    """One measured number beside its budget; a number without a budget is only told."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False  # whether the budget is a least (a rate) or a most (a time, a size)
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the budget holds."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def median_of(work: Callable[[object], object], before: Callable[[], object] = lambda: None, runs: int = RUNS) -> float:
    """Return the median processor time of some work, in seconds; `before` makes ready what is not measured."""
    taken = []
    for _ in range(runs):
        given = before()
        start = time.process_time()
        work(given)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def scorer() -> list[Measured]:
    """Full results of the PHQ-9: whole sheets, sheets with two blanks, sheets that differ every time."""
    from openipt.therapy.forms import open_form, score

    form, chance = open_form("phq-9"), random.Random(9)
    whole = {f"q{n}": n % 4 for n in range(1, 10)}
    blanks = {name: value for name, value in whole.items() if name not in ("q3", "q7")}
    varied = [{f"q{n}": chance.randint(0, 3) for n in range(1, 10)} for _ in range(SHEETS)]
    given = {"whole": [whole] * SHEETS, "prorated": [blanks] * SHEETS, "random": varied}
    for sheets in given.values():  # once, so that nothing is opened while it is measured
        score(form, sheets[0])

    def run(sheets: object) -> None:
        for sheet in sheets:  # type: ignore[attr-defined]
            score(form, sheet)

    return [
        Measured(
            f"PHQ-9, {name} sheets", SHEETS / median_of(run, lambda s=sheets: s), "a second", 50_000, at_least=True
        )
        for name, sheets in given.items()
    ]


def columns() -> list[Measured]:
    """A million PHQ-9 as columns of bytes, whole and with blanks in one and in five of a hundred answers."""
    import numpy as np

    from openipt.therapy.forms import open_form
    from openipt.therapy.forms.columns import score_columns

    form, chance = open_form("phq-9"), np.random.default_rng(9)
    found = []
    for share in (0.0, 0.01, 0.05):
        given = {f"q{n}": chance.integers(0, 4, ROWS).astype("int8") for n in range(1, 10)}
        for column in given.values():
            column[chance.random(ROWS) < share] = -1
        score_columns(form, given)
        rate = ROWS / median_of(lambda _, sheets=given: score_columns(form, sheets)) / 1e6  # type: ignore[misc]
        name = f"PHQ-9 in columns, {share:.0%} blanks"
        found.append(Measured(name, rate, "million a second", 15, at_least=True, note=f"{ROWS:,} sheets on one core"))
    return found


def course() -> list[Measured]:
    """Agenda, state and note of case 1's 16 sessions, and its replay: a fresh record, forms and manuals open."""
    from openipt.exchange.cases import as_json, open_case, replay
    from openipt.exchange.cases.opening import case_named
    from openipt.therapy.course import agenda, state
    from openipt.therapy.manuals import open_manual
    from openipt.therapy.writing import note

    path = case_named("C01")
    if path is None:
        raise SystemExit("case C01 is not on this shelf")
    case, manual = open_case(path), open_manual("ipt-classic")
    record, last = case.records[0], case.records[0].sessions[-1]
    as_json(replay(case))

    def day(fresh: object) -> None:
        agenda(manual, fresh, last.day)  # type: ignore[arg-type]
        state(manual, fresh, last.day)  # type: ignore[arg-type]
        note(manual, fresh, last)  # type: ignore[arg-type]

    # `_memo` is what a record remembers of itself: a new one each time is a record just loaded.
    under_way = median_of(day, lambda: replace(record, ended_on=None, _memo={}), 3 * RUNS)
    ended = median_of(day, lambda: replace(record, _memo={}), 3 * RUNS)
    told = median_of(lambda fresh: as_json(replay(fresh)), lambda: _fresh(case))  # type: ignore[arg-type]
    read = median_of(lambda _: open_case(path), runs=3)
    return [
        Measured("agenda + state + note, under way", 1000 * under_way, "ms", 5),
        Measured("agenda + state + note, ended", 1000 * ended, "ms", 5),
        Measured(
            "replay of case 1 as JSON", 1000 * told, "ms", note="16 sessions, each with the knowledge of its own day"
        ),
        Measured("reading case 1", 1000 * read, "ms", note="strict YAML, schema, facts, answers against forms"),
    ]


def _fresh(case: object) -> object:
    records = tuple(replace(record, _memo={}) for record in case.records)  # type: ignore[attr-defined]
    return replace(case, records=records)  # type: ignore[type-var]


def statistics_of() -> list[Measured]:
    """Insight of one client, and the states of a caseload: rows that stand in modules of their own."""
    import of_insight
    import of_states

    return [Measured(*row) for module in (of_insight, of_states) for row in module.rows(median_of)]


_IMPORT = """
import json, sys, time
start = time.process_time()
import openipt
took = time.process_time() - start
try:
    import resource
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
except ModuleNotFoundError:
    size = 0.0
print(json.dumps({"took": took, "size": size, "loaded": [name for name in %r if name in sys.modules]}))
"""


def importing() -> list[Measured]:
    """`import openipt` in a process of its own: time, memory, and that nothing heavy comes with it."""
    found = [json.loads(_python("-c", _IMPORT % (HEAVY,))) for _ in range(5)]
    loaded = sorted({name for one in found for name in one["loaded"]})
    return [
        Measured("import openipt", statistics.median(one["took"] for one in found), "s", 0.3),
        Measured("memory after it", statistics.median(one["size"] for one in found), "MB", 60),
        Measured("heavy modules loaded", len(loaded), "", 0, note=", ".join(loaded)),
    ]


def _python(*words: str) -> str:
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout


_FIRST_PAGE = """
import os, time
start = time.process_time()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openipt.site.settings")
import django
django.setup()
from django.test import Client
answer = Client(HTTP_HOST="127.0.0.1").get("/", follow=True)  # whoever is not signed in is led to the door
assert answer.status_code == 200, answer.status_code
print(time.process_time() - start)
"""


def first_page() -> list[Measured]:
    """The first page of a process that has just begun, from import to answer; nothing where Django is missing."""
    try:
        import importlib.util

        if importlib.util.find_spec("django") is None or importlib.util.find_spec("openipt.site") is None:
            return []
        taken = [float(_python("-c", _FIRST_PAGE).split()[-1]) for _ in range(3)]
    except subprocess.CalledProcessError as error:
        return [Measured("first page of a cold process", float("inf"), "s", 5, note=error.stderr.strip()[-120:])]
    return [Measured("first page of a cold process", statistics.median(taken), "s", 5, note="make run a second time")]


def table(found: Sequence[Measured]) -> str:
    """Lay the numbers out for people."""
    rows = [("what", "measured", "budget", "", "")]
    for one in found:
        sign = ">=" if one.at_least else "<="
        budget = "" if one.budget is None else f"{sign} {one.budget:,g} {one.unit}".strip()
        verdict = "" if one.budget is None else "holds" if one.holds else "BROKEN"
        rows.append((one.name, f"{_number(one.value)} {one.unit}".strip(), budget, verdict, one.note))
    wide = [max(len(row[n]) for row in rows) for n in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(wide[n]) if n < 4 else cell for n, cell in enumerate(row)).rstrip() for row in rows
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.3g}"


def main() -> int:
    """Measure, print, and say with the exit code whether every budget holds."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--json", action="store_true", help="print JSON instead of a table")
    as_json = reader.parse_args().json
    found = [*importing(), *scorer(), *columns(), *course(), *statistics_of(), *first_page()]
    if as_json:
        rows = [asdict(one) | {"holds": one.holds} for one in found]
        print(json.dumps({"python": sys.version.split()[0], "processors": os.cpu_count(), "measured": rows}, indent=2))
    else:
        print(table(found))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
