"""Cuts the power at random operations of the disk and asks afterwards for everything that was acknowledged.

A worker writes in a process whose disk is shadowed (`shadow`). In the middle of some write or sync the power fails:
what the disk would hold then (`disk`) replaces the files, and the next worker finds those. `act` and `check` are
those of `kills`, so the real thing is plugged in with one call to each.

Two traps, both met by others. Who checks must not mend: opening a database recovers it and closing it moves the log,
and then the next cut starts from a state that no disk ever held. So the files are checked and then put back as they
were. And nobody else may have the files open, least of all the parent: its writes would not be noted.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from durability.forked import Child, in_child
from durability.fresh import named
from durability.shadow import CannotCut, Shadow

from openipt.site.sqlite.base import DatabaseWrapper


@dataclass
class Toll:
    """What a run cost. `faults` must be empty; `skipped` says why nothing was done."""

    cuts: int = 0
    acknowledged: int = 0
    unreadable: int = 0
    seconds: float = 0.0
    skipped: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


_held: list[object] = []  # the library calls into a shadow for as long as the process lives


def cut(
    act: str | Callable[[int, int], str],
    check: str | Callable[[list[str]], dict[str, list[str]]],
    *,
    cuts: int,
    prepare: str | Callable[[], None] | None = None,
    weaken: str | Callable[[], None] | None = None,
    threads: int = 2,
    longest: int = 300,
    wal_limit: int = 2**16,
    seed: int = 1,
) -> Toll:
    """Cut the power `cuts` times and return what was lost. The run ends early where nothing can be read any more.

    Args:
        act: One acknowledged act, as for `kills`; called by `threads` threads of one process.
        check: Finds faults, as for `kills`; called after each cut, in a process of its own, on a copy.
        cuts: How often the power fails.
        prepare: Makes the tables; called once.
        weaken: A saboteur; called in each worker before its first act.
        threads: How many write at the same time.
        longest: Operations of the disk until the power fails, at most; a small transaction needs about fifteen.
        wal_limit: Bytes of log from which it is moved into the database: small, so that many cuts fall into that.
        seed: Of the moments, and of what the disk had written.
    """
    in_child(named(prepare))
    folder = Path(os.environ["OPENIPT_HOME"])
    toll, started, acknowledged, done = Toll(), time.monotonic(), [], Counter[int]()
    work = partial(_work, named(act), named(weaken), threads, longest, wal_limit, folder)
    for number in range(cuts):
        chance = random.Random(f"{seed}/{number}")
        child = Child(partial(work, chance, dict(done)))
        child.read_to_the_end()
        if child.errors and child.errors[0].startswith(CannotCut.__name__):
            return Toll(skipped=child.errors[0])
        for line in child.acknowledged:
            worker, _, key = line.partition(" ")
            done[int(worker)] += 1
            acknowledged.append(key)
        toll.errors += child.errors
        _check(folder, named(check), acknowledged, toll)
        toll.cuts += 1
        if toll.unreadable or toll.errors:
            break
    toll.acknowledged, toll.seconds = len(acknowledged), time.monotonic() - started
    return toll


def _work(
    act: Callable[[int, int], str],
    weaken: Callable[[], Any],
    threads: int,
    longest: int,
    wal_limit: int,
    folder: Path,
    chance: random.Random,
    done: dict[int, int],
    report: Callable[[str], None],
) -> None:
    DatabaseWrapper.WAL_LIMIT = wal_limit
    weaken()
    _held.append(Shadow(chance.randint(1, longest), chance, partial(_replace, folder)))

    def work(worker: int) -> None:
        try:
            for number in range(done.get(worker, 0), 10**9):
                report(f"+{worker} {act(worker, number)}")
        except Exception as error:
            report(f"!{type(error).__name__}: {error}".replace("\n", " "))

    others = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in range(1, threads)]
    for other in others:
        other.start()
    work(0)
    for other in others:
        other.join()


def _replace(folder: Path, found: dict[str, bytes]) -> None:
    """Put in the place of the files what the disk holds after the cut, and end this process at once."""
    for path in _database_files(folder):
        path.unlink()
    for name, content in found.items():
        Path(name).write_bytes(content)
    os.kill(os.getpid(), signal.SIGKILL)


def _database_files(folder: Path) -> list[Path]:
    locks = ("-next", "-writer")
    return [path for path in folder.iterdir() if ".sqlite3" in path.name and not path.name.endswith(locks)]


def _check(folder: Path, check: Callable[[list[str]], Any], acknowledged: list[str], toll: Toll) -> None:
    before = {path: path.read_bytes() for path in _database_files(folder)}
    try:
        faults = in_child(check, acknowledged)
    except RuntimeError as error:
        toll.unreadable += 1
        faults = {"unreadable": [str(error)]}
    for what, ids in faults.items():
        if ids:
            toll.faults[what] = sorted({*toll.faults.get(what, []), *ids})
    for path in _database_files(folder):
        path.unlink()
    for path, content in before.items():
        path.write_bytes(content)
