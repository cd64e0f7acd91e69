"""A decision is signed by somebody else; where one clinician works alone, by the same person a day later."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from running_courses import DAY, signed_in, text_of, with_scores

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.deciding import decide
from openipt.casebook.operations.signing_off import AnsweredAlready, TakesAnother, TooEarly, sign_off
from openipt.casebook.queries.record import record
from openipt.casebook.queries.signing import sign_off_of, to_sign
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.policy import Actor, numbers
from openipt.therapy.course import recorded_decision

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ASKED = "Slow, and the client wants to stay with it. The talk is next week."
GO_ON = {"action": "continue_with_reason", "asked": ASKED}


def address(course: Enrolment, point: str) -> str:
    return f"/courses/{course.label}/decisions/{point}/"


def decided(course: Enrolment, point: str):
    return recorded_decision(record(course), point)


def a_decision(**more: str) -> dict[str, str]:
    said = {"client_says": "I do not know how else to do it.", "reason": "It begins to move.", "changes": "The talk"}
    return {"_id": str(uuid4()), "_replaces": "", "action": "adjust", **said, "seen": "1", **more}


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 90 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


@pytest.fixture
def course(service: Service) -> Enrolment:
    """Eight sessions on, hardly a change."""
    return with_scores(service, 18, 17, 18, 17, 16, 17, 16, 17)


@pytest.fixture
def supervisor(service: Service, course: Enrolment) -> Client:
    take_charge(course, service.account("S-01", ("supervisor",)).id, "supervision", service.at)
    return signed_in(service, "S-01", ("supervisor",))


def put_before(service: Service, course: Enrolment, at=None) -> str:
    answers = {"point": "DP8", "action": "continue_with_reason", "client_says": "Stay.", "reason": "Next week."}
    how = {"by": service.actor(), "at": at or timezone.now(), "enrolment": course.label}
    return str(decide(**how, answers={**answers, "state": "off_track"}, id=uuid4(), asked=ASKED).id)


def a_sign_off(service: Service, course: Enrolment, decision: str, by: Actor, at=None, **more):
    how = {"enrolment": course.label, "decision": decision, "says": "agreed", "words": "Agreed.", "id": uuid4()}
    return sign_off(by=by, at=at or timezone.now(), **{**how, **more})


def test_going_on_at_point_8_asks_for_words_for_a_second_person(browser, course) -> None:
    refused = browser.post(address(course, "DP8"), a_decision(action="continue_with_reason"))

    assert refused.status_code == 422
    assert "A second person signs this" in text_of(refused)
    assert decided(course, "DP8") is None


def test_the_second_person_sees_the_words_for_them_and_signs(browser, course, supervisor) -> None:
    browser.post(address(course, "DP8"), a_decision(**GO_ON))
    made = decided(course, "DP8").id

    queue = text_of(supervisor.get("/sign-off/"))
    assert "Decision point 8" in queue
    page = text_of(supervisor.get(f"/courses/{course.label}/sign-off/{made}/"))
    assert ASKED in page
    assert "I do not know how else to do it." not in page  # the record's own words stay in the record

    typed = {"_id": str(uuid4()), "says": "agreed", "words": "Agreed. Look again in two sessions."}
    assert supervisor.post(f"/courses/{course.label}/sign-off/{made}/", typed).status_code == 302
    assert "Decision point 8" not in text_of(supervisor.get("/sign-off/"))
    assert sign_off_of(record(course), made).answer.answers["words"] == "Agreed. Look again in two sessions."
    assert "Look again in two sessions." in text_of(browser.get(address(course, "DP8")))


def test_what_waits_is_said_on_the_story_and_on_the_own_list(browser, course, supervisor) -> None:
    browser.post(address(course, "DP8"), a_decision(**GO_ON))

    assert "waits for a second person" in text_of(browser.get(f"/courses/{course.label}/"))
    own = text_of(browser.get("/sign-off/"))
    assert "Nothing waits for you here" in own
    assert "Your own, waiting for somebody else" in own


def test_the_same_person_is_refused_whatever_they_send(browser, service, course) -> None:
    made = put_before(service, course)
    path = f"/courses/{course.label}/sign-off/{made}/"

    assert "It takes somebody else to sign it" in text_of(browser.get(path))
    answer = browser.post(path, {"_id": str(uuid4()), "says": "agreed", "words": "I agree with myself."})
    assert answer.status_code == 403
    with pytest.raises(TakesAnother):
        a_sign_off(service, course, made, service.actor())
    assert sign_off_of(record(course), made).answer is None


def test_the_same_person_in_another_role_is_the_same_person(service, course) -> None:
    made = put_before(service, course)
    both = service.actor("T-01", ("therapist", "supervisor"))
    take_charge(course, service.staff["T-01"].id, "supervision", service.at)

    with pytest.raises(TakesAnother):
        a_sign_off(service, course, made, both)


def test_a_colleague_who_stands_in_may_be_the_second_person(service, course) -> None:
    made = put_before(service, course)
    other = service.actor("T-02")
    take_charge(course, service.staff["T-02"].id, "cover", service.at, timezone.now() + DAY)

    assert a_sign_off(service, course, made, other)


def test_whoever_has_nothing_to_do_with_it_learns_nothing(service, course) -> None:
    made = put_before(service, course)
    outsider = signed_in(service, "T-99")

    assert outsider.get(f"/courses/{course.label}/sign-off/{made}/").status_code == 404
    assert (
        outsider.post(f"/courses/{course.label}/sign-off/{made}/", {"words": "x", "says": "agreed"}).status_code == 404
    )
    assert to_sign(service.actor("T-99"), timezone.now()) == []
    with pytest.raises(NotVisible):
        a_sign_off(service, course, made, service.actor("T-99"))


def test_an_answer_stands_and_a_second_one_is_refused(service, course, supervisor) -> None:
    made = put_before(service, course)
    by = service.actor("S-01", ("supervisor",))
    first = uuid4()

    assert a_sign_off(service, course, made, by, id=first, words="Agreed.")
    assert not a_sign_off(service, course, made, by, id=first, words="Agreed.")
    with pytest.raises(AnsweredAlready):
        a_sign_off(service, course, made, by, says="think_again", words="After all not.")


def test_a_second_person_writes_something(service, course, supervisor) -> None:
    made = put_before(service, course)

    refused = supervisor.post(f"/courses/{course.label}/sign-off/{made}/", {"says": "agreed", "words": " "})

    assert refused.status_code == 422
    assert "Write in a sentence or two what you make of it." in text_of(refused)


# ---- where one clinician works alone ----


@pytest.fixture
def alone(db) -> Service:
    return a_service(timezone.now() - 90 * DAY, "One room", solo=True)


def by_oneself(service: Service) -> Actor:
    return Actor(str(service.account("T-01").id), str(service.organisation.id), frozenset({"therapist"}), solo=True)


def test_alone_a_day_lies_between_the_decision_and_the_second_look(alone: Service) -> None:
    course = with_scores(alone, 18, 17, 18, 17, 16, 17, 16, 17)
    decided_at = timezone.now() - timedelta(hours=30)
    made = put_before(alone, course, decided_at)
    day = timedelta(hours=dict(numbers())["solo_delay_hours"])

    with pytest.raises(TooEarly):
        a_sign_off(alone, course, made, by_oneself(alone), decided_at + day - timedelta(seconds=1))
    assert a_sign_off(alone, course, made, by_oneself(alone), decided_at + day)
    assert sign_off_of(record(course), made).answer.answers["says"] == "looked_again"


def test_the_delay_runs_from_when_the_server_recorded_it_whatever_the_sheet_claims(alone: Service) -> None:
    course = with_scores(alone, 18, 17, 18, 17, 16, 17, 16, 17)
    browser = signed_in(alone, "T-01")
    long_ago = timezone.now() - 10 * DAY
    browser.post(address(course, "DP8"), a_decision(**GO_ON, day=f"{long_ago:%Y-%m-%d}", time="09:00"))
    path = f"/courses/{course.label}/sign-off/{decided(course, 'DP8').id}/"

    answer = browser.post(path, {"_id": str(uuid4()), "words": "It still holds, I read it again."})

    assert answer.status_code == 422
    assert "This can be looked at again from" in text_of(answer)
    assert "It still holds, I read it again." in text_of(answer)


def test_who_is_not_in_the_table_may_not_sign(service, course) -> None:
    made = put_before(service, course)
    take_charge(course, service.account("E-01", ("operator",)).id, "emergency", service.at)

    with pytest.raises((NotAllowed, NotVisible)):
        a_sign_off(service, course, made, service.actor("E-01", ("operator",)))
