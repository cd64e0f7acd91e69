"""How long judging a caseload takes: `python bench/of_states.py`. Processor time, medians, one core.

`bench/run.py` takes these rows into its table, as it takes those of `of_insight`.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

Row = tuple[str, float, str, float, bool]  # name, value, unit, budget, whether the budget is a least

BEGAN = datetime(2026, 1, 5, 10)
WEEKS = 12
COURSES = 50
ALL = 20_000


def scores(chance: random.Random) -> list[float | None]:
    """Make the PHQ-9 of one course, week by week, now and then without an answer."""
    start, fall, made = chance.gauss(16, 4), chance.uniform(-0.02, 0.09), []
    for week in range(WEEKS):
        value = start * (1 - fall * week) + chance.gauss(0, 2)
        made.append(None if chance.random() < 0.12 and week else float(min(27, max(0, round(value)))))
    return made


def record(course: list[float | None]) -> Any:
    """Make the record of one course: a session a week, and a reported total where there is one."""
    from openipt.therapy.record import Entry, Record, Session

    moments = [BEGAN + timedelta(weeks=week) for week in range(len(course))]
    return Record(
        "E",
        "C",
        "ipt-classic",
        "1.0.0",
        began_on=BEGAN.date(),
        sessions=tuple(Session(f"S{n}", n, "attended", at, at) for n, at in enumerate(moments, 1)),
        entries=tuple(
            Entry(f"e{n}", "phq-9", at, at, {}, kind="total_only", total=value)
            for n, (at, value) in enumerate(zip(moments, course, strict=True))
            if value is not None
        ),
    )


def rows(median_of: Callable[..., float]) -> Iterator[Row]:
    """Yield what was measured beside its budget."""
    import numpy as np

    from openipt.therapy.course import state
    from openipt.therapy.course.state_columns import states_of
    from openipt.therapy.forms import open_form
    from openipt.therapy.manuals import open_manual
    from openipt.therapy.progress import Expectation, default_reference

    chance, form, manual = random.Random(3), open_form("phq-9"), open_manual("ipt-classic")
    default = default_reference(form, 16)
    if default is None:
        raise SystemExit("the PHQ-9 has no placeholder on this shelf")
    own = replace(default, courses=150, version="local-150")
    today = (BEGAN + timedelta(weeks=WEEKS - 1)).date()
    caseload = [scores(chance) for _ in range(COURSES)]
    known = [record(course) for course in caseload]
    many = np.tile(np.array(caseload, dtype=float), (ALL // COURSES, 1))

    def judged(fresh: list[Any], expectation: Expectation | None) -> None:
        for one in fresh:
            state(manual, one, today, expectation)

    def fresh() -> list[Any]:
        return [replace(one, _memo={}) for one in known]

    for name, expectation in (("", None), (", with own expected course", Expectation(own))):
        judged(fresh(), expectation)
        taken = 1000 * median_of(lambda given, e=expectation: judged(given, e), fresh, 21)
        yield f"states of {COURSES} courses{name}", taken, "ms", 5, False
    states_of(form, manual, many, WEEKS - 1, own)
    yield (
        f"states of {ALL:,} courses",
        median_of(lambda _: states_of(form, manual, many, WEEKS - 1, own)),
        "s",
        0.1,
        False,
    )


def _median_of(work: Callable[[Any], object], before: Callable[[], object] = lambda: None, runs: int = 9) -> float:
    taken = []
    for _ in range(runs):
        given = before()
        start = time.process_time()
        work(given)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> int:
    """Measure, print, and say with the exit code whether every budget holds."""
    broken = 0
    for name, value, unit, budget, _ in rows(_median_of):
        holds = value <= budget
        broken += not holds
        print(f"{name:<46} {value:8.4f} {unit:<9} <= {budget:g}  {'holds' if holds else 'BROKEN'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
