"""A new course needs consent, an intake, a formulation and an agreement before area tasks are offered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from rooms.agreeing.desk import a_formulation, address, choose, closed, hold, saved, send, text_of, today

from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.queries.record import record
from openipt.therapy.course import agenda
from openipt.therapy.course.chosen import focus_history
from openipt.therapy.manuals import open_manual

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_a_new_course_says_what_holds_back_the_work_and_which_page_opens_it(browser, course) -> None:
    page = browser.get(address(course))

    assert "4 things are missing before the work on the focus." in text_of(page)
    offered = re.findall(r'href="/courses/[^"]+/agreed/(\w+)/["#]', page.content.decode().split('id="h-safely"')[0])
    assert offered == ["consent", "intake", "focus", "contract"]


def statuses(course: Enrolment) -> set[str]:
    """How the tasks of a role dispute stand on the agenda of the session that comes next."""
    found = agenda(open_manual("ipt-classic"), record(course), today())
    assert found.position.phase.kind == "middle"
    return {item.status for item in found.items if item.task in ("DSP.01", "DSP.02", "DSP.03")}


def test_consent_intake_formulation_and_agreement_open_the_work_on_the_focus_and_nothing_less_does(
    service, browser, course
) -> None:
    for number in range(1, 6):  # from session 6 on the formulation holds back, and does not only remind
        hold(service, course, number)
    saved(send(browser, course, "consent/", treatment="yes"))
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    assert (closed(course), statuses(course)) == ({"eligibility", "formulation", "contract"}, {"held_back"})
    saved(send(browser, course, "intake/", diagnosis="Depression"))
    assert (closed(course), statuses(course)) == ({"formulation", "contract"}, {"held_back"})
    saved(send(browser, course, "formulation/", **a_formulation()))
    assert (closed(course), statuses(course)) == ({"contract"}, {"warned"})
    saved(send(browser, course, "contract/", agreed_how="spoken"))

    assert (closed(course), statuses(course)) == (set(), {"offered"})
    page = text_of(browser.get(address(course)))
    assert "One thing is missing before the work on the focus. Violence asked about, alone" in " ".join(page.split())
    said = {"asked_alone": "yes", "about": "all_current", "result": "none", "safe_to_raise": "yes"}
    saved(send(browser, course, "alone/", **said))
    assert "Everything is agreed that the work on the focus needs." in text_of(browser.get(address(course)))


def test_a_focus_alone_is_not_told_as_a_formulation_that_was_shared(browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary", focus_because="It is nearest"))

    assert "formulation" in closed(course)
    for page in (address(course), f"/courses/{course.label}/"):
        told = text_of(browser.get(page))
        assert "Formulation shared on" not in told
        assert "how well it fits was not asked" not in told
    assert "The formulation has not been shared yet." in text_of(browser.get(address(course)))
    assert focus_history(record(course))[-1].areas == ("PA_DISPUTE",)


def test_an_intake_without_a_diagnosis_is_kept_and_names_what_is_missing_with_its_place(browser, course) -> None:
    answer = send(browser, course, "intake/")

    saved(answer)
    assert "told=unfinished" in answer["Location"]
    page = browser.get(answer["Location"].partition("#")[0])
    assert "The diagnosis is still missing in the intake" in text_of(page)
    assert "The diagnosis is missing in the intake." in text_of(page)
    assert f'href="{address(course, "intake/")}#f-diagnosis"' in page.content.decode()
    again = browser.get(address(course, "intake/"), follow=True).content.decode()
    assert "Still missing here:" in again
    assert 'href="#f-diagnosis"' in again
    assert 'id="f-diagnosis"' in again


def test_looking_ahead_shows_the_next_session_and_writes_nothing(browser, course) -> None:
    before = Entry.objects.count()

    page = browser.get(f"/courses/{course.label}/sessions/ahead/")

    told = text_of(page)
    assert page.status_code == 200
    assert "looking ahead to session 1" in told
    assert "Begin session 1 now" in told
    assert not re.search(r"\b[A-Z]{3}\.\d\d\b|\bWS_|\bPA_", told)  # tasks by their names, never by their codes
    assert (Entry.objects.count(), len(record(course).sessions)) == (before, 0)
    assert "Look ahead to session 1" in text_of(browser.get(f"/courses/{course.label}/"))


def test_the_page_of_the_next_session_offers_the_work_only_after_the_formulation_and_the_agreement(
    service, browser, course
) -> None:
    for number in range(1, 6):
        hold(service, course, number)
    saved(send(browser, course, "consent/", treatment="yes"))
    saved(send(browser, course, "intake/", diagnosis="Depression"))
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    hold(service, course, 6, ago=timedelta(0))
    before = text_of(browser.get(f"/courses/{course.label}/sessions/6/"))
    saved(send(browser, course, "formulation/", **a_formulation()))
    saved(send(browser, course, "contract/", agreed_how="spoken"))
    hold(service, course, 7, ago=timedelta(0))

    after = text_of(browser.get(f"/courses/{course.label}/sessions/7/"))

    for words in ("The formulation has not been shared yet", "Number of sessions and end date are not agreed yet"):
        assert words in before
        assert words not in after
