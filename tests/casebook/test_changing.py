"""What was wrong is retracted and kept; a person or goal begins once; a course is handed over."""

from datetime import timedelta

import pytest
from casebooks import Service

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Entry, Flag, Thing
from openipt.casebook.operations.beginning import hand_over
from openipt.casebook.operations.changing import begin_thing, retract
from openipt.casebook.operations.flagging import answer_flag, hand_over_flag, see_flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


@pytest.fixture
def course(service: Service):
    return service.begin()


def in_danger(service: Service, course):
    return save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="phq-9", answers=IN_DANGER)


def test_a_retracted_entry_is_gone_from_what_the_record_says_and_still_there(service: Service, course) -> None:
    saved = in_danger(service, course)
    retract(by=service.actor(), at=service.at, entry=saved.id, why="The sheet was somebody else's.")

    known = record(course)
    assert not known.of("phq-9")
    [kept] = [entry for entry in known.entries if entry.form == "phq-9"]
    assert kept.retracted_why == "The sheet was somebody else's."
    assert Entry.objects.filter(id=saved.id).exists()


def test_its_open_flag_is_closed_with_the_same_words(service: Service, course) -> None:
    saved = in_danger(service, course)
    retract(by=service.actor(), at=service.at, entry=saved.id, why="The sheet was somebody else's.")

    [flag] = record(course).flags
    assert flag.state == "closed"
    assert flag.outcomes[-1].words == "The sheet was somebody else's."


def test_before_it_was_retracted_the_record_still_knew_it(service: Service, course) -> None:
    saved = in_danger(service, course)
    later = service.at + timedelta(days=2)
    retract(by=service.actor(), at=later, entry=saved.id, why="Wrong client.")

    assert record(course, as_of=later - timedelta(hours=1)).of("phq-9")
    assert not record(course, as_of=later).of("phq-9")


def test_the_reason_is_not_readable_in_the_table_or_the_audit(service: Service, course) -> None:
    saved = in_danger(service, course)
    retract(by=service.actor(), at=service.at, entry=saved.id, why="Belongs to Mirela.")

    mark = course.marks.get()
    assert b"Mirela" not in bytes(mark.why)
    assert "Mirela" not in AuditEvent.objects.latest("id").why


def test_retracting_without_a_reason_or_twice(service: Service, course) -> None:
    saved = in_danger(service, course)
    with pytest.raises(ValueError, match="say why"):
        retract(by=service.actor(), at=service.at, entry=saved.id, why="  ")
    retract(by=service.actor(), at=service.at, entry=saved.id, why="Wrong.")
    retract(by=service.actor(), at=service.at, entry=saved.id, why="Wrong again.")

    assert course.marks.count() == 1


def test_somebody_else_cannot_retract_and_learns_nothing(service: Service, course) -> None:
    saved = in_danger(service, course)
    with pytest.raises(NotVisible):
        retract(by=service.actor("T-99"), at=service.at, entry=saved.id, why="Wrong.")
    assert record(course).of("phq-9")


def test_a_person_begins_once_however_often_it_is_sent(service: Service, course) -> None:
    for _ in range(3):
        begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="person", label="P1")

    assert [thing.id for thing in record(course).people] == ["P1"]
    assert Thing.objects.filter(enrolment=course, kind="person").count() == 1


def test_a_kind_of_thing_that_does_not_exist_is_named(service: Service, course) -> None:
    with pytest.raises(ValueError, match="'pet' is no kind of thing; expected one of person"):
        begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="pet")


def test_a_flag_is_seen_handed_over_and_answered_in_words(service: Service, course) -> None:
    in_danger(service, course)
    flag = Flag.objects.get()
    colleague = service.account("T-02")

    see_flag(by=service.actor(), at=service.at, flag=flag.id)
    assert not record(course).flags[0].outcomes
    hand_over_flag(
        by=service.actor(), at=service.at, flag=flag.id, to=colleague.id, words="I leave at five.", due_at=service.at
    )
    assert record(course).flags[0].state == "new"
    plan = {"made_with": "T-01", "emergency_number": "112"}
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="safety-plan", answers=plan)
    talk = {"thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False, "agreed": "Daily.", "by": "T-01"}
    talk["date"] = f"{service.at:%Y-%m-%d}"
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="safety-conversation", answers=talk)
    review = f"{service.at + timedelta(days=14):%Y-%m-%d}"
    answer_flag(
        by=service.actor(),
        at=service.at,
        flag=flag.id,
        words="We met; the plan stands.",
        closes=False,
        review_by=review,
    )

    [told] = record(course).flags
    assert told.state == "known"
    assert told.outcomes[-1].words == "We met; the plan stands."
    assert told.outcomes[-1].by == "T-01"


def test_a_flag_is_not_answered_without_words(service: Service, course) -> None:
    in_danger(service, course)
    with pytest.raises(ValueError, match="say what was done"):
        answer_flag(by=service.actor(), at=service.at, flag=Flag.objects.get().id, words=" ", closes=True)


def test_whoever_hands_a_course_over_sees_it_no_longer(service: Service, course) -> None:
    colleague = service.account("T-02")
    hand_over(by=service.actor(), at=service.at, enrolment=course.label, to=colleague.id)
    later = service.at + timedelta(seconds=1)

    save_entry(by=service.actor("T-02"), at=later, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    with pytest.raises(NotVisible):
        save_entry(by=service.actor("T-01"), at=later, enrolment=course.label, form="phq-9", answers=IN_DANGER)


def test_cover_ends_by_itself(service: Service, course) -> None:
    colleague = service.account("T-02")
    until = service.at + timedelta(days=7)
    hand_over(by=service.actor(), at=service.at, enrolment=course.label, to=colleague.id, kind="cover", until=until)

    during, after = until - timedelta(days=1), until + timedelta(seconds=1)
    save_entry(by=service.actor("T-02"), at=during, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    with pytest.raises(NotVisible):
        save_entry(by=service.actor("T-02"), at=after, enrolment=course.label, form="phq-9", answers=IN_DANGER)
