"""A made-up course depends on its seed and nothing else, and what was told by a day is not told otherwise later."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from openipt.exchange.cases.clock import on
from openipt.exchange.clinic import simulate
from openipt.exchange.clinic.simulating import MORNING

BEGAN, LATER = date(2025, 3, 3), date(2026, 6, 1)

SAY = """
from datetime import date
from hashlib import sha256
from openipt.exchange.clinic import simulate
print(sha256(repr(simulate(23, began_on=date(2025, 3, 3), today=date(2026, 6, 1))).encode()).hexdigest())
"""


def test_the_same_seed_gives_the_same_record_in_another_process():
    here = simulate(23, began_on=BEGAN, today=LATER)
    there = subprocess.run([sys.executable, "-c", SAY], capture_output=True, text=True, check=True).stdout.strip()
    assert there == sha256(repr(here).encode()).hexdigest()


def test_another_seed_gives_another_client_with_other_ids():
    one, other = (simulate(seed, began_on=BEGAN, today=LATER) for seed in (23, 24))
    assert one.says("intake")["alias"] != other.says("intake")["alias"]
    assert not {entry.id for entry in one.entries} & {entry.id for entry in other.entries}


def test_entries_and_flags_bear_uuids_of_version_5_and_the_course_says_that_it_is_simulated():
    record = simulate(84, began_on=BEGAN, today=LATER, twist="worse")
    assert record.flags
    assert {UUID(one.id).version for one in (*record.entries, *record.flags)} == {5}
    assert (record.enrolment, record.client) == ("SIM-0084", "SIM-CL-0084")


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_course_told_by_a_day_is_the_whole_course_as_it_was_known_that_morning(seed):
    whole = simulate(seed, began_on=BEGAN, today=LATER)
    for days in (0, 10, 33, 61, 90):
        today = BEGAN + timedelta(days=days)
        told, known = simulate(seed, began_on=BEGAN, today=today), whole.as_of(on(today, MORNING))
        assert replace(told, flags=()) == replace(known, flags=())
        assert {flag.id for flag in known.flags} <= {flag.id for flag in told.flags}


def test_moving_a_course_by_whole_weeks_changes_neither_words_nor_scores():
    near, far = (simulate(31, began_on=day, today=day + timedelta(days=400)) for day in (BEGAN, date(2024, 3, 4)))
    assert [entry.form for entry in near.entries] == [entry.form for entry in far.entries]
    assert [entry.id for entry in near.of("phq-9")] == [entry.id for entry in far.of("phq-9")]
