"""The manuals that ship: doses that were tested, measures anybody may use, and where IPT is not the first choice."""

from __future__ import annotations

import pytest

from openipt.therapy import shelf
from openipt.therapy.course.due import available
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.record import Record

# PROTOCOLS 2: least, usual and most sessions; the first and last session of the phases that go by number.
DOSES = {
    "ipt-classic": (12, 16, 16), "ipt-b": (8, 8, 9), "ipc": (3, 6, 6), "ipt-est": (2, 3, 3), "ipt-g": (15, 20, 20),
    "ipt-a": (12, 12, 16), "ipt-perinatal": (8, 12, 16), "rose": (4, 5, 5), "ipt-ptsd": (14, 14, 14),
    "ipt-ed": (19, 20, 20), "ipt-sad": (14, 14, 16), "ipt-bpd": (18, 34, 34), "ipt-m": (12, 24, 36),
}  # fmt: skip
PHASES = {
    "ipt-classic": [(1, 3), (4, 12), (13, 16)], "ipt-b": [(1, 2), (3, 7), (8, 8)], "ipc": [(1, 2), (3, 5), (6, 6)],
    "ipt-est": [(1, 1), (2, 2), (3, 3)], "ipt-group-who": [(1, 1), (2, 7), (8, 8)],
    "ipt-g": [(1, 5), (6, 15), (16, 20)],
    "ipt-a": [(1, 4), (5, 8), (9, 12)], "ipt-ast": [(1, 3), (4, 6), (7, 8)],
    "ipt-ptsd": [(1, 3), (4, 7), (8, 11), (12, 14)], "ipt-ed": [(1, 4), (5, 17), (18, 20)],
}  # fmt: skip
# Conditions for which another treatment comes first: the manual says so before the course begins, and which.
FIRST_CHOICE = {
    "ipt-ptsd": "Trauma-focused", "ipt-ed": "CBT", "ipt-sad": "CBT", "ipt-bpd": "DBT", "ipt-g": "CBT",
}  # fmt: skip
LATER = {"fb-ipt", "ipt-ci", "ipt-wg", "ipt-hiv", "dipt", "ipt-d", "substance-use"}  # names only, or no manual at all


def test_twenty_manuals_stand_on_the_shelf() -> None:
    assert len(manual_ids()) == 20
    assert manual_ids() == shelf.ids("manuals")
    assert not LATER & set(manual_ids())


@pytest.mark.parametrize("name", DOSES)
def test_as_many_sessions_as_were_tested(name: str) -> None:
    dose = open_manual(name).dose
    assert (dose.least, dose.usual, dose.most) == DOSES[name]


@pytest.mark.parametrize("name", PHASES)
def test_phases_begin_and_end_where_they_did(name: str) -> None:
    assert [phase.sessions for phase in open_manual(name).phases if phase.sessions] == PHASES[name]


@pytest.mark.parametrize("name", manual_ids())
def test_no_manual_depends_on_words_that_may_not_ship(name: str) -> None:
    manual, nobody = open_manual(name), Record("E-1", "CL-1", name, "1.0.0")
    for measure in manual.measures:
        form, on_paper = available(measure, nobody)
        assert not on_paper, f"{measure.of}: none of {', '.join(measure.first_of)} has words here"
        assert form.may_ship
    assert any(open_form(form).may_ship for form in manual.outcome)


@pytest.mark.parametrize("name", manual_ids())
def test_every_manual_says_where_else_to_go_and_on_what_it_rests(name: str) -> None:
    manual = open_manual(name)
    assert manual.eligibility is not None
    assert manual.eligibility.elsewhere
    for rule in manual.eligibility.exclude:
        assert rule.refer_to or rule.then, rule.id
    assert manual.safety
    assert manual.endings
    assert manual.sources
    assert all(one.source and one.year for one in manual.evidence)
    assert manual.evidence


@pytest.mark.parametrize("name", FIRST_CHOICE)
def test_where_ipt_is_not_the_first_choice_the_manual_says_what_is(name: str) -> None:
    own = open_manual(name).eligibility
    assert own is not None
    assert any(FIRST_CHOICE[name] in rule.then + rule.when for rule in own.elsewhere)


def test_what_each_manual_must_never_offer() -> None:
    ptsd = open_manual("ipt-ptsd")
    assert {"GRF.02", "WS_GRIEF"} <= set(ptsd.forbid)
    assert "PA_DEFICIT" not in {area.id for area in open_manual("ipt-b").areas}
    assert [area.id for area in open_manual("ipt-cm").areas] == ["PA_DISPUTE"]
    assert open_manual("ipsrt").gate("prescriber") is not None
    assert open_manual("ipt-ed").gate("medical") is not None


def test_areas_that_a_manual_adds() -> None:
    added = {
        "ipt-perinatal": "PA_COMPLICATED_PREGNANCY", "ipt-sad": "PA_ROLE_INSECURITY", "ipt-bpd": "PA_SELF_IMAGE",
        "ipsrt": "PA_LOST_HEALTHY_SELF",
    }  # fmt: skip
    for name, area in added.items():
        assert open_manual(name).area(area) is not None
