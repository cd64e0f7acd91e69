"""Whoever is left out leaves the stored insight in the same act, and every sentence about them goes back quietly."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from casebooks import Service
from diaries import keep_a_diary, the_client

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Fit, Mark
from openipt.casebook.operations import fitting
from openipt.casebook.operations.changing import begin_thing, retract
from openipt.casebook.operations.fitting import rebuild, refit, switch
from openipt.casebook.operations.releasing import NothingToRelease, release_sentence
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.fits import stored_fit
from openipt.casebook.queries.record import record
from openipt.therapy.insight.hiding import TAKEN_BACK, sentences_taken_back

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def course(service: Service):
    """A course with a diary in which better days plainly go with good contact with P1, and its fit."""
    lead = service.account("Lead", ("lead",))
    switch(organisation=service.organisation, on=True, read_by=lead.id, read_on=service.at.date(), at=service.at)
    made = service.begin()
    begin_thing(by=service.actor(), at=service.at, enrolment=made.label, kind="person", label="P1")
    course = service.enrolment(made.label)
    keep_a_diary(service, course, 40)
    assert refit(course, service.at)
    return course


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do what waits for the commit."""

    @contextmanager
    def done():
        with django_capture_on_commit_callbacks() as waiting:
            yield
        for one in waiting:
            if getattr(one, "func", None) is fitting._refit_quietly:
                one()

    return done


def sheet(service: Service, course, by=None, **said):
    answers = {"alias": "Lena", "relation": "partner", **said}
    return save_entry(
        by=by or service.actor(),
        at=service.at + timedelta(days=41),
        enrolment=course.label,
        form="interpersonal-inventory",
        answers=answers,
        about="P1",
    )


def found_in(service: Service, course):
    return stored_fit(service.actor(), course.label, service.at).found


def give(service: Service, course):
    return release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence="person:P1")


def test_the_stored_insight_goes_with_the_act_that_leaves_somebody_out(service: Service, course) -> None:
    assert found_in(service, course).people[0].status == "worth asking about"
    sheet(service, course, leave_out_of_insight=True)  # nothing is committed here

    assert Fit.objects.count() == 0


def test_what_is_made_after_the_commit_speaks_of_nobody_left_out(service: Service, course, committed) -> None:
    with committed():
        sheet(service, course, leave_out_of_insight=True)

    found = found_in(service, course)
    assert (found.people, found.counts, found.left_out, found.entries) == ((), (), 1, 40)
    assert found.kinds  # what happened is still looked at; it names nobody


def test_a_client_may_leave_somebody_out_and_bring_them_back(service: Service, course, committed) -> None:
    client = the_client(service, course)
    with committed():
        sheet(service, course, by=client, leave_out_of_insight=True)
    assert found_in(service, course).left_out == 1

    with committed():
        sheet(service, course, by=client, leave_out_of_insight=False)
    assert [one.person for one in found_in(service, course).people] == ["P1"]


def test_a_sheet_about_something_else_leaves_the_fit_alone(service: Service, course) -> None:
    before = Fit.objects.get().made_at
    sheet(service, course, satisfaction=7)

    assert Fit.objects.get().made_at == before


def test_retracting_the_sheet_brings_them_back(service: Service, course, committed) -> None:
    kept = sheet(service, course, leave_out_of_insight=True)
    with committed():
        retract(by=service.actor(), at=service.at + timedelta(days=42), entry=kept.id, why="the wrong person")

    assert [one.person for one in found_in(service, course).people] == ["P1"]


def test_no_sentence_about_them_can_be_given_also_while_an_older_fit_stands(service: Service, course) -> None:
    old = Fit.objects.get()
    sheet(service, course, leave_out_of_insight=True)
    old.save(force_insert=True)  # as if it had been made at this very moment

    with pytest.raises(NothingToRelease):
        give(service, course)


def test_a_sentence_that_was_given_is_taken_back_in_the_same_act_noted_and_by_nobody(service: Service, course) -> None:
    given = give(service, course)
    sheet(service, course, leave_out_of_insight=True)

    known = record(course)
    assert known.of("released-sentence") == ()
    (gone,) = sentences_taken_back(known)
    assert (gone.id, gone.retracted_why) == (str(given.id), TAKEN_BACK)
    event = AuditEvent.objects.get(act="take_back_sentence")
    assert (event.by, event.why, event.client) == ("service", "left_out", str(course.client_id))


def test_taken_back_once_it_stays_so_when_they_come_back(service: Service, course, committed) -> None:
    give(service, course)
    for answer in (True, True, False):
        with committed():
            sheet(service, course, leave_out_of_insight=answer)

    assert record(course).of("released-sentence") == ()
    assert Mark.objects.filter(what="retracted").count() == 1
    assert give(service, course).made  # the therapist decides again


def test_other_sentences_stay(service: Service, course) -> None:
    release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence="kind:conflict")
    give(service, course)
    sheet(service, course, leave_out_of_insight=True)

    assert [one.answers.get("kind") for one in record(course).of("released-sentence")] == ["conflict"]


def test_a_sentence_goes_also_where_the_service_has_switched_it_off_meanwhile(service: Service, course) -> None:
    give(service, course)
    switch(organisation=service.organisation, on=False, read_by=None, read_on=service.at.date(), at=service.at)
    course = service.enrolment(course.label)
    sheet(service, course, leave_out_of_insight=True)

    assert record(course).of("released-sentence") == ()


def test_rebuilding_takes_back_what_came_in_with_an_imported_record(service: Service, course, monkeypatch) -> None:
    give(service, course)
    monkeypatch.setattr(fitting, "take_back", lambda *_: 0)
    sheet(service, course, leave_out_of_insight=True)
    assert record(course).of("released-sentence")

    monkeypatch.undo()
    list(rebuild(service.organisation.id, service.at + timedelta(days=50)))
    assert record(course).of("released-sentence") == ()


def test_an_act_that_fails_takes_nothing_back(service: Service, course, monkeypatch) -> None:
    from django.db import transaction

    give(service, course)

    def fails(*_):
        raise RuntimeError

    monkeypatch.setattr(fitting, "_forget_hidden", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        sheet(service, course, leave_out_of_insight=True)

    assert record(course).of("released-sentence")
    assert Fit.objects.count() == 1
