"""After the end: agreed days to look at how it is, and a way back that calls a person without a new referral."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from openipt.casebook.models import Flag
from openipt.casebook.queries.linked import course_sheet

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


def ended(phone, days_ago: int, *check_ins: int) -> None:
    """A course that ended so many days ago; the days to look again are counted from today."""
    today = timezone.now().date()
    rows = [{"date": (today + timedelta(days=n)).isoformat()} for n in check_ins]
    phone.write("relapse-plan", {"check_in_dates": rows, "come_back_route": "Ring us"})
    on = (today - timedelta(days=days_ago)).isoformat()
    phone.write("course-sheet", {**course_sheet(phone.enrolment), "ended_on": on})


def test_on_an_agreed_day_the_first_page_asks_how_it_goes(phone) -> None:
    ended(phone, 30, 1, 60)

    page = phone.text("/my/")
    assert "We agreed to look at how you are about now" in page
    assert 'href="/my/q/ed001844/"' in page
    assert phone.get("/my/q/ed001844/").status_code == 302

    phone.write("phq-9", CALM)
    page = phone.text("/my/")
    assert "We agreed to look at how you are about now" not in page
    assert "We agreed to look again on" in page


def test_between_the_days_there_is_nothing_to_do_and_the_way_back_is_open(phone) -> None:
    ended(phone, 10, 60)

    page = phone.text("/my/")

    assert "There is nothing to do here" in page
    assert 'href="/my/back/"' in page


def test_the_way_back_opens_a_real_task_without_a_referral(phone) -> None:
    ended(phone, 100)

    told = phone.send("/my/back/", asks_for="talk_once", signs="yes", words="I sleep badly again")

    assert told["Location"].startswith("/my/sent/")
    assert "When a person sees this" in phone.text(told["Location"])
    flag = Flag.objects.get()
    assert (flag.rule, flag.owner) == ("R14", phone.service.staff["T-01"].id)
    assert flag.due_at is not None


def test_words_alone_call_a_person_too(phone) -> None:
    ended(phone, 100)

    assert phone.send("/my/back/", words="I sleep badly", _do="send").status_code == 302
    assert Flag.objects.get().rule == "R14"


def test_an_empty_sheet_says_so(phone) -> None:
    ended(phone, 100)

    assert phone.send("/my/back/", _do="send").status_code == 422
    assert not Flag.objects.exists()


def test_while_the_course_runs_the_way_is_the_usual_one(phone) -> None:
    assert phone.get("/my/back/")["Location"] == "/my/tell/"
