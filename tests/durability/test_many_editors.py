"""Many write at once: nobody is starved, nobody is told "locked", nobody silently overwrites somebody else."""

from __future__ import annotations

import pytest
from durability.fresh import in_fresh_python

PREPARE = "durability.plain:prepare"
WRITES = {"prepare": PREPARE, "act": "durability.plain:write", "check": "durability.plain:verdict"}
EDITS = {"prepare": PREPARE, "act": "durability.plain:edit", "check": "durability.plain:edits_verdict"}
LONGEST_WAIT = 2_000  # milliseconds, on a machine that has other things to do; alone it is some 10


def edit(home, **how):
    tally = in_fresh_python("durability.editors:edit", home=home, seconds=300, **how)
    waits = ", ".join(f"{name} {tally[name]:.1f}" for name in ("p50", "p95", "p99", "longest"))
    print(f"{tally['saved']} saved, {tally['refused']} refused, ms: {waits}; p95/p50 {tally['p95'] / tally['p50']:.1f}")
    return tally


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_eight_writers_each_get_their_turn(tmp_path, processes):
    tally = edit(tmp_path, **WRITES, editors=8, saves=400, processes=processes)

    assert tally["saved"] == 400
    assert tally["errors"] == {}
    assert tally["faults"] == {}
    assert max(tally["longest_of_each"]) < LONGEST_WAIT


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
