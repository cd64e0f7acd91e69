"""Laws of an insight: what must not matter does not, and nothing heavy is loaded before it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from diary_worlds import diary_world
from golden import golden_diary
from hypothesis import given, settings
from hypothesis import strategies as st

import openipt
from openipt.therapy.insight import Belief, DiaryEntry, Insight, Interaction, as_plain, look, of_plain

DIARY = diary_world(np.random.default_rng(1), 4, 40).entries


def sizes(found: Insight) -> dict[str, tuple[float, ...]]:
    return {
        one.person: (one.effect.mean, one.effect.lo, one.effect.hi, one.pd, one.sceptical_pd, one.tolerance)
        for one in found.people
        if one.effect
    }


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_entries_and_of_what_is_in_them_does_not_matter(chance: Random) -> None:
    turned = [replace(one, interactions=tuple(chance.sample(one.interactions, len(one.interactions)))) for one in DIARY]
    chance.shuffle(turned)
    assert look(turned) == look(DIARY)


def test_renaming_people_changes_no_insight() -> None:
    names = {"p0": "Zoe", "p1": "Ann", "p2": "others", "p3": "Max"}
    renamed = [
        replace(one, interactions=tuple(replace(met, person=names[met.person]) for met in one.interactions))
        for one in DIARY
    ]
    before, after = sizes(look(DIARY)), sizes(look(renamed))
    assert len(before) == 4
    for old, new in names.items():
        assert after[new] == pytest.approx(before[old], abs=1e-9)


def test_whole_weeks_later_the_insight_is_the_same() -> None:
    later = [replace(one, at=one.at + timedelta(weeks=60)) for one in DIARY]
    for person, found in sizes(look(later)).items():
        assert found == pytest.approx(sizes(look(DIARY))[person], abs=1e-9)


def test_people_stand_in_the_order_of_their_names_and_never_of_their_effects() -> None:
    found = look([replace(one, interactions=one.interactions[::-1]) for one in golden_diary()])
    assert [one.person for one in found.people] == ["friend", "mother", "partner"]


def test_what_lies_before_the_window_is_forgotten() -> None:
    old = DiaryEntry(DIARY[0].at - timedelta(days=300), 1.0, (Interaction("p0", -3),))
    assert look([old, *DIARY]) == look(DIARY)
    assert look([old, *DIARY], window_days=1000).inputs_hash != look(DIARY).inputs_hash


def test_the_hash_knows_every_input() -> None:
    plain = look(DIARY).inputs_hash
    first = DIARY[0]
    others = [
        [replace(first, mood=first.mood + 1), *DIARY[1:]],
        [replace(first, at=first.at + timedelta(hours=1)), *DIARY[1:]],
        [replace(first, interactions=(*first.interactions, Interaction("p0", 1))), *DIARY[1:]],
        [replace(first, asked=False), *DIARY[1:]],
        DIARY[1:],
    ]
    hashes = {look(diary).inputs_hash for diary in others} | {look(DIARY, belief=Belief(same_mean=0.3)).inputs_hash}
    assert len(hashes | {plain}) == len(others) + 2
    assert look(DIARY, client="somebody else").inputs_hash == plain


def test_an_empty_diary_says_nothing() -> None:
    found = look(())
    assert (found.entries, found.people, found.kinds, found.trend_per_week, found.warnings) == (0, (), (), None, ())


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_entries_give_wide_numbers_and_no_status(n: int) -> None:
    found = look(DIARY[:n])
    assert found.trend_per_week.hi - found.trend_per_week.lo > 0.5
    assert {one.status for one in found.people} <= {"not enough entries"}


def test_a_diary_without_anybody_has_a_trend() -> None:
    found = look([replace(one, interactions=()) for one in DIARY])
    assert (found.people, found.same_day, found.next_day) == ((), None, None)
    assert found.trend_per_week is not None


def test_several_entries_on_one_day_count_as_entries_and_one_day() -> None:
    twice = [*DIARY, *(replace(one, at=one.at - timedelta(hours=8)) for one in DIARY)]
    assert (look(twice).entries, look(twice).days) == (80, 40)


def test_rows_of_a_table_are_enough() -> None:
    rows = [
        {"client": "K", "at": one.at.isoformat(), "mood": one.mood, "person": met.person, "valence": met.valence}
        for one in golden_diary()
        for met in one.interactions
    ]
    (found,) = openipt.insight(rows)
    assert found == look(golden_diary(), client="K")
    with pytest.raises(ValueError, match="row 2, column mood"):
        openipt.insight([{**rows[0], "mood": 11}, *rows[1:]])
    assert openipt.insight([{**rows[0], "mood": 11}, *rows[1:]], lenient=True)[0].entries == 14


def test_an_insight_can_be_kept_as_json_and_read_again() -> None:
    every = [golden_diary(), golden_diary(10), golden_diary()[:2], (), DIARY]
    for found in (look(diary, client="K", belief=Belief(clients=30, version="insight-1")) for diary in every):
        assert of_plain(json.loads(json.dumps(as_plain(found)))) == found


@pytest.mark.parametrize(
    "code",
    [
        "import openipt",
        "import openipt.therapy.insight",
        "from openipt.therapy.insight import look, DiaryEntry, people_prior, read_rows",
        "import openipt; openipt.insight",
        "import openipt.cli",
    ],
)
def test_numpy_is_not_loaded_before_something_is_fitted(code: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print('numpy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "False"
