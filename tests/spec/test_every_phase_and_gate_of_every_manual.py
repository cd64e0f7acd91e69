"""Each manual on the shelf carries a course from the first question to the signed ending, past every phase and gate.

Each walk asks `openipt.therapy.course` and nothing else. It fails when a phase was not reached, when a gate was never
found closed or never found open, or when a gate that stands before tasks held none back. What a manual's own definition
makes impossible is said below, with the reason. `pytest -s` prints what was visited.
"""

from __future__ import annotations

import sys
from functools import cache

import pytest
from test_courses_of_every_manual import BEGINNING, CONFLICT
from walks import Walk, ages

from openipt.therapy.course import agenda
from openipt.therapy.manuals import Manual, manual_ids, open_manual, sheets_of

BESIDE_ANY = {"add_on"}  # the gate of what may stand beside any manual
BEFORE_TASKS = {
    "eligibility", "minors", "prescriber", "medical", "group_entry", "formulation", "contract", "violence",
    "prohibited", "ending_raised", "extension",
}  # fmt: skip
# The other gates hold back something else than tasks: a portal, a signature, closing, opening a group, a silent move.
CLOSED, OPEN, HOLDS = "found closed", "found open", "met holding a task back"


def impossible(manual: Manual) -> dict[tuple[str, str], str]:
    """What a manual's own definition leaves no room for: (gate, what was to be seen) -> why."""
    found = {("prohibited", OPEN): "what a manual forbids it forbids to the end"}
    if not manual.forbid:
        found |= dict.fromkeys([("prohibited", CLOSED), ("prohibited", HOLDS)], "it forbids nothing")
    elif all(name.startswith("WS_") for name in manual.forbid):
        found["prohibited", HOLDS] = "it forbids sheets and no task"
    if ages(manual)[0] >= 18:
        found |= dict.fromkeys([("minors", seen) for seen in (CLOSED, OPEN, HOLDS)], "it is made for adults")
    if not CONFLICT & tasks_of(manual):
        found["violence", HOLDS] = "none of its tasks is a hard talk"
    return found


def tasks_of(manual: Manual) -> set[str]:
    """Every task a manual may offer."""
    steps = {step for area in manual.areas for step in area.steps}
    return ({offer.task for offer in manual.offers} | steps) - set(manual.forbid)


@cache
def walked(manual_id: str) -> Walk:
    walk = Walk(manual_id).go()
    print(walk.told())
    return walk


def missed(walk: Walk) -> list[str]:
    """What a walk did not see although the manual has it, in words."""
    gates = walk.own | BESIDE_ANY
    wanted = {(gate, seen) for gate in gates for seen in (CLOSED, OPEN)} | {(g, HOLDS) for g in gates & BEFORE_TASKS}
    seen = {(gate, CLOSED) for gate in walk.closed} | {(gate, OPEN) for gate in walk.open}
    seen |= {(gate, HOLDS) for gate in walk.kept_back}
    lost = wanted - seen - set(impossible(walk.manual))
    phases = [f"the phase {name} was not reached" for name in walk.missed_phases]
    return phases + [f"the gate {gate} was never {what}" for gate, what in sorted(lost)]


@pytest.mark.parametrize("manual_id", manual_ids())
def test_every_phase_is_reached_and_every_gate_is_met_closed_and_open(manual_id: str) -> None:
    walk = walked(manual_id)
    assert missed(walk) == [], walk.told()


@pytest.mark.parametrize("manual_id", manual_ids())
def test_nothing_is_called_impossible_that_was_seen(manual_id: str) -> None:
    walk = walked(manual_id)
    found = {CLOSED: walk.closed, OPEN: walk.open, HOLDS: walk.kept_back}
    assert [gate for gate, seen in impossible(walk.manual) if gate in found[seen]] == []


@pytest.mark.parametrize("manual_id", manual_ids())
def test_a_gate_says_another_sentence_closed_than_open(manual_id: str) -> None:
    walk = walked(manual_id)
    for gate in set(walk.closed) & set(walk.open):
        assert walk.closed[gate].strip()
        assert walk.open[gate].strip()
        assert walk.closed[gate] != walk.open[gate], gate


@pytest.mark.parametrize("manual_id", manual_ids())
def test_the_verdict_comes_from_facts_and_then_lets_the_course_begin(manual_id: str) -> None:
    before, after = walked(manual_id).verdicts
    assert before == "open"
    assert after in {"fits", "caution", "elsewhere"}  # cautions and a better choice elsewhere are said; it may begin


@pytest.mark.parametrize("manual_id", manual_ids())
def test_the_ending_is_signed_and_nothing_is_wanting(manual_id: str) -> None:
    walk = walked(manual_id)
    assert walk.wanting == ()
    assert walk.need == "ended"
    assert walk.course.record.newest("session-note").answers["signed_on"]
    assert walk.closed["silent_discharge"]  # it could not have been closed at any time


@pytest.mark.parametrize("manual_id", manual_ids())
def test_no_forbidden_task_and_no_forbidden_sheet_is_offered_on_the_way(manual_id: str) -> None:
    walk, forbidden = walked(manual_id), set(open_manual(manual_id).forbid)
    assert not walk.offered & forbidden
    assert not {sheet for task in walk.offered for sheet in sheets_of(walk.manual, task)} & forbidden


@pytest.mark.parametrize("manual_id", manual_ids())
def test_before_the_first_look_only_the_first_questions_are_offered(manual_id: str) -> None:
    walk = Walk(manual_id)
    told = agenda(walk.manual, walk.course.record, walk.course.day(walk.today))
    assert {item.task for item in told.items if item.status == "offered"} <= BEGINNING


def test_a_phase_that_is_no_session_of_this_course_is_a_course_in_the_manual_it_names() -> None:
    elsewhere = {name: [phase.id for phase in open_manual(name).phases if phase.then] for name in manual_ids()}
    assert {name for name, phases in elsewhere.items() if phases} == {
        "ipt-b", "ipt-blended", "ipt-classic", "ipt-late-life", "ipt-perinatal", "ipt-phone"
    }  # fmt: skip
    assert walked("ipt-classic").phases == ["initial", "middle", "termination", "maintenance"]
    assert walked("ipt-b").phases == ["engagement", "initial", "middle", "termination", "maintenance"]
    assert walked("rose").phases == ["pregroup", "initial", "middle", "termination"]


# ---- the walk can fail: whatever is broken in the course is missed on the way ----


def broken(what: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Break one thing in the course; return the manual to walk and what the walk must miss."""
    gates_of, agenda_of, manual = (
        sys.modules["openipt.therapy.course.gates"],
        sys.modules["openipt.therapy.course.agenda"],
        Manual,
    )
    if what == "a gate that nobody asks":
        monkeypatch.delitem(gates_of._QUESTIONS, "medical")
        return "ipt-ed", "the gate medical was never found closed"
    if what == "a gate that is always open":
        monkeypatch.setitem(gates_of._QUESTIONS, "prescriber", lambda *_: (True, gates_of.say("gate.open_flag.open")))
        return "ipsrt", "the gate prescriber was never found closed"
    if what == "a gate that never opens":
        monkeypatch.setitem(gates_of._QUESTIONS, "add_on", lambda *_: (False, gates_of.say("gate.add_on.closed")))
        return "ipc", "the gate add_on was never found open"
    if what == "a gate that holds nothing back":
        monkeypatch.setattr(agenda_of, "MIDDLE_GATES", ("formulation",))
        return "ipt-a", "the gate contract was never met holding a task back"
    if what == "a phase that is skipped":
        skipped = manual.phase_of
        monkeypatch.setattr(
            manual, "phase_of", lambda self, n, planned=None: skipped(self, 9 if 3 < n < 8 else n, planned)
        )
        return "ipt-ptsd", "the phase middle_attunement was not reached"
    monkeypatch.setattr(sys.modules["openipt.therapy.course.position"], "_before_the_first", lambda *_: None)
    return "ipt-b", "the phase engagement was not reached"


@pytest.mark.parametrize(
    "what",
    [
        "a gate that nobody asks",
        "a gate that is always open",
        "a gate that never opens",
        "a gate that holds nothing back",
        "a phase that is skipped",
        "no phase before the first session",
    ],
)
def test_what_is_broken_is_missed_on_the_way(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    manual_id, line = broken(what, monkeypatch)
    assert line in missed(Walk(manual_id).go())
