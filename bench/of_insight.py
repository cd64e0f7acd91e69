"""How long one diary takes to look at: `python bench/of_insight.py`. Processor time, medians, one core.

`bench/run.py` may take these rows into its table: `[Measured(*row) for row in of_insight.rows(median_of)]`.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

Row = tuple[str, float, str, float, bool]  # name, value, unit, budget, whether the budget is a least


def diary(entries: int, people: int = 8, ends: bool = False, seed: int = 1) -> list[object]:
    """Make a diary of so many entries; with `ends` some moods are 0 or 10."""
    from openipt.therapy.insight import DiaryEntry, Interaction

    chance, at, made = random.Random(seed), datetime(2026, 1, 5, 20), []
    kinds = ("conflict", "supported", "lonely", "closeness", "avoided")
    for _ in range(entries):
        at += timedelta(days=chance.choice([1, 1, 1, 2]) if entries < 200 else 0.29)
        met = [
            Interaction(f"p{n}", chance.randint(-3, 3), frozenset([chance.choice(kinds)]))
            for n in range(people)
            if chance.random() < 0.4
        ]
        mood = round(5 + 0.15 * sum(one.valence for one in met) + chance.gauss(0, 1))
        made.append(DiaryEntry(at, min(max(mood, 1), 9), tuple(met)))
    for place in range(3, entries if ends else 0, 11):
        made[place] = DiaryEntry(made[place].at, 10, made[place].interactions)
    return made


def rows(median_of: Callable[..., float]) -> Iterator[Row]:
    """Yield what was measured beside its budget."""
    from openipt.therapy.insight import fit, look, people_prior
    from openipt.therapy.insight.diary import diary_of
    from openipt.therapy.insight.looking import fit_people
    from openipt.therapy.insight.views import people_view

    plain, ends, long = diary(90), diary(90, ends=True), diary(400)
    long_ends = diary(400, ends=True)
    columns = {f"same:p{n}": 1.0 for n in range(8)}

    def alone(entries: list[object]) -> None:
        view = people_view(diary_of(entries))
        names = [[name for name in view.columns if name.startswith(start)] for start in ("same", "lag")]
        found = fit(view.times, view.outcome, view.columns, people_prior(*names))
        found.effects([{name: 1.0} for name in columns])

    def with_twin(entries: list[object]) -> None:
        found, twin = fit_people(diary_of(entries))
        found.effects([{name: 1.0} for name in columns])
        twin.above_zero([{name: 1.0} for name in columns])

    def timed(work: Callable[[list[object]], object], entries: list[object]) -> float:
        work(entries)
        return 1000 * median_of(lambda _: work(entries), runs=21)

    yield "insight, people view, 90 entries", timed(alone, plain), "ms", 10, False
    yield "the same with ends of the scale and twin", timed(with_twin, ends), "ms", 25, False
    yield "people view with twin, 400 entries", timed(with_twin, long), "ms", 60, False
    yield "the same with ends of the scale", timed(with_twin, long_ends), "ms", 60, False
    yield "whole insight with kinds, 90 entries, ends", timed(look, ends), "ms", 50, False
    yield "whole insight with kinds, 400 entries, ends", timed(look, long_ends), "ms", 60, False
    yield "clients looked at, 90 entries, no ends", 1000 / timed(look, plain), "a second", 100, True


def _median_of(work: Callable[[object], object], runs: int = 21) -> float:
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work(None)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> int:
    """Measure, print, and say with the exit code whether every budget holds."""
    broken = 0
    for name, value, unit, budget, at_least in rows(_median_of):
        holds = value >= budget if at_least else value <= budget
        broken += not holds
        sign = ">=" if at_least else "<="
        print(f"{name:<46} {value:8.1f} {unit:<9} {sign} {budget:g}  {'holds' if holds else 'BROKEN'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
