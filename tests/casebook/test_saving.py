"""Saving a sheet: all of it or nothing, once however often it is sent, its flag with it, its event beside it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from casebooks import Service
from django.db import DatabaseError, connection, transaction

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Definition, Draft, Entry, Flag, Score, Standing
from openipt.casebook.operations import saving
from openipt.casebook.operations.saving import Invalid, SameIdOtherBody, save_entry
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.therapy.forms import open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}
IN_DANGER = CALM | {"q9": 2}


def phq9(service: Service, answers=CALM, **more):
    """A PHQ-9 saved by the therapist in the course that `service.begin()` began."""
    course = more.pop("enrolment", None) or service.begin()
    return course, save_entry(
        by=service.actor(), at=service.at, enrolment=course.label, form="phq-9", answers=answers, **more
    )


def test_a_saved_sheet_is_in_the_record_with_its_two_times(service: Service) -> None:
    told = service.at - timedelta(hours=3)
    course, saved = phq9(service, happened_at=told)

    [entry] = record(course).of("phq-9")
    assert entry.id == str(saved.id)
    assert dict(entry.answers) == CALM
    assert (entry.happened_at, entry.recorded_at) == (told, service.at)


def test_its_score_is_a_plain_number_and_its_answers_are_not_readable(service: Service) -> None:
    _, saved = phq9(service)

    assert Score.objects.get(entry=saved.id, name="total").value == 8
    body = bytes(Entry.objects.get(id=saved.id).body)
    assert b'"q1"' not in body
    assert b"answers" not in body


def test_the_form_is_kept_as_it_was_when_it_was_used(service: Service) -> None:
    _, saved = phq9(service)

    kept = Entry.objects.get(id=saved.id).definition
    assert (kept.name, kept.version) == ("phq-9", open_form("phq-9").version)
    assert "Little interest" in kept.text


def test_an_answer_about_danger_and_its_flag_stand_together(service: Service) -> None:
    _, saved = phq9(service, IN_DANGER)

    flag = Flag.objects.get(entry=saved.id)
    assert (flag.rule, flag.item, flag.state) == ("R2", "q9", "new")
    assert flag.owner == service.staff["T-01"].id
    assert flag.due_at == service.at + timedelta(hours=4)


def test_no_answer_stands_where_its_flag_cannot_be_written(service: Service, monkeypatch) -> None:
    course = service.begin()
    before = AuditEvent.objects.count()
    monkeypatch.setattr(saving, "raise_flags", lambda *args, **more: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        phq9(service, IN_DANGER, enrolment=course)

    assert not Entry.objects.filter(form="phq-9").exists()
    assert not Score.objects.exists()
    assert AuditEvent.objects.count() == before


def test_the_act_its_rows_and_their_digests_are_one_event(service: Service) -> None:
    course, saved = phq9(service, IN_DANGER)

    event = AuditEvent.objects.filter(client=str(course.client_id)).latest("place")
    assert event.act == "save_entry"
    assert event.by == str(service.staff["T-01"].id)
    tables = [table for table, _, _ in event.rows]
    assert tables.count("casebook_entry") == 1
    assert tables.count("casebook_flag") == 1
    assert str(saved.id) in {row for _, row, _ in event.rows}


def test_the_same_sheet_sent_twice_is_one_sheet(service: Service) -> None:
    name = uuid4()
    course, first = phq9(service, IN_DANGER, id=name)
    _, second = phq9(service, dict(reversed(IN_DANGER.items())), id=name, enrolment=course)

    assert (first.made, second.made) == (True, False)
    assert second.id == first.id
    assert Entry.objects.filter(form="phq-9").count() == 1
    assert Flag.objects.count() == 1


def test_the_same_id_with_other_answers_is_refused_and_both_are_kept(service: Service) -> None:
    name = uuid4()
    course, _ = phq9(service, id=name)

    with pytest.raises(SameIdOtherBody) as conflict:
        phq9(service, IN_DANGER, id=name, enrolment=course)

    assert dict(record(course).of("phq-9")[0].answers) == CALM
    waiting = Draft.objects.get(id=conflict.value.draft)
    assert waiting.conflicts_with_id == name


@pytest.mark.parametrize(
    ("answers", "named"),
    [({"q1": 4}, "q1"), ({"q1": True}, "q1"), ({"q1": "3 "}, "q1"), ({"q1": 77}, "q1"), ({"q99": 1}, "q99")],
)
def test_answers_that_cannot_be_taken_are_named_and_nothing_is_stored(service: Service, answers, named) -> None:
    course = service.begin()
    with pytest.raises(Invalid) as refused:
        phq9(service, answers, enrolment=course)

    assert [trouble.item for trouble in refused.value.troubles] == [named]
    assert not record(course).of("phq-9")


def test_whoever_is_not_tied_to_a_course_cannot_tell_it_from_one_that_does_not_exist(service: Service) -> None:
    course = service.begin()
    outsider = service.actor("T-99")
    told = []
    for label in (course.label, "K-NOBODY"):
        with pytest.raises(NotVisible) as refused:
            save_entry(by=outsider, at=service.at, enrolment=label, form="phq-9", answers=CALM)
        told.append(type(refused.value))
    assert told[0] is told[1]
    assert not Entry.objects.filter(form="phq-9").exists()


def test_a_newer_version_replaces_an_older_one_and_both_stay(service: Service) -> None:
    course, first = phq9(service)
    phq9(service, CALM | {"q1": 3}, enrolment=course, replaces=first.id)

    known = record(course)
    assert [reading.value for reading in known.readings("phq-9")] == [10]
    assert len([entry for entry in known.entries if entry.form == "phq-9"]) == 2


def test_a_record_can_be_asked_as_of_a_moment(service: Service) -> None:
    course, _ = phq9(service)
    later = service.at + timedelta(days=7)
    save_entry(by=service.actor(), at=later, enrolment=course.label, form="phq-9", answers=IN_DANGER)

    assert len(record(course).of("phq-9")) == 2
    assert len(record(course, as_of=service.at + timedelta(days=1)).of("phq-9")) == 1


def test_the_row_of_the_caseload_is_in_step_after_every_sheet(service: Service) -> None:
    course = service.begin()
    assert Standing.objects.get(enrolment=course).flags_open == 0

    phq9(service, IN_DANGER, enrolment=course)

    row = Standing.objects.get(enrolment=course)
    assert (row.flags_open, row.need, row.cue) == (1, "first", "flagged")


@pytest.mark.parametrize("table", ["casebook_entry", "casebook_score", "casebook_flag", "audit_auditevent"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(service: Service, table: str, act: str) -> None:
    phq9(service, IN_DANGER)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_a_definition_is_kept_once(service: Service) -> None:
    course, _ = phq9(service)
    phq9(service, enrolment=course)
    assert Definition.objects.filter(name="phq-9").count() == 1


def test_ids_of_entries_are_version_seven_where_nobody_brought_one(service: Service) -> None:
    _, saved = phq9(service)
    assert UUID(str(saved.id)).version == 7
