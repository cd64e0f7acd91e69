"""Many editors at once, in several processes and threads, and a count of what became of each save.

`act(editor, number)` reads, writes, and returns (id of what was saved, id of the version it replaces), or only an id
where nothing is replaced. Where somebody else was faster it raises one of `refusals`; that is as it should be, and
the editor goes on with the next number. Two saves that replaced the same version are a silent overwrite: one of the
two writers never learns that the other one was there.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import bisect, insort
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connections
from durability.forked import Child, in_child
from durability.fresh import named


@dataclass
class Tally:
    """What became of the saves. `overwritten`, `faults` and `errors` must be empty; waits are in milliseconds.

    A wait says how busy the machine is. Whether everybody gets a turn is counted in turns: `overtaken`.
    """

    saved: int = 0
    refused: int = 0
    overwritten: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    longest: float = 0.0
    overtaken: int = 0  # how many saves that began later were done before one that waited, at most


def edit(
    act: str | Callable[[int, int], Any],
    check: str | Callable[[list[str]], dict[str, list[str]]] | None = None,
    *,
    saves: int,
    editors: int = 16,
    processes: int = 2,
    refusals: tuple[str, ...] | list[str] = ("Refused",),
    pause: float = 0.0,
    prepare: str | Callable[[], None] | None = None,
    weaken: str | Callable[[], None] | None = None,
) -> Tally:
    """Let `editors` make `saves` attempts between them and return what became of each.

    Args:
        act: One save; see above.
        check: Finds faults among the ids that were saved, as for `kills`.
        saves: Attempts in all; each editor makes the same number.
        editors: How many save at once, spread over `processes` as threads.
        processes: How many processes they share.
        refusals: Names of the exceptions that refuse a save.
        pause: Seconds an editor thinks between two saves.
        prepare: Makes the tables; called once.
        weaken: A saboteur; called in each process before its first save.
    """
    in_child(named(prepare))
    tally, started = Tally(), time.monotonic()
    shares = [list(range(editors))[start::processes] for start in range(processes)]
    work = partial(_process, named(act), named(weaken), saves // editors, tuple(refusals), pause)
    children = [Child(partial(work, share)) for share in shares]
    for child in children:
        child.read_to_the_end()
    tally.seconds = time.monotonic() - started
    reports = [json.loads(line) for child in children for line in child.acknowledged]
    tally.errors = dict(Counter([error for child in children for error in child.errors]))
    _count(tally, reports)
    if check is not None:
        saved = [report["id"] for report in reports if report["what"] == "saved"]
        tally.faults = {what: ids for what, ids in in_child(named(check), saved).items() if ids}
    return tally


def _process(
    act: Callable[[int, int], Any],
    weaken: Callable[[], Any],
    each: int,
    refusals: tuple[str, ...],
    pause: float,
    editors: list[int],
    report: Callable[[str], None],
) -> None:
    weaken()

    def work(editor: int) -> None:
        for number in range(each):
            started = time.perf_counter()
            outcome = _outcome(act, editor, number, refusals)
            ended = time.perf_counter()  # of one clock in all processes
            report(f"+{json.dumps({'began': started, 'ended': ended, **outcome})}")
            time.sleep(pause)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(editor,)) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _outcome(act: Callable[[int, int], Any], editor: int, number: int, refusals: tuple[str, ...]) -> dict[str, str]:
    try:
        saved = act(editor, number)
    except Exception as error:
        if type(error).__name__ in refusals:
            return {"what": "refused"}
        return {"what": f"{type(error).__name__}: {error}"[:200]}
    key, base = saved if isinstance(saved, tuple) else (saved, "")
    return {"what": "saved", "id": str(key), "base": str(base)}


def _count(tally: Tally, reports: list[dict[str, Any]]) -> None:
    outcomes = Counter(report["what"] for report in reports)
    tally.saved, tally.refused = outcomes.pop("saved", 0), outcomes.pop("refused", 0)
    tally.errors |= dict(outcomes)
    bases = Counter(report["base"] for report in reports if report.get("base"))
    tally.overwritten = sorted(base for base, times in bases.items() if times > 1)
    waits = sorted(1000 * (report["ended"] - report["began"]) for report in reports)
    tally.overtaken = _overtaken([(report["began"], report["ended"]) for report in reports])
    if waits:
        tally.p50, tally.p95, tally.p99 = (round(waits[int(len(waits) * part)], 2) for part in (0.50, 0.95, 0.99))
        tally.longest = waits[-1]


def _overtaken(saves: list[tuple[float, float]]) -> int:
    """Return by how many a save was overtaken, at most: they began later and ended sooner."""
    ends: list[float] = []  # of what began later than the one that is looked at
    most = 0
    for _, ended in sorted(saves, reverse=True):
        most = max(most, bisect(ends, ended))
        insort(ends, ended)
    return most
