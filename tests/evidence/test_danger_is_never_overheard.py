"""An answer about danger has its flag on whatever way it came in, and one change never hides another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service

from openipt.casebook import sealing
from openipt.casebook.models import Draft, Entry, Flag, Standing
from openipt.casebook.operations.changing import retract
from openipt.casebook.operations.saving import Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.caseload import caseload
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}
IN_DANGER = CALM | {"q9": 2}


@pytest.fixture
def service(db) -> Service:
    return a_service(NOW)


@pytest.fixture
def save(service: Service):
    course = service.begin()

    def saved(answers=CALM, form: str = "phq-9", **more):
        at = more.pop("at", NOW)
        enrolment = more.pop("enrolment", course)
        return save_entry(by=service.actor(), at=at, enrolment=enrolment.label, form=form, answers=answers, **more)

    saved.course = course
    return saved


@pytest.mark.parametrize("hours", [-24 * 30, -1, 0, 1, 24, 24 * 30])
def test_a_clock_that_goes_wrong_hides_no_danger(save, hours: int) -> None:
    saved = save(IN_DANGER, happened_at=NOW + timedelta(hours=hours))

    assert saved.flags == ("R2",)
    assert Flag.objects.get(entry=saved.id).received_at == NOW
    assert Standing.objects.get(enrolment=save.course).flags_open == 1
    assert Entry.objects.get(id=saved.id).happened_at == NOW + timedelta(hours=hours), (
        "the claim is kept as it was made"
    )


@pytest.mark.parametrize("known", ["same id", "replaced"])
def test_an_answer_about_danger_that_came_second_is_flagged_too(save, known: str) -> None:
    first = save()
    if known == "replaced":
        save(CALM | {"q1": 0}, replaces=first.id)
    more = {"id": first.id} if known == "same id" else {"replaces": first.id}

    with pytest.raises((SameIdOtherBody, Replaced)) as conflict:
        save(IN_DANGER, **more)

    assert Flag.objects.get(rule="R2").entry_id == conflict.value.draft
    assert Draft.objects.get(id=conflict.value.draft).conflicts_with is not None
    assert dict(record(save.course).newest("phq-9").answers) == IN_DANGER


def test_sent_again_what_came_second_is_kept_once(save) -> None:
    first = save()
    save(CALM | {"q1": 0}, replaces=first.id)
    name = uuid4()
    for _ in range(3):
        with pytest.raises(Replaced):
            save(IN_DANGER, replaces=first.id, id=name)

    assert (Draft.objects.count(), Flag.objects.count()) == (1, 1)


def test_answers_that_nobody_would_look_at_are_refused(save) -> None:
    with pytest.raises(ValueError, match="holds no answers"):
        save(IN_DANGER, kind="without_content")

    assert not Entry.objects.filter(form="phq-9").exists()


def test_two_new_versions_of_one_sheet_are_never_both_taken(save) -> None:
    first = save({"link_statement": "As we saw it first."}, form="formulation")
    mine = save({"link_statement": "As I see it."}, form="formulation", replaces=first.id)

    with pytest.raises(Replaced) as conflict:
        save({"link_statement": "As they see it."}, form="formulation", replaces=first.id)

    assert conflict.value.entry == mine.id
    assert record(save.course).says("formulation")["link_statement"] == "As I see it."


def test_what_was_retracted_is_not_brought_back_by_a_new_version(service: Service, save) -> None:
    first = save({"link_statement": "Of somebody else."}, form="formulation")
    retract(by=service.actor(), at=NOW, entry=first.id, why="The wrong client.")

    with pytest.raises(Replaced):
        save({"link_statement": "Of somebody else, corrected."}, form="formulation", replaces=first.id)


def test_a_version_whose_replacement_was_retracted_can_be_replaced_again(service: Service, save) -> None:
    first = save({"link_statement": "First."}, form="formulation")
    second = save({"link_statement": "Second."}, form="formulation", replaces=first.id)
    retract(by=service.actor(), at=NOW, entry=second.id, why="A slip.")

    assert save({"link_statement": "Third."}, form="formulation", replaces=first.id).made


def test_only_a_sheet_of_the_same_form_and_course_can_be_replaced(service: Service, save) -> None:
    elsewhere = save(enrolment=service.begin())
    other = save({"link_statement": "Another form."}, form="formulation")
    for wrong in (elsewhere.id, other.id, uuid4()):
        with pytest.raises(NotVisible):
            save(replaces=wrong)


def test_one_erased_client_does_not_close_the_list_of_the_others(service: Service, save) -> None:
    other = service.begin()

    sealing.erase(save.course.client.scope, NOW)

    for day in (0, 1):
        listed = caseload(service.actor(), NOW + timedelta(days=day))
        assert [one.id for one in listed] == [other.label]
