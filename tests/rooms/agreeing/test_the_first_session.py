"""The first session offers what the manual asks of it, in the manual's order; each task leads to its short page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from rooms.agreeing.desk import address, fields_on, hold, saved, text_of

from openipt.casebook.queries.record import record
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual, open_task

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

FIRST = ("consent", "intake", "safety", "alone", "medical")  # pages that tasks of the first session lead to
PAGES_OF_TASKS = {
    "Consent and privacy": "consent",
    "Symptoms and first scores": "intake",
    "Timeline: the illness beside the life": "timeline",
}


def agenda_of(browser, course) -> str:
    page = browser.get(f"/courses/{course.label}/sessions/{len(record(course).held())}/").content.decode()
    return page[page.index('<ol class="agenda">') : page.index('id="h-focus"')]


def task_of(agenda: str, name: str) -> str:
    tasks = re.split(r'(?=<li class="task)', agenda)
    return next(one for one in tasks if f"<b>{name}</b>" in unescape(one))


def page_to(browser, course, task: str, title: str) -> str:
    """The address that a task of the session leads to."""
    links = re.findall(r'href="([^"]+)">([^<]+)</a>', task_of(agenda_of(browser, course), task))
    return next(unescape(href) for href, words in links if words == title)


def send(browser, where: str, **typed):
    """Send a page that was opened at an address, wherever that leads."""
    shown = browser.get(where, follow=True)
    there = shown.redirect_chain[-1][0] if shown.redirect_chain else where
    return browser.post(there, {**fields_on(shown.content.decode()), **typed, "_do": "save"})


def begun(browser, course) -> None:
    """What a course begins with is there: until then some tasks are held back, and lead nowhere."""
    saved(send(browser, address(course, "consent/"), treatment="yes"))
    saved(send(browser, address(course, "intake/"), diagnosis="Depression"))


def test_its_tasks_stand_in_the_order_of_the_manual(service, browser, course) -> None:
    hold(service, course, 1)
    shown = [unescape(name) for name in re.findall(r'<p class="line"><b>([^<]+)</b>', agenda_of(browser, course))]

    manual = open_manual("ipt-classic")
    parts = [part.id for part in manual.frame]
    asked = [one for one in manual.offers if "initial" in one.phases and open_task(one.task).name in shown]
    in_order = sorted(asked, key=lambda one: parts.index(one.part))  # parts of the session first, then as written
    assert shown == [open_task(one.task).name for one in in_order]
    assert shown[0] == "Safety and health check"


@pytest.mark.parametrize(("task", "page"), PAGES_OF_TASKS.items())
def test_a_task_leads_to_its_short_page(service, browser, course, task, page) -> None:
    hold(service, course, 1)
    session = record(course).sessions[0].id

    begun(browser, course)
    there = unescape(task_of(agenda_of(browser, course), task))
    links = re.findall(rf'href="{address(course, page)}/\?([^"]*)"', there)

    assert links
    assert links[0].endswith(f"back={session}")


def test_every_page_of_the_beginning_is_one_link_away(service, browser, course) -> None:
    hold(service, course, 1)
    agenda = agenda_of(browser, course)

    assert {page for page in FIRST if f"{address(course, page)}/?session=" in agenda} == set(FIRST)
    assert "/fill/consent/" not in agenda


def test_consent_leads_on_to_the_intake_and_that_back_to_the_session(service, browser, course) -> None:
    hold(service, course, 1)
    session = record(course).sessions[0].id

    consent = send(browser, page_to(browser, course, "Consent and privacy", "Consent"), treatment="yes")
    saved(consent)
    assert consent["Location"] == f"{address(course, 'intake')}/?session={session}&back={session}&told=saved"
    intake = send(browser, consent["Location"], diagnosis="Depression")

    assert intake["Location"].startswith(f"/courses/{course.label}/sessions/1/?told=sheet")
    assert "It stands with this session." in text_of(browser.get(intake["Location"]))


def test_what_is_asked_alone_never_opens_by_itself(service, browser, course) -> None:
    hold(service, course, 1)

    medical = send(
        browser,
        page_to(browser, course, "Safety and health check", open_form("medical-review").title),
    )

    assert "/agreed/alone/" not in medical["Location"]


def test_what_was_written_in_it_is_marked_on_its_card_and_nothing_else(service, browser, course) -> None:
    hold(service, course, 1)
    send(browser, page_to(browser, course, "Consent and privacy", "Consent"), treatment="yes")

    page = browser.get(f"/courses/{course.label}/sessions/1/").content.decode()

    assert re.findall(r'name="tasks" value="([^"]+)" checked', page) == ["INI.14"]


def test_the_focus_leads_on_to_the_formulation_the_agreement_and_a_goal(service, browser, course) -> None:
    for number in (1, 2, 3):
        hold(service, course, number)
    session = record(course).sessions[-1].id
    back = f"?back={session}"

    focus = send(browser, address(course, f"focus/{back}"), _role_PA_DISPUTE="primary", focus_because="It hurts most.")
    said = send(browser, focus["Location"], condition_label="Depression", link_statement="A quarrel.", client_fit="8")
    agreed = send(browser, said["Location"], agreed_how="spoken")
    goal = send(browser, agreed["Location"], scope="self", statement="Say it", baseline="0", target="8")

    led = [re.sub(r"\?.*", "", one["Location"]) for one in (focus, said, agreed, goal)]
    assert led[:3] == [address(course, f"{page}/") for page in ("formulation", "contract", "goal")]
    assert led[3] == f"/courses/{course.label}/sessions/3/"


def test_a_focus_that_was_chosen_is_no_formulation_that_was_said(service, browser, course) -> None:
    for number in (1, 2, 3):
        hold(service, course, number)
    begun(browser, course)
    where = page_to(browser, course, "Choose the focus", "Choosing the focus")
    saved(send(browser, where, _role_PA_DISPUTE="primary", focus_because="It hurts most."))

    page = browser.get(f"/courses/{course.label}/sessions/3/").content.decode()
    marked = set(re.findall(r'name="tasks" value="([^"]+)" checked', page))

    assert "INI.09" in marked
    assert "INI.10" not in marked
