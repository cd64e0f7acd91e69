"""A decision point is decided together: what is wanting is asked, what is still open is an answer, nothing is lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from running_courses import BACKEND, DAY, signed_in, text_of, with_scores

from openipt.casebook.models import Draft, Enrolment, Entry
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.therapy.course import recorded_decision, state
from openipt.therapy.manuals import open_manual

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 60 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


@pytest.fixture
def course(service: Service) -> Enrolment:
    """Four sessions on, hardly a change: less than hoped for at decision point 4."""
    return with_scores(service, 18, 17, 18, 17)


def address(course: Enrolment, point: str = "DP4") -> str:
    return f"/courses/{course.label}/decisions/{point}/"


def a_decision(**more: str) -> dict[str, str]:
    return {
        "_id": str(uuid4()),
        "_replaces": "",
        "action": "adjust",
        "client_says": "I do not know how else to do it.",
        "reason": "Much was explained, little was felt.",
        "changes": "Twice a week for four weeks\nStay with one evening",
        "seen": "1",
        **more,
    }


def decided(course: Enrolment, point: str = "DP4"):
    return recorded_decision(record(course), point)


def test_the_page_shows_how_it_goes_what_the_manual_offers_and_asks_for_the_clients_view(browser, course) -> None:
    page = text_of(browser.get(address(course)))

    assert "Less change than hoped for by now" in page
    assert "Life with people" in page
    assert "The client says" in page
    for option in ("Go on as agreed", "Adjust: focus, pace", "Add: evaluation", "Still open, handed over"):
        assert option in page


def test_the_story_leads_to_it_and_the_plain_sheet_stays(browser, course) -> None:
    story = browser.get(f"/courses/{course.label}/").content.decode()

    assert f'href="{address(course)}"' in story
    assert f'href="/courses/{course.label}/fill/decision-record/?point=DP4' in story


def test_all_four_things_that_a_decision_needs_are_named_from_the_start(browser, course) -> None:
    named = "It needs four things: what the client says to it, that you have seen it, the reason as you see it"

    assert named in text_of(browser.get(address(course)))
    assert named in text_of(browser.get(f"/courses/{course.label}/"))


def test_the_newest_score_stands_beside_what_was_found_when_the_point_fell_due(browser, course, service) -> None:
    at = timezone.now()
    save_entry(by=service.actor(), at=at, enrolment=course.label, form="phq-9", kind="total_only", total=9, answers={})

    for page in (address(course), f"/courses/{course.label}/"):
        assert f"It is now 9 ({at:%-d %B}), 50 % better than at the start." in text_of(browser.get(page))
    assert "Today: As hoped by now" in text_of(browser.get(address(course)))


def test_what_was_agreed_as_the_next_step_and_its_day_stand_on_the_story(browser, course) -> None:
    browser.post(address(course), a_decision(changes="Ask the doctor in two weeks"))
    story = text_of(browser.get(f"/courses/{course.label}/"))

    assert "Ask the doctor in two weeks" in story
    assert f"Written on {timezone.now():%-d %B %Y}." in story


def test_a_score_that_rose_is_said_at_the_top_of_the_story(browser, service) -> None:
    course = with_scores(service, 12, 11, 18)
    story = text_of(browser.get(f"/courses/{course.label}/"))

    assert "PHQ-9 rose to 18" in story
    assert story.index("PHQ-9 rose to 18") < story.index("Begin session")


def test_a_decision_is_kept_as_it_was_typed_and_changes_nothing_else(browser, course) -> None:
    before = record(course)
    answer = browser.post(address(course), a_decision())

    assert answer.status_code == 302
    said = decided(course).answers
    assert said["state"] == "off_track"
    assert said["action"] == "adjust"
    assert [row["text"] for row in said["changes"]] == ["Twice a week for four weeks", "Stay with one evening"]
    now = record(course)
    assert (now.manual, now.ended_on, len(now.sessions)) == (before.manual, before.ended_on, len(before.sessions))


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("seen", "Tick that you have seen how it goes."),
        ("reason", "Write the reason as you see it."),
        ("changes", "Write the next step."),
        ("client_says", "Write what the client says to it."),
        ("action", "Say what was decided"),
    ],
)
def test_less_change_than_hoped_for_asks_for_being_seen_a_reason_and_a_next_step(
    browser, course, left_out: str, words: str
) -> None:
    answer = browser.post(address(course), a_decision(**{left_out: ""}))

    assert answer.status_code == 422
    assert words in text_of(answer)
    if left_out != "client_says":
        assert "I do not know how else to do it." in text_of(answer)
    assert decided(course) is None


def test_still_open_and_handed_over_is_an_outcome_that_asks_for_nothing_but_whose_and_when(browser, course) -> None:
    now = timezone.now()
    open_still = a_decision(action="handed_over", client_says="", reason="", changes="", seen="")

    refused = browser.post(address(course), open_still)
    assert "Write in whose hands it is now." in text_of(refused)
    browser.post(
        address(course), {**open_still, "handed_over_to": "Dr Amal", "day": f"{now:%Y-%m-%d}", "time": "00:00"}
    )

    assert decided(course).answers["handed_over_to"] == "Dr Amal"
    assert decided(course).answers["handed_over_at"].startswith(f"{now:%Y-%m-%d}")


def test_sent_twice_it_is_one_decision(browser, course) -> None:
    typed = a_decision()

    assert browser.post(address(course), typed).status_code == 302
    assert browser.post(address(course), typed).status_code == 302

    assert Entry.objects.filter(form="decision-record").count() == 1


def test_of_two_tabs_the_second_is_told_and_both_are_kept(browser, course) -> None:
    browser.post(address(course), a_decision())
    second = browser.post(address(course), a_decision(client_says="Something else altogether."))

    assert second.status_code == 409
    assert "Something else altogether." in text_of(second)
    assert "I do not know how else to do it." in text_of(second)
    assert Entry.objects.filter(form="decision-record").count() == 1
    assert Draft.objects.filter(form="decision-record", conflicts_with__isnull=False).count() == 1

    again = re.search(r'name="_replaces" value="([^"]+)"', second.content.decode())[1]
    made = re.search(r'name="_id" value="([^"]+)"', second.content.decode())[1]
    browser.post(address(course), a_decision(client_says="Something else altogether.", _replaces=again, _id=made))
    assert decided(course).answers["client_says"] == "Something else altogether."
    assert Entry.objects.filter(form="decision-record").count() == 2


def test_a_rise_that_was_seen_once_is_confirmed_here_and_is_worse_from_then_on(browser, service) -> None:
    course = with_scores(service, 12, 10, 11, 20)
    manual, today = open_manual("ipt-classic"), (service.at + 21 * DAY).date()
    assert state(manual, record(course), today).id != "worse"
    assert "rose once" in text_of(browser.get(address(course)))

    browser.post(address(course), a_decision(confirmed="1"))

    said = decided(course).answers
    assert (said["state"], said["confirmed_worse"]) == ("worse", True)
    assert state(manual, record(course), timezone.now().date()).id == "worse"


def test_where_nothing_rose_nothing_is_offered_to_confirm(browser, course) -> None:
    assert "rose once" not in text_of(browser.get(address(course)))


def test_a_sign_in_that_runs_out_loses_nothing(service, course) -> None:
    browser = signed_in(service, "T-01")
    mark = re.search(r'name="_for" value="([^"]+)"', browser.get(address(course)).content.decode())[1]
    browser.logout()

    gone = browser.post(address(course), a_decision(_for=mark, client_says="Only this once."))
    assert gone.status_code == 403
    browser.force_login(service.staff["T-01"], backend=BACKEND)

    assert "Only this once." in text_of(browser.get(address(course)))


def test_a_point_the_manual_does_not_have_is_not_there(browser, course) -> None:
    assert browser.get(address(course, "DP99")).status_code == 404


def test_whoever_has_nothing_to_do_with_the_course_learns_nothing(service, course) -> None:
    outsider = signed_in(service, "T-99")

    for path in ("decisions/DP4/", "review/"):
        assert outsider.get(f"/courses/{course.label}/{path}").status_code == 404
        assert outsider.post(f"/courses/{course.label}/{path}", a_decision()).status_code == 404


def test_a_supervisor_gets_no_page_to_write_on(service, course) -> None:
    watching = service.account("S-01", ("supervisor",))
    take_charge(course, watching.id, "supervision", service.at)

    assert signed_in(service, "S-01", ("supervisor",)).get(address(course)).status_code == 403


# ---- the review half-way ----


def test_the_review_keeps_words_markers_and_goals_in_one_act(browser, service, course) -> None:
    how = {"by": service.actor(), "at": service.at, "enrolment": course.label}
    save_entry(**how, form="formulation", answers={"area_primary": "PA_DISPUTE", "client_fit": 8})
    goal = begin_thing(**how, kind="goal")
    said = {"scope": "self", "statement": "Say no once", "baseline": 2, "target": 7}
    save_entry(**how, form="goals-and-boundaries", answers=said, about=goal)
    page = browser.get(f"/courses/{course.label}/review/")
    assert "The message is" in text_of(page) or "Progress markers" in text_of(page)

    typed = {"_id": str(uuid4()), "client_says": "It is calmer.", "focus_fits": "yes", "goal_1": "5"}
    marker = open_manual("ipt-classic").area("PA_DISPUTE").markers[0].id
    assert browser.post(f"/courses/{course.label}/review/", {**typed, f"marker_{marker}": "3"}).status_code == 302

    known = record(course)
    assert known.says("mid-review")["client_says"] == "It is calmer."
    assert known.says("area-markers")["markers"] == [{"id": marker, "value": 3}]
    assert known.says("goals-and-boundaries", goal)["ratings"] == [{"session": 4, "value": 5}]


def test_a_review_without_the_clients_own_view_asks_for_it(browser, course) -> None:
    answer = browser.post(f"/courses/{course.label}/review/", {"_id": str(uuid4()), "next": "Go on with the talk"})

    assert answer.status_code == 422
    assert "Write what the client says to it." in text_of(answer)
    assert "Go on with the talk" in text_of(answer)
