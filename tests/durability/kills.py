"""Kills the writer at random moments and asks afterwards for everything that was acknowledged.

`act(worker, number)` does one act and returns its id; only then is the id acknowledged, through a pipe. A worker that
was killed comes back under the same name and repeats the act nobody acknowledged, as a client whose line broke would:
so an act must bear being done twice. `check(acknowledged ids)` returns faults as {what: [ids]}; it should also look
for what nobody acknowledged, such as an entry without its audit event.

A kill finds errors of order and of atomicity. It cannot find a missing sync: what a process wrote, the system keeps.
For that there is `power`.
"""

from __future__ import annotations

import itertools
import random
import select
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from durability.forked import Child, in_child
from durability.fresh import named

SHORTEST = 0.002  # seconds a worker lives
AT_THE_START = 0.25  # the part of workers that die while they open the database and recover what the last one left
STUCK = 30.0  # seconds


@dataclass
class Toll:
    """What a run cost. `faults` must be empty: {"lost": [...], "without audit": [...], ...}."""

    deaths: int = 0
    acknowledged: int = 0
    seconds: float = 0.0
    faults: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def kill(
    act: str | Callable[[int, int], str],
    check: str | Callable[[list[str]], dict[str, list[str]]],
    *,
    kills: int,
    prepare: str | Callable[[], None] | None = None,
    weaken: str | Callable[[], None] | None = None,
    workers: int = 2,
    longest: float = 0.030,
    seed: int = 1,
) -> Toll:
    """Kill `kills` workers, `workers` alive at once, and return what was lost.

    Args:
        act: One acknowledged act, as "module:name" or a function; see above.
        check: Finds faults; see above. Called once, at the end, in a process of its own.
        kills: How many workers die.
        prepare: Makes the tables; called once, in a process of its own.
        weaken: A saboteur; called in each worker before its first act.
        workers: How many write at the same time.
        longest: Seconds a worker lives at most; from its first act on, or from its birth.
        seed: Of the moments of death.
    """
    in_child(named(prepare))
    toll, chance, started = Toll(), random.Random(seed), time.monotonic()
    acknowledged: list[str] = []
    done: Counter[int] = Counter()
    work = partial(_work, named(act), named(weaken))
    for worker, child in itertools.islice(_deaths(work, workers, longest, chance, done), kills):
        done[worker] += len(child.acknowledged)
        acknowledged += child.acknowledged
        toll.errors += child.errors
    toll.deaths, toll.acknowledged, toll.seconds = kills, len(acknowledged), time.monotonic() - started
    toll.faults = in_child(lambda: {what: ids for what, ids in named(check)(acknowledged).items() if ids})
    return toll


@dataclass
class _Victim:
    worker: int
    child: Child
    lives: float  # seconds
    dies_at: float  # on the monotonic clock
    at_work: bool  # whether its life counts from its first act

    def look(self) -> None:
        self.child.read()
        if self.at_work and (self.child.spoke or self.child.ended):
            self.at_work, self.dies_at = False, time.monotonic() + self.lives


def _deaths(
    work: Callable[..., None], workers: int, longest: float, chance: random.Random, done: Counter[int]
) -> Iterator[tuple[int, Child]]:
    alive: list[_Victim] = []
    try:
        while True:
            for worker in set(range(workers)) - {victim.worker for victim in alive}:
                child = Child(partial(work, worker, done[worker]))
                lives, at_work = chance.uniform(SHORTEST, longest), chance.random() > AT_THE_START
                alive.append(_Victim(worker, child, lives, time.monotonic() + (STUCK if at_work else lives), at_work))
            victim = _next_to_die(alive)
            alive.remove(victim)
            victim.child.kill()
            if victim.at_work:
                raise TimeoutError(f"A worker did not finish its first act in {STUCK:g} seconds: {victim.child.errors}")
            yield victim.worker, victim.child
    finally:
        for victim in alive:
            victim.child.kill()


def _next_to_die(alive: list[_Victim]) -> _Victim:
    while True:
        first = min(alive, key=lambda victim: victim.dies_at)
        left = first.dies_at - time.monotonic()
        if left <= 0:
            return first
        select.select([victim.child.pipe for victim in alive if not victim.child.ended], [], [], left)
        for victim in alive:
            victim.look()


def _work(
    act: Callable[[int, int], str], weaken: Callable[[], Any], worker: int, first: int, report: Callable[[str], None]
) -> None:
    weaken()
    for number in itertools.count(first):
        report(f"+{act(worker, number)}")
