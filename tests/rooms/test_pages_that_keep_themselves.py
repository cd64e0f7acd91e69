"""A decision, a review, an ending and the outcome of a flag keep themselves while they are written.

What was typed is there again after the lid was closed; it is its author's alone, no record, and gone once it is handed
in or thrown away. Two tabs and a sign-in that ran out lose nothing of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from one_course import raise_flag
from running_courses import BACKEND, DAY, signed_in, text_of, with_scores

from openipt.casebook.models import Draft, Enrolment, Entry, FlagStep
from openipt.casebook.operations.beginning import take_charge

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

WORDS = "Half a sentence, and then the lid was clo"


@dataclass(frozen=True)
class Page:
    """One page that keeps itself: where it is read and sent, in which field words stand, what else makes it whole."""

    read: str
    send: str
    field: str
    whole: dict[str, str]
    model: type = Entry


PAGES = {
    "decision": Page("decisions/DP4/", "decisions/DP4/", "client_says", {"action": "adjust", "seen": "1"}
                     | {"reason": "Little was felt.", "changes": "Twice a week"}),
    "review": Page("review/", "review/", "client_says", {}),
    "ending": Page("ending/?how=finished", "ending/?how=finished", "gains", {"how": "finished", "way_back": "Ring."}),
    "flag": Page("flags/{flag}/", "flags/{flag}/outcome/", "words", {"what": "open"}, FlagStep),
}  # fmt: skip


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 60 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


@pytest.fixture
def course(service: Service) -> Enrolment:
    return with_scores(service, 18, 17, 18, 17)


@pytest.fixture(params=PAGES)
def page(request, service, course) -> Page:
    """Each of the four, in a course of its own."""
    one = PAGES[request.param]
    flag = raise_flag(service, course).id if request.param == "flag" else ""
    at = f"/courses/{course.label}/"
    return Page(at + one.read.format(flag=flag), at + one.send.format(flag=flag), one.field, one.whole, one.model)


@dataclass(frozen=True)
class Tab:
    """A page as a browser holds it."""

    answer: object
    keeps_at: str
    made: str
    mark: str
    day: str

    def typed(self, page: Page, words: str, **more: str) -> dict[str, str]:
        on = {"on": self.day} if self.day else {}
        return {"_id": self.made, "_for": self.mark, "_replaces": "", **on, page.field: words, **more}


def opened(browser: Client, page: Page) -> Tab:
    answer = browser.get(page.read)
    assert answer.status_code == 200, answer.content.decode()
    html = answer.content.decode()
    form = html[html.index("data-keep=") :]
    day = re.search(r'name="on" value="([^"]+)"', form)
    marks = (re.search(rf'name="{name}" value="([^"]+)"', form)[1] for name in ("_id", "_for"))
    return Tab(answer, unescape(re.search(r'data-keep="([^"]+)"', form)[1]), *marks, day[1] if day else "")


def keep(browser: Client, tab: Tab, page: Page, words: str = WORDS) -> dict[str, object]:
    kept = browser.post(tab.keeps_at, tab.typed(page, words))
    assert kept.status_code == 200, kept.content.decode()
    return kept.json()


def value_of(answer, name: str) -> str:
    found = re.search(rf'<textarea id="{name}"[^>]*>([^<]*)</textarea>', answer.content.decode())
    return unescape(found[1]) if found else ""


def test_what_was_typed_is_there_again_after_the_lid_was_closed(browser, page) -> None:
    tab, before = opened(browser, page), page.model.objects.count()

    assert keep(browser, tab, page)["handed_in"] is False
    again = opened(browser, page)

    assert value_of(again.answer, page.field) == WORDS
    assert again.made == tab.made
    assert "Not yet in the record" in text_of(again.answer)
    assert page.model.objects.count() == before  # a draft is not record


def test_the_course_says_what_is_not_yet_handed_in_and_leads_there(browser, course, page) -> None:
    keep(browser, opened(browser, page), page)

    story = browser.get(f"/courses/{course.label}/")

    assert "Not yet in the record" in text_of(story)
    assert f'href="{page.read.split("#")[0]}' in unescape(story.content.decode())


def test_once_it_is_handed_in_nothing_of_the_draft_is_left(browser, page) -> None:
    tab = opened(browser, page)
    keep(browser, tab, page)

    sent = browser.post(page.send, tab.typed(page, "The whole sentence.", **page.whole))

    assert sent.status_code == 302, text_of(sent)
    assert page.model.objects.filter(id=tab.made).exists()
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(browser, page) -> None:
    tab = opened(browser, page)
    keep(browser, tab, page)

    browser.post(page.send, tab.typed(page, WORDS, _do="drop"))

    assert not Draft.objects.exists()
    assert value_of(opened(browser, page).answer, page.field) == ""


def test_a_draft_is_its_authors_alone(browser, service, course, page) -> None:
    keep(browser, opened(browser, page), page)
    other = signed_in(service, "T-02")
    take_charge(course, service.staff["T-02"].id, "cover", timezone.now())

    theirs = opened(other, page)

    assert WORDS not in theirs.answer.content.decode()
    assert "Not yet in the record" not in text_of(theirs.answer)


def test_of_two_tabs_the_one_that_comes_late_is_told_and_keeps_its_words(browser, page) -> None:
    tab = opened(browser, page)
    keep(browser, tab, page, "Typed in both tabs.")
    browser.post(page.send, tab.typed(page, "From the first tab.", **page.whole))

    assert keep(browser, tab, page, "From the second tab.")["handed_in"] is True
    late = browser.post(page.send, tab.typed(page, "From the second tab.", **page.whole))

    assert late.status_code == 409
    assert "From the second tab." in unescape(late.content.decode())


def test_a_sign_in_that_ran_out_loses_neither_the_draft_nor_the_page(browser, service, page) -> None:
    tab = opened(browser, page)
    keep(browser, tab, page)
    browser.logout()

    late = browser.post(tab.keeps_at, tab.typed(page, "Typed while signed out."))
    gone = browser.post(page.send, tab.typed(page, "Typed while signed out.", **page.whole))
    browser.force_login(service.staff["T-01"], backend=BACKEND)

    assert late.status_code == 302  # to the sign-in page: the page that asked says that nothing was kept
    assert gone.status_code == 403
    assert value_of(browser.get(page.send), page.field) == "Typed while signed out."
    assert value_of(opened(browser, page).answer, page.field) == WORDS


def test_a_page_without_its_mark_keeps_nothing_and_says_so(browser, page) -> None:
    tab = opened(browser, page)

    answer = browser.post(tab.keeps_at, tab.typed(page, WORDS) | {"_id": "no mark"})

    assert answer.status_code == 400
    assert "Your text is still here" in answer.json()["say"]
    assert not Draft.objects.exists()


def test_nobody_writes_over_somebody_elses_draft(browser, service, course, page) -> None:
    tab = opened(browser, page)
    keep(browser, tab, page)
    other = signed_in(service, "T-02")
    take_charge(course, service.staff["T-02"].id, "cover", timezone.now())

    theirs = other.post(tab.keeps_at, tab.typed(page, "Not mine."))

    assert theirs.status_code == 404
    assert value_of(opened(browser, page).answer, page.field) == WORDS


def test_an_outsider_keeps_nothing(browser, service, page) -> None:
    tab = opened(browser, page)

    assert (
        signed_in(service, "T-03").post(tab.keeps_at, tab.typed(page, WORDS) | {"_id": str(uuid4())}).status_code == 404
    )
    assert not Draft.objects.exists()


def test_sent_twice_as_it_was_it_is_one_act(browser, page) -> None:
    tab = opened(browser, page)
    sent = tab.typed(page, "The whole sentence.", **page.whole)
    first = browser.post(page.send, sent)
    stored = page.model.objects.count()

    assert browser.post(page.send, sent).status_code == first.status_code == 302
    assert page.model.objects.count() == stored
