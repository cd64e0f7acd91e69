"""Alcohol or drugs looked at beside any manual: an add-on with a gate of its own, never a treatment by itself."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course import due, eligibility, gates
from openipt.therapy.manuals import add_ons, manual_ids, open_manual

ADD_ON = add_ons()["substance_use"]
OWN = {rule.id for _, rule in ADD_ON.rules()}


def begun(manual: str, provider: bool) -> Course:
    """A course whose contract names the add-on."""
    course = Course(manual)
    if provider:
        said = {"alias": "Ada", "diagnosis": "Depression", "substance_treatment_provider": "Dr Sato"}
        course.write("intake", 0, said)
    return course.contract(0, sessions=open_manual(manual).dose.usual, add_ons=["substance_use"])


def test_it_is_no_manual() -> None:
    assert not {"ipt-substance", "substance-use"} & set(manual_ids())


@pytest.mark.parametrize("manual", manual_ids())
def test_its_gate_stands_beside_every_manual_and_asks_for_a_name(manual: str) -> None:
    for provider in (False, True):
        course = begun(manual, provider)
        found = [gate for gate in gates(course.manual, course.record, course.day(0)) if gate.id == "add_on"]
        assert [gate.open for gate in found] == [provider]


@pytest.mark.parametrize("manual", manual_ids())
def test_no_gate_without_the_add_on(manual: str) -> None:
    course = Course(manual)
    assert not [gate for gate in gates(course.manual, course.record, course.day(0)) if gate.id == "add_on"]


@pytest.mark.parametrize("manual", manual_ids())
def test_without_a_provider_it_is_excluded_and_what_to_do_is_said(manual: str) -> None:
    course = begun(manual, provider=False)
    found = eligibility(course.manual, course.record, course.day(0))
    assert found.standing == "excluded"
    assert [met.rule.id for met in found.met("exclude")] == ["sub_no_provider"]


@pytest.mark.parametrize("manual", manual_ids())
def test_with_a_provider_its_cautions_are_asked_and_it_excludes_nobody(manual: str) -> None:
    course = begun(manual, provider=True)
    found = eligibility(course.manual, course.record, course.day(0))
    assert {met.rule.id for met in found.rules} >= OWN
    assert not OWN & {met.rule.id for met in found.met("exclude")}


def test_facts_on_record_bring_its_questions_before_it_is_agreed() -> None:
    course = Course()
    assert not OWN & {met.rule.id for met in eligibility(course.manual, course.record, course.day(0)).rules}
    course.total(0, 8, "audit-c")
    found = eligibility(course.manual, course.record, course.day(0))
    assert {met.rule.id for met in found.rules} >= OWN
    assert "sub_no_provider" in {met.rule.id for met in found.open}


def test_what_is_drunk_is_watched_only_once_somebody_treats_it() -> None:
    for manual in manual_ids():
        own = {form for measure in open_manual(manual).measures for form in measure.first_of}
        for provider in (False, True):
            course = begun(manual, provider)
            asked = {item.id for item in due(course.manual, course.record, course.day(0)) if item.kind == "measure"}
            assert "dast-10" in own or ("dast-10" in asked) == provider, manual


def test_the_manual_beside_it_goes_on_without_it() -> None:
    course = begun("ipt-classic", provider=False)
    closed = {gate.id for gate in gates(course.manual, course.record, course.day(0)) if not gate.open}
    plain = Course().contract(0)
    assert closed - {gate.id for gate in gates(plain.manual, plain.record, plain.day(0)) if not gate.open} == {"add_on"}
