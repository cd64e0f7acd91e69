"""Many write at once: nobody is starved, nobody is told "locked", nobody silently overwrites somebody else."""

from __future__ import annotations

import pytest
from durability.fresh import in_fresh_python

PREPARE = "durability.plain:prepare"
WRITES = {"prepare": PREPARE, "act": "durability.plain:write", "check": "durability.plain:verdict"}
EDITS = {"prepare": PREPARE, "act": "durability.plain:edit", "check": "durability.plain:edits_verdict"}
OVERTAKEN = 150  # of 400 saves: in the queue 8 to 14 beside eight busy processes; without it 182 to 347


def edit(home, **how):
    tally = in_fresh_python("durability.editors:edit", home=home, seconds=300, **how)
    waits = ", ".join(f"{name} {tally[name]:.1f}" for name in ("p50", "p95", "p99", "longest"))
    print(f"{tally['saved']} saved, {tally['refused']} refused, ms: {waits}; overtaken by {tally['overtaken']}")
    return tally


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_eight_writers_each_get_their_turn(tmp_path, processes):
    tally = edit(tmp_path, **WRITES, editors=8, saves=400, processes=processes)

    assert tally["saved"] == 400
    assert tally["errors"] == {}
    assert tally["faults"] == {}
    assert tally["overtaken"] < OVERTAKEN


def test_without_the_queue_somebody_waits_while_nearly_all_others_are_done(tmp_path):
    """Chance has a part in who is starved, so five tries: one that shows it is enough."""
    weaken = "durability.saboteurs:without_lock"
    tries = (edit(tmp_path / str(n), **WRITES, editors=8, saves=400, weaken=weaken) for n in range(5))

    assert any(tally["overtaken"] > OVERTAKEN for tally in tries)


def test_sixteen_editors_never_overwrite_one_another_silently(tmp_path):
    tally = edit(tmp_path, **EDITS, editors=16, saves=800)

    assert tally["saved"] + tally["refused"] == 800
    assert tally["saved"] > 0
    assert tally["refused"] > 0, "editors who never meet prove nothing"
    assert (tally["overwritten"], tally["errors"], tally["faults"]) == ([], {}, {})


@pytest.mark.durability
def test_sixteen_editors_five_thousand_saves(tmp_path):
    tally = edit(tmp_path, **EDITS, editors=16, saves=5_000, processes=4)

    assert tally["saved"] + tally["refused"] == 5_000 // 16 * 16
    assert (tally["overwritten"], tally["errors"], tally["faults"]) == ([], {}, {})
