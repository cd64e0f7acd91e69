"""Made-up courses keep the laws of real ones: asked of the forms and of `therapy.course`, for many seeds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from laws import broken_laws

from openipt.exchange.clinic import made_up_manuals, simulate
from openipt.therapy.record import Record

BEGAN = date(2025, 3, 3)
LATER = date(2027, 6, 7)
SEEDS = range(1, 61)
TWISTS = (
    "running", "flag", "decision", "overdue", "silent", "worse", "missed", "afraid", "misfit", "stalled", "well",
    "extended",
)  # fmt: skip


def whole(seed: int, manual: str) -> Record:
    return simulate(seed, began_on=BEGAN, today=LATER, manual=manual)


@pytest.mark.parametrize("manual", made_up_manuals())
def test_sixty_finished_courses_break_no_law(manual):
    # Each manual takes its own part of the sixty seeds; the night takes all of them.
    for seed in SEEDS[made_up_manuals().index(manual) :: len(made_up_manuals())]:
        assert broken_laws(whole(seed, manual), LATER) == []


@pytest.mark.parametrize("manual", made_up_manuals())
def test_courses_that_are_still_open_break_no_law(manual):
    for seed in (7, 8, 9):
        today = BEGAN + timedelta(days=seed * 11 - 60)
        record = simulate(seed, began_on=BEGAN, today=today, manual=manual, twist="running")
        assert broken_laws(record, today) == []


@pytest.mark.nightly
@pytest.mark.parametrize("manual", made_up_manuals())
def test_all_sixty_seeds_of_every_manual_break_no_law(manual):
    for seed in SEEDS:
        assert broken_laws(whole(seed, manual), LATER) == []
        today = BEGAN + timedelta(days=seed * 2)
        assert broken_laws(simulate(seed, began_on=BEGAN, today=today, manual=manual), today) == []


@pytest.mark.parametrize("twist", TWISTS)
def test_a_course_with_a_twist_breaks_no_law(twist):
    today = BEGAN + timedelta(days=49)
    assert broken_laws(simulate(5, began_on=BEGAN, today=today, twist=twist), today) == []


def test_the_laws_can_be_broken():
    from dataclasses import replace

    record = simulate(84, began_on=BEGAN, today=LATER, twist="worse")
    undone = replace(record, flags=(), _memo={})
    unasked = replace(record, entries=tuple(one for one in record.entries if one.form != "formulation"), _memo={})
    assert any("is not in the record" in wrong for wrong in broken_laws(undone, LATER))
    assert any("was not offered" in wrong for wrong in broken_laws(unasked, LATER))
    silent = replace(record, entries=tuple(one for one in record.entries if one.form != "session-record"), _memo={})
    assert any("still wants" in wrong for wrong in broken_laws(silent, LATER))


@pytest.mark.parametrize(
    ("manual", "area", "wrong"),
    [
        ("ipt-group-who", None, "is for a group; expected one of ipc"),
        ("ipt-sad", None, "is judged by spin"),
        ("ipsrt", None, "asks for facts that are not made up here (prescriber)"),
        ("ipt-b", "PA_DEFICIT", "no story for the area PA_DEFICIT; expected one of PA_DISPUTE"),
    ],
)
def test_what_cannot_be_made_up_is_refused_by_name(manual, area, wrong):
    with pytest.raises(ValueError, match=r".") as refused:
        simulate(1, began_on=BEGAN, today=LATER, manual=manual, area=area)
    assert wrong in str(refused.value)
