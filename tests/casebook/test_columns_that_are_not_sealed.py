"""What stands beside a sealed body is a code, a label or a zone: a person's words never get into a plain column."""

from __future__ import annotations

import pytest

from openipt.casebook.models import Entry, Standing
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import Invalid, SameIdOtherBody, save_entry
from openipt.casebook.queries.caseload import caseload

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=False)
WORDS = "my husband, who"


@pytest.mark.parametrize(
    "column", [{"about": WORDS}, {"zone": WORDS}, {"zone": "../etc/passwd"}, {"visibility": WORDS}, {"about": "x" * 65}]
)
def test_words_in_a_plain_column_are_refused_and_not_repeated(service, now, column) -> None:
    course = service.begin()

    with pytest.raises(ValueError, match="`") as refused:
        save_entry(by=service.actor(), at=now, enrolment=course.label, form="check-in", answers={}, **column)

    assert WORDS not in str(refused.value)
    assert not Entry.objects.filter(enrolment=course, form="check-in").exists()


def test_a_label_is_no_sentence_either(service, now) -> None:
    course = service.begin()

    with pytest.raises(ValueError, match="label"):
        begin_thing(by=service.actor(), at=now, enrolment=course.label, kind="person", label=WORDS)


def test_half_a_course_sheet_is_refused_by_what_is_missing(service, now) -> None:
    course = service.begin()

    with pytest.raises(Invalid) as refused:
        save_entry(by=service.actor(), at=now, enrolment=course.label, form="course-sheet", answers={"age": 40})

    assert "manual" in {one.item for one in refused.value.troubles}


def test_the_same_blank_body_on_another_form_is_another_sheet(service, now) -> None:
    course, by = service.begin(), service.actor()
    first = save_entry(by=by, at=now, enrolment=course.label, form="check-in", answers={})

    with pytest.raises(SameIdOtherBody):
        save_entry(by=by, at=now, enrolment=course.label, form="self-care", answers={}, id=first.id)


def test_a_prepared_row_that_was_tampered_with_is_made_anew_from_the_record(service, now) -> None:
    course, other = service.begin(), service.begin()
    Standing.objects.filter(enrolment=course).update(told=Standing.objects.get(enrolment=other).told)

    listed = caseload(service.actor(), now)

    assert {one.id for one in listed} >= {course.label, other.label}
