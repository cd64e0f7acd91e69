"""From an answer that waits to the conversation about it and back: one task, and nothing said that was not said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from one_course import mark, raise_flag, text_of, write

from openipt.casebook.models import Flag, FlagStep
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ASKED = {"thoughts": 1, "intent": False, "plan": False, "recent_self_harm": False, "agreed": "Daily.", "by": "T-01"}


def page_of(course, flag: Flag) -> str:
    return f"/courses/{course.label}/flags/{flag.id}/"


def shown(browser, address: str) -> str:
    return " ".join(text_of(browser.get(address)).split())


def sheet(course, flag: Flag) -> str:
    return f"/courses/{course.label}/fill/safety-conversation/?back={flag.id}"


def talk(service, course, **answers):
    return write(service, course, "safety-conversation", {"date": f"{timezone.now():%Y-%m-%d}", **answers})


def settle(browser, course, flag: Flag, **more):
    said = {**mark(), "what": "closed", "words": "We spoke about it.", **more}
    return browser.post(page_of(course, flag) + "outcome/", said)


def alone_box(page: str) -> str:
    return next(iter(re.findall(r'<input type="checkbox" name="assessed"[^>]*>', page)))


def test_a_sheet_with_one_answer_settles_nothing_and_says_what_is_missing(browser, service, course) -> None:
    flag = raise_flag(service, course)
    talk(service, course, thoughts=1)

    page = shown(browser, page_of(course, flag))
    answer = settle(browser, course, flag)

    assert "Not asked yet, or blank: Any intention to act on them; Any plan" in page
    assert "checked" not in alone_box(page)
    assert answer.url.endswith("?stays")
    assert not FlagStep.objects.filter(flag=flag, kind="outcome").exists()


def test_spoken_about_alone_is_refused_where_the_sheet_leaves_blank_or_denies_it(browser, service, course) -> None:
    flag = raise_flag(service, course)
    talk(service, course, thoughts=1, asked_alone=True)
    blank = settle(browser, course, flag, assessed="1")
    talk(service, course, **ASKED, asked_alone=False)
    not_alone = settle(browser, course, flag, assessed="1")

    assert (blank.status_code, "leaves blank: Any intention" in text_of(blank)) == (422, True)
    assert (not_alone.status_code, "somebody else was there" in text_of(not_alone)) == (422, True)


@pytest.mark.parametrize(("alone", "ticked"), [(None, False), (False, False), (True, True)])
def test_alone_is_marked_beforehand_only_where_the_sheet_says_so(browser, service, course, alone, ticked) -> None:
    flag = raise_flag(service, course)
    talk(service, course, **ASKED, **({} if alone is None else {"asked_alone": alone}))

    assert ("checked" in alone_box(shown(browser, page_of(course, flag)))) is ticked


def test_what_is_said_about_an_answer_belongs_to_it_and_settles_with_it(browser, service, course) -> None:
    flag = raise_flag(service, course)
    form = {"_do": "save", **mark(), "thoughts": "1", "intent": "no", "plan": "no", "recent_self_harm": "no"}
    page = {**form, "asked_alone": "yes", "date": f"{timezone.now():%Y-%m-%d}", "agreed": "Daily.", "by": "T-01"}

    saved = browser.post(sheet(course, flag), page)

    assert saved.url.startswith(page_of(course, flag))  # back to where one came from
    assert Flag.objects.filter(enrolment=course).count() == 1
    told = shown(browser, saved.url)
    assert "The safety conversation is in the record." in told
    assert "Safety conversation, " in told
    assert settle(browser, course, flag, assessed="1").status_code == 302
    step = FlagStep.objects.get(flag=flag, kind="outcome")
    assert read_body(step.scope, "flagstep", step.id, bytes(step.body))["assessed"] is True
    assert [one.id for one in record(course).flags if not one.outcomes] == []


def test_a_graver_answer_in_that_conversation_is_a_task_of_its_own_and_each_page_leads_to_the_other(
    browser, service, course
) -> None:
    flag = raise_flag(service, course)
    talk(service, course, **{**ASKED, "plan": True})

    graver = Flag.objects.get(enrolment=course, rule="R3")

    assert page_of(course, graver) in shown(browser, page_of(course, flag))
    assert page_of(course, flag) in shown(browser, page_of(course, graver))


def test_a_conversation_after_the_outcome_raises_its_own_flag(browser, service, course) -> None:
    flag = raise_flag(service, course)
    settle(browser, course, flag, no_conversation="She ticked it by mistake, and said so.")

    talk(service, course, **ASKED)

    assert Flag.objects.filter(enrolment=course).exclude(id=flag.id).exists()


def test_a_conversation_that_belongs_to_an_answer_leads_to_its_outcome(browser, service, course) -> None:
    flag = raise_flag(service, course)
    saved = talk(service, course, **ASKED)

    page = shown(browser, f"/courses/{course.label}/entries/{saved.id}/")

    assert "What was said here belongs to that answer" in page
    assert page_of(course, flag) in page


def test_the_one_answer_that_waits_is_opened_at_once_from_the_caseload(browser, service, course) -> None:
    flag = raise_flag(service, course)
    [address] = set(re.findall(r'href="([^"]*/flags/[^"]*)"', shown(browser, "/")))

    assert browser.get(address).url == page_of(course, flag)
    assert browser.get(f"/courses/{course.label}/flags/").status_code == 200  # the list of all stays where it is


def test_what_a_flag_asks_for_is_said_in_words_and_never_by_a_number(browser, service, course) -> None:
    flag = raise_flag(service, course)

    asks = re.findall(r"What it asks for</dt><dd>(.*?)</dd>", shown(browser, page_of(course, flag)))

    assert asks == [
        "Crisis box for the client at once; ask about a plan in the next contact; "
        "structured assessment, safety plan made or reviewed."
    ]


def test_the_sheet_knows_the_day_and_who_writes_and_asks_the_day_once(browser, service, course) -> None:
    page = shown(browser, f"/courses/{course.label}/fill/safety-conversation/")

    assert re.search(rf'name="date"[^>]* value="{timezone.now():%Y-%m-%d}"', page)
    assert re.search(r'name="by"[^>]* value="T-01"', page)
    assert 'name="_day"' not in page
    assert re.search(r'<details class="item more"><summary>In pregnancy', page)


def test_the_day_on_the_sheet_is_the_day_it_was_spoken(browser, service, course) -> None:
    before = timezone.now() - timedelta(days=2)
    page = {"_do": "save", **mark(), "date": f"{before:%Y-%m-%d}", "thoughts": "0"}

    assert browser.post(f"/courses/{course.label}/fill/safety-conversation/", page).status_code == 303

    [entry] = record(course).of("safety-conversation")
    assert entry.happened_at.date() == before.date()
