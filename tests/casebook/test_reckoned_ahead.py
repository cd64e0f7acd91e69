"""What a sheet leads to is reckoned before the lock; it is the same as if it were reckoned under it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from casebooks import Service
from evidence.canaries import answers_full_of_canaries

from openipt.casebook.operations import ahead as reckoning
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.ahead import as_it_is, look_ahead, read
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry, write_entry
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.queries.facts import SHEETS
from openipt.therapy.forms import form_ids, open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

WORSE = {f"q{n}": 3 for n in range(1, 9)} | {"q9": 2}
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


@pytest.fixture
def course(service: Service):
    return service.begin()


@pytest.mark.parametrize("form_id", [one for one in form_ids() if one not in SHEETS])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=2), timedelta(hours=-1)])
def test_the_record_reckoned_ahead_is_the_record_read_afterwards(service, course, form_id: str, late) -> None:
    form, at = open_form(form_id), service.at + timedelta(days=3)
    answers = answers_full_of_canaries(form)
    total = {} if answers else {"kind": "total_only", "total": 12.0}  # its text does not ship
    sheet = Sheet(form.id, answers, at - late, uuid4(), **total)

    foreseen = look_ahead(course, form, sheet, at)
    with act("save_entry", by=service.actor().id, at=at, owner=course) as it:  # as any role would
        write_entry(it, form, sheet, UUID(service.actor().id), course, None)

    assert foreseen.record == read(course)


def test_a_newer_version_is_foreseen_as_one(service, course) -> None:
    first = save(service, course, Sheet("phq-9", CALM, service.at, uuid4()), service.at)
    at = service.at + timedelta(minutes=5)
    newer = Sheet("phq-9", WORSE, service.at, uuid4(), replaces=first.id)

    foreseen = look_ahead(course, open_form("phq-9"), newer, at)

    assert [reading.value for reading in foreseen.record.readings("phq-9")] == [26]


def test_what_was_noted_meanwhile_is_in_what_is_reckoned(service, course) -> None:
    form, sheet = open_form("phq-9"), Sheet("phq-9", CALM, service.at, uuid4())
    foreseen = look_ahead(course, form, sheet, service.at)
    assert as_it_is(course, foreseen) is foreseen.record

    begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="person")

    assert as_it_is(course, foreseen) is not foreseen.record
    assert len(as_it_is(course, foreseen).people) == 1


def test_what_comes_between_reading_and_writing_is_not_lost(service, course, monkeypatch) -> None:
    """Another sheet is saved after this one's future was reckoned and before it is written."""
    look, earlier = reckoning.look_ahead, Sheet("phq-9", WORSE, service.at, uuid4())

    def interrupted(*what):
        foreseen = look(*what)
        monkeypatch.undo()
        save(service, course, earlier, service.at)
        return foreseen

    monkeypatch.setattr("openipt.casebook.operations.saving.look_ahead", interrupted)
    save(service, course, Sheet("phq-9", CALM, service.at, uuid4()), service.at)

    course.standing.refresh_from_db()
    assert course.standing.flags_open == 1, "the danger in the sheet that came between is in the prepared row"


def test_what_says_what_a_course_is_is_never_foreseen(service, course) -> None:
    for name in SHEETS:
        assert look_ahead(course, open_form(name), Sheet(name, {}, service.at, uuid4()), service.at) is None


def save(service: Service, course, sheet: Sheet, at):
    return save_entry(
        by=service.actor(),
        at=at,
        enrolment=course.label,
        form=sheet.form,
        answers=sheet.answers,
        happened_at=sheet.happened_at,
        id=sheet.id,
        replaces=sheet.replaces,
    )
