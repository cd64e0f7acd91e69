"""A course changes hands, or somebody stands in: exactly these courses, exactly these days, and nothing gets lost."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from running_courses import DAY, signed_in, text_of, with_scores

from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.handing_over import cover
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.courses import open_course
from openipt.casebook.queries.flags import flags_told
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed, NotVisible

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}
UTC = ZoneInfo("UTC")


@pytest.fixture
def service(db) -> Service:
    made = a_service(timezone.now() - 60 * DAY)
    made.account("T-02")
    return made


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


@pytest.fixture
def course(service: Service) -> Enrolment:
    return with_scores(service, 18, 14, 9)


def handing(service: Service, **more: str) -> dict[str, str]:
    return {"_id": str(uuid4()), "to": str(service.staff["T-02"].id), "to_know": "Exam on the 9th.", **more}


def test_a_course_that_is_handed_over_opens_for_the_one_and_closes_for_the_other(browser, service, course) -> None:
    path = f"/courses/{course.label}/"
    other = signed_in(service, "T-02")
    assert other.get(path).status_code == 404

    assert browser.post(f"{path}handing-over/", handing(service, client_knows="1")).status_code == 302

    assert browser.get(path).status_code == 404
    assert other.get(path).status_code == 200
    page = text_of(other.get(f"{path}handing-over/"))
    assert "Exam on the 9th." in page
    assert record(course).staff == "T-02"


def test_the_page_says_what_the_next_person_needs_to_know(browser, service, course) -> None:
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label}
    said = {"area_primary": "PA_DISPUTE", "client_words": "I always give in.", "client_fit": 8}
    save_entry(**how, form="formulation", answers=said)

    page = text_of(browser.get(f"/courses/{course.label}/handing-over/"))

    for words in ("I always give in.", "3 of 16 sessions", "Safety plan", "Agreed step", "Next date", "Held back"):
        assert words in page


def test_open_answers_that_asked_for_a_person_go_along(browser, service, course) -> None:
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="phq-9", answers=IN_DANGER)

    browser.post(f"/courses/{course.label}/handing-over/", handing(service))

    told = flags_told(service.actor("T-02"), course.label, timezone.now())
    assert [one.owner_name for one in told if one.waits] == ["T-02"] * len([one for one in told if one.waits])
    assert any(one.waits for one in told)


def test_sent_twice_it_is_handed_over_once(browser, service, course) -> None:
    typed = handing(service)

    first = browser.post(f"/courses/{course.label}/handing-over/", typed)
    again = browser.post(f"/courses/{course.label}/handing-over/", typed)

    assert (first.status_code, again.status_code) == (302, 302)
    assert Entry.objects.filter(form="handing-over").count() == 1


def test_what_is_left_out_is_asked_for_and_what_was_typed_stays(browser, service, course) -> None:
    answer = browser.post(f"/courses/{course.label}/handing-over/", handing(service, to=""))

    assert answer.status_code == 422
    assert "Choose who takes it." in text_of(answer)
    assert "Exam on the 9th." in text_of(answer)


# ---- while somebody is away ----


def away(service: Service, *courses: Enrolment, first: int = 0, last: int = 6, **more: str) -> dict[str, str]:
    today = timezone.now()
    typed = {
        "first": f"{today + first * DAY:%Y-%m-%d}",
        "last": f"{today + last * DAY:%Y-%m-%d}",
        "every": "Ring once.",
    }
    ticked = {f"course_{one.label}": "1" for one in courses}
    return {"_id": str(uuid4()), "to": str(service.staff["T-02"].id), **typed, **ticked, **more}


def test_the_colleague_sees_exactly_these_courses_on_exactly_these_days(browser, service, course) -> None:
    beside = with_scores(service, 12)
    today = timezone.now().astimezone(UTC).date()
    assert browser.post("/leave/", away(service, course, first=3, last=5)).status_code == 302

    other = service.actor("T-02")
    begins = datetime.combine(today + timedelta(days=3), time(), UTC)
    ends = datetime.combine(today + timedelta(days=6), time(), UTC)
    for moment, opens in (
        (begins - timedelta(seconds=1), False),
        (begins, True),
        (ends - timedelta(seconds=1), True),
        (ends, False),
    ):
        if opens:
            assert open_course(other, course.label, moment).name == "Robin"
        else:
            with pytest.raises(NotVisible):
                open_course(other, course.label, moment)
        with pytest.raises(NotVisible):
            open_course(other, beside.label, moment)
    assert browser.get(f"/courses/{course.label}/").status_code == 200  # whoever goes away keeps it


def test_whoever_stands_in_today_sees_it_and_what_to_know(browser, service, course) -> None:
    browser.post("/leave/", away(service, course, **{f"know_{course.label}": "Exam on the 9th."}))
    other = signed_in(service, "T-02")

    assert other.get(f"/courses/{course.label}/").status_code == 200
    assert "Exam on the 9th." in text_of(other.get(f"/courses/{course.label}/handing-over/"))
    assert "You stand in" in text_of(other.get("/leave/"))


def test_whoever_only_stands_in_cannot_hand_it_on(browser, service, course) -> None:
    browser.post("/leave/", away(service, course))
    service.account("T-03")
    other = signed_in(service, "T-02")
    typed = handing(service, to=str(service.staff["T-03"].id))

    assert "You stand in for somebody here" in text_of(other.get(f"/courses/{course.label}/handing-over/"))
    assert other.post(f"/courses/{course.label}/handing-over/", typed).status_code == 403
    day = timezone.now().date()
    how = {"by": service.actor("T-02"), "at": timezone.now(), "courses": {course.label: "x"}, "id": uuid4()}
    with pytest.raises(NotAllowed):
        cover(**how, to=service.staff["T-03"].id, first=day, last=day, client_knows=False)
    assert signed_in(service, "T-03").get(f"/courses/{course.label}/").status_code == 404


@pytest.mark.parametrize("role", ["supervisor", "lead", "operator", "researcher"])
def test_whose_role_shows_no_names_reads_none_here_though_a_tie_was_made(service, course, role) -> None:
    account = service.account("X-01", [role])
    for kind in ("assigned", "cover"):
        take_charge(course, account.id, kind, timezone.now() - DAY, until=timezone.now() + DAY)

    assert "Robin" not in text_of(signed_in(service, "X-01").get("/leave/"))


def test_a_cover_can_be_ended_before_its_last_day(browser, service, course) -> None:
    browser.post("/leave/", away(service, course))
    other = signed_in(service, "T-02")
    assert other.get(f"/courses/{course.label}/").status_code == 200

    browser.post("/leave/", {"_do": "end", "course": course.label, "account": str(service.staff["T-02"].id)})

    assert other.get(f"/courses/{course.label}/").status_code == 404
    assert "Nobody stands in" in text_of(browser.get("/leave/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to": ""}, "Choose who stands in."),
        ({"last": "2020-01-01"}, "This takes a day from"),
        ({"first": "soon"}, "Write the day as"),
        ({"every": ""}, "Write what the colleague needs to know"),
    ],
)
def test_what_cannot_be_taken_is_said_by_its_field(browser, service, course, wrong, words) -> None:
    answer = browser.post("/leave/", {**away(service, course), **wrong})

    assert answer.status_code == 422
    assert words in text_of(answer)


def test_somebody_elses_course_cannot_be_given_away(service, course) -> None:
    outsider = signed_in(service, "T-03")
    typed = away(service, course)

    assert outsider.post("/leave/", typed).status_code == 422
    assert signed_in(service, "T-02").get(f"/courses/{course.label}/").status_code == 404


def test_sent_twice_it_is_one_cover(browser, service, course) -> None:
    typed = away(service, course)

    browser.post("/leave/", typed)
    browser.post("/leave/", typed)

    assert course.ties.filter(kind="cover").count() == 1
