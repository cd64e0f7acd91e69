"""What goes along with mood is made after each change of its inputs, sealed, and never where a violence fact stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from casebooks import Service
from diaries import keep_a_diary

from openipt.casebook.models import Fit
from openipt.casebook.operations import fitting
from openipt.casebook.operations.changing import begin_thing, retract
from openipt.casebook.operations.fitting import rebuild, refit, switch
from openipt.casebook.operations.learning import forget_belief, learn_belief
from openipt.casebook.operations.releasing import NothingToRelease, release_sentence
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.courses import open_course
from openipt.casebook.queries.fits import belief_of, is_on, stored_fit
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed, NotVisible, one_request
from openipt.therapy.insight import DEFAULT, as_plain, diary_entries, look, violence_stands

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ALONE = {
    "date": "2026-03-02",
    "asked_alone": True,
    "about": ["all_current"],
    "result": "none",
    "safe_to_raise": "yes",
    "source": "INI.01",
    "by": "T-01",
}


@pytest.fixture
def course(service: Service):
    switched(service, on=True)
    made = service.begin()
    begin_thing(by=service.actor(), at=service.at, enrolment=made.label, kind="person", label="P1")
    return service.enrolment(made.label)


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """Make the fits that wait for the commit, as a commit would; what else waits for it stays undone."""

    @contextmanager
    def made() -> Iterator[list[partial]]:
        waited: list[partial] = []
        with django_capture_on_commit_callbacks() as every:
            yield waited
        waited += [one for one in every if getattr(one, "func", None) is fitting._refit_quietly]
        for one in waited:
            one()

    return made


def switched(service: Service, *, on: bool) -> None:
    lead = service.account("Lead", ("lead",))
    switch(organisation=service.organisation, on=on, read_by=lead.id, read_on=service.at.date(), at=service.at)


def write(service: Service, label: str, form: str, answers: dict, **more):
    return save_entry(by=service.actor(), at=service.at, enrolment=label, form=form, answers=answers, **more)


def stored(label: str) -> Fit | None:
    return Fit.objects.filter(enrolment__label=label).first()


def found_in(service: Service, label: str):
    return stored_fit(service.actor(), label, service.at).found


def test_a_diary_entry_makes_the_fit_anew_after_it_is_saved(service: Service, course, after_commit) -> None:
    with after_commit() as waited:
        keep_a_diary(service, course, 3)

    assert len(waited) == 3  # one after each entry, none within its transaction
    assert found_in(service, course.label) == look(diary_entries(record(course)))


def test_a_form_that_feeds_nothing_makes_nothing(service: Service, course, after_commit) -> None:
    with after_commit() as waited:
        write(service, course.label, "phq-9", {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0})

    assert waited == []


def test_the_mood_and_event_of_a_session_count_as_an_entry(service: Service, course, after_commit) -> None:
    with after_commit():
        write(service, course.label, "session-record", {"mood": 4, "mood_event_link": "low after the quarrel"})

    assert found_in(service, course.label).entries == 1


def test_an_entry_that_is_retracted_is_no_longer_in_the_fit(service: Service, course, after_commit) -> None:
    with after_commit():
        kept = write(service, course.label, "session-record", {"mood": 4, "mood_event_link": "after the quarrel"})
        retract(by=service.actor(), at=service.at, entry=kept.id, why="the wrong client")

    assert found_in(service, course.label).entries == 0


def test_the_row_says_of_what_it_was_made_and_nothing_else_in_the_open(service: Service, course) -> None:
    keep_a_diary(service, course, 5)
    assert refit(course, service.at)

    row = stored(course.label)
    fit = look(diary_entries(record(course)))
    assert (row.inputs_hash, row.model_version, row.made_at) == (fit.inputs_hash, "insight-1", service.at)
    assert row.scope == course.client.scope
    assert b'"P1"' not in bytes(row.body)  # two letters alone stand in a sealed text by chance
    assert as_plain(found_in(service, course.label)) == as_plain(fit)


def test_a_body_moved_to_another_course_does_not_open(service: Service, course) -> None:
    from openipt.casebook.sealing import Tampered

    other = service.begin()
    for one in (course, service.enrolment(other.label)):
        refit(one, service.at)
    Fit.objects.filter(enrolment=other).update(body=stored(course.label).body)

    with pytest.raises(Tampered):
        found_in(service, other.label)


def test_nothing_is_made_twice_of_the_same_inputs(service: Service, course) -> None:
    keep_a_diary(service, course, 4)
    refit(course, service.at)
    refit(course, service.at + timedelta(days=1))

    assert stored(course.label).made_at == service.at


def test_a_service_that_has_not_switched_it_on_stores_nothing(service: Service, after_commit) -> None:
    made = service.begin()
    with after_commit() as waited:
        write(service, made.label, "session-record", {"mood": 4, "mood_event_link": "after the quarrel"})

    assert waited == []
    assert not refit(service.enrolment(made.label), service.at)
    assert Fit.objects.count() == 0


def test_on_without_having_read_what_it_is_for_is_off(service: Service) -> None:
    service.organisation.promise = {"insight": {"on": True}}
    service.organisation.save()
    made = service.begin()

    assert not refit(service.enrolment(made.label), service.at)


def test_switching_it_off_throws_away_what_was_made(service: Service, course) -> None:
    keep_a_diary(service, course, 4)
    refit(course, service.at)
    switched(service, on=False)

    assert Fit.objects.count() == 0
    assert service.organisation.promise["insight"]["read_on"] == service.at.date().isoformat()


@pytest.mark.parametrize(
    "fact", [{"result": "fear_or_coercion"}, {"result": "current_violence"}, {"safe_to_raise": "no"}], ids=str
)
def test_a_violence_fact_takes_the_fit_away_in_the_act_that_records_it(service: Service, course, fact) -> None:
    keep_a_diary(service, course, 20)
    refit(course, service.at)
    assert stored(course.label) is not None

    write(service, course.label, "violence-check", {**ALONE, **fact})  # nothing is committed here

    assert stored(course.label) is None
    assert not refit(course, service.at)
    assert stored(course.label) is None


def test_a_later_none_does_not_bring_it_back_and_retracting_what_was_wrong_does(service: Service, course) -> None:
    keep_a_diary(service, course, 5)
    wrong = write(service, course.label, "violence-check", {**ALONE, "result": "current_violence"})
    write(service, course.label, "violence-check", ALONE)
    assert not refit(course, service.at)

    retract(by=service.actor(), at=service.at, entry=wrong.id, why="the answer of another client")
    assert refit(course, service.at)


def test_a_fear_on_the_sheet_of_a_person_is_a_violence_fact(service: Service, course) -> None:
    said = {"alias": "R.", "relation": "partner", "safety": "fear_or_coercion"}
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=course.label,
        form="interpersonal-inventory",
        answers=said,
        about="P1",
    )

    assert violence_stands(record(course))


def test_a_check_without_fear_changes_nothing(service: Service, course) -> None:
    keep_a_diary(service, course, 5)
    write(service, course.label, "violence-check", ALONE)

    assert refit(course, service.at)


def test_what_came_while_a_fit_was_made_is_not_overwritten(service: Service, course, monkeypatch) -> None:
    keep_a_diary(service, course, 4)
    real = fitting.look

    def meanwhile(*args, **more):
        write(service, course.label, "violence-check", {**ALONE, "result": "current_violence"})
        return real(*args, **more)

    monkeypatch.setattr(fitting, "look", meanwhile)
    assert not refit(course, service.at)
    assert stored(course.label) is None


def test_a_failure_of_the_statistics_does_not_look_like_a_failure_to_save(
    service: Service, course, monkeypatch, caplog, after_commit
) -> None:
    def fails(*_args, **_more):
        raise ValueError("low after the quarrel")

    monkeypatch.setattr(fitting, "look", fails)
    with after_commit():
        kept = write(service, course.label, "session-record", {"mood": 4, "mood_event_link": "low after the quarrel"})

    assert kept.made
    assert str(course.id) in caplog.text
    assert "quarrel" not in caplog.text


def test_reading_it_is_one_question_on_a_page_that_opened_the_course(
    service: Service, course, django_assert_num_queries
) -> None:
    keep_a_diary(service, course, 5)
    refit(course, service.at)
    actor = service.actor()
    found_in(service, course.label)

    with one_request():
        open_course(actor, course.label, service.at)
        with django_assert_num_queries(1):
            stored_fit(actor, course.label, service.at)


def test_a_stranger_reads_nothing(service: Service, course) -> None:
    keep_a_diary(service, course, 5)
    refit(course, service.at)

    seen = stored_fit(service.actor("Stranger"), course.label, service.at)
    assert (seen.ruling.allowed, seen.on, seen.found) == (False, False, None)


def test_rebuilding_makes_every_fit_of_a_service(service: Service, course) -> None:
    keep_a_diary(service, course, 4)
    afraid = service.begin()
    write(service, afraid.label, "violence-check", {**ALONE, "result": "current_violence"})

    assert dict(rebuild(service.organisation.id, service.at)) == {course.id: True, afraid.id: False}


def worth(service: Service, course) -> str:
    keep_a_diary(service, course, 40)
    refit(course, service.at)
    fit = found_in(service, course.label)
    assert fit.people[0].status == "worth asking about"
    return "person:P1"


def test_one_sentence_is_given_to_the_client_word_for_word(service: Service, course) -> None:
    sentence = worth(service, course)
    given = release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence=sentence)

    entry = record(course).newest("released-sentence")
    assert entry.id == str(given.id)
    assert entry.answers["sentence"].startswith("In your last 40 entries, better days and good contact with P1")
    assert entry.answers["person"] == "P1"
    assert entry.answers["until"] == (date(2026, 3, 2) + timedelta(days=39)).isoformat()
    assert entry.visibility == "shared_with_therapist"
    assert release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence=sentence) is None


def test_a_sentence_taken_back_can_be_given_again(service: Service, course) -> None:
    sentence = worth(service, course)
    given = release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence=sentence)
    retract(by=service.actor(), at=service.at, entry=given.id, why="talked it over")

    assert record(course).of("released-sentence") == ()
    again = release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence=sentence)
    assert again.made
    assert again.id != given.id


@pytest.mark.parametrize("sentence", ["person:P2", "kind:loss", "person:", "anything"])
def test_what_was_not_found_cannot_be_given(service: Service, course, sentence: str) -> None:
    worth(service, course)

    with pytest.raises(NothingToRelease):
        release_sentence(by=service.actor(), at=service.at, enrolment=course.label, sentence=sentence)


def test_nobody_else_gives_a_sentence(service: Service, course) -> None:
    sentence = worth(service, course)
    from openipt.casebook.operations.beginning import take_charge

    watching = service.account("Watching", ("supervisor",))
    take_charge(course, watching.id, "supervision", service.at)

    with pytest.raises(NotAllowed):
        release_sentence(
            by=service.actor("Watching", ("supervisor",)), at=service.at, enrolment=course.label, sentence=sentence
        )
    with pytest.raises(NotVisible):
        release_sentence(by=service.actor("Stranger"), at=service.at, enrolment=course.label, sentence=sentence)


def test_erasing_a_service_of_its_courses_leaves_no_fit(service: Service, course) -> None:
    from openipt.casebook import sealing

    keep_a_diary(service, course, 4)
    refit(course, service.at)
    sealing.erase(course.client.scope, service.at)

    assert dict(rebuild(service.organisation.id, service.at)) == {course.id: False}
    assert Fit.objects.count() == 0


@pytest.fixture
def many(service: Service, course):
    """Twenty clients with a diary who agreed to research, and one who did not."""
    for n in range(21):
        made = service.begin()
        begin_thing(by=service.actor(), at=service.at, enrolment=made.label, kind="person", label="P1")
        keep_a_diary(service, service.enrolment(made.label), 14, seed=n)
        write(service, made.label, "consent", {"treatment": True, "research": n < 20})
    return course


def test_what_is_believed_is_learned_from_clients_who_agreed_and_can_be_forgotten(service: Service, many) -> None:
    belief = learn_belief(service.organisation, service.at)

    assert belief.clients == 20
    assert belief_of(service.organisation.promise) == belief
    assert is_on(service.organisation.promise)
    keep_a_diary(service, many, 5)
    refit(service.enrolment(many.label), service.at)
    assert found_in(service, many.label).belief == belief

    forget_belief(service.organisation, service.at)
    assert belief_of(service.organisation.promise) == DEFAULT
    refit(service.enrolment(many.label), service.at)
    assert found_in(service, many.label).belief == DEFAULT


def test_too_few_clients_teach_nothing(service: Service, course) -> None:
    with pytest.raises(ValueError, match="expected at least 20"):
        learn_belief(service.organisation, service.at)

    assert belief_of(service.organisation.promise) == DEFAULT
