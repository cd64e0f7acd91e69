"""The pages of a flag: in words, with its three times; and for whoever it was passed on to, whom to reach now."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from one_course import CALM, DAY, MOST_QUERIES, mark, queries, raise_flag, signed_in, text_of, write

from openipt.accounts.models import Membership
from openipt.audit.models import AuditEvent
from openipt.casebook.models import Flag, FlagStep
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.flagging import hand_over_flag
from openipt.casebook.operations.saving import save_entry
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LEVELS = re.compile(r"\b(high|medium|low|no|moderate) risk\b|risk level|unlikely|\bpredict", re.IGNORECASE)
PLAN = {"made_with": "T-01", "emergency_number": "112"}


def page_of(course, flag: Flag) -> str:
    return f"/courses/{course.label}/flags/{flag.id}/"


def shown(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return " ".join(text_of(answer).split())


def times(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(Answered|Received|Seen)</dt><dd>(.*?)</dd>", page))


def test_a_flag_has_three_times_and_says_how_late_an_answer_came_in(browser, service, course) -> None:
    answered = timezone.now() - timedelta(hours=7)
    flag = raise_flag(service, course, happened_at=answered)

    page = shown(browser, page_of(course, flag))

    told = times(page)
    assert f"{answered:%H:%M}" in told["Answered"]
    assert "It was answered 7 hours before it came in" in told["Received"]
    assert "by T-01" in told["Seen"]  # whose task it is has seen it by opening it


def test_nobody_has_seen_what_only_somebody_else_opened(service, course) -> None:
    flag = raise_flag(service, course)
    colleague = signed_in(service, "T-02")
    take_charge(course, service.staff["T-02"].id, "assigned", service.at)

    assert "Not yet" in times(shown(colleague, page_of(course, flag)))["Seen"]


def test_the_deadline_stands_beside_what_the_service_promised(browser, service, course) -> None:
    flag = raise_flag(service, course)

    page = shown(browser, page_of(course, flag))

    assert "counted from when it was received" in page
    assert "This service answers Monday to Friday from 09:00 to 17:00." in page
    assert "“More than half the days”" in page
    assert "Spitzer" in page, "whose words the question is"
    assert not LEVELS.search(page)


TALK = {"thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False, "agreed": "Daily.", "by": "T-01"}


def talk(service, course) -> None:
    """A safety conversation of today that is on its sheet."""
    write(service, course, "safety-conversation", {"date": f"{timezone.now():%Y-%m-%d}", **TALK})


def outcome(browser, course, flag, **more):
    said = {**mark(), "what": "closed", "words": "ok"}
    return browser.post(page_of(course, flag) + "outcome/", said | more)


def test_settled_without_a_conversation_or_a_reason_is_kept_as_still_open(browser, service, course) -> None:
    flag = raise_flag(service, course)
    assert "This takes a safety conversation on a sheet since the answer" in shown(browser, page_of(course, flag))

    answer = outcome(browser, course, flag)

    assert (answer.status_code, answer.url) == (302, page_of(course, flag) + "?stays")
    page = shown(browser, answer.url)
    assert "What you wrote is kept, and it is still open" in page
    assert "Still open, with T-01" in page
    assert '<p class="said">ok</p>' in page
    assert "Write the outcome" in page


def test_a_nod_is_no_reason_and_what_was_typed_stays(browser, service, course) -> None:
    flag = raise_flag(service, course)

    answer = outcome(browser, course, flag, words="Rang her.", no_conversation="not needed")

    page = text_of(answer)
    assert (answer.status_code, "Write in a sentence why there was no safety conversation" in page) == (422, True)
    assert "Rang her." in page
    assert "not needed</textarea>" in page


def test_a_written_reason_settles_it_and_is_shown(browser, service, course) -> None:
    flag = raise_flag(service, course)

    assert outcome(browser, course, flag, no_conversation="She ticked it by mistake, and said so.").status_code == 302

    page = shown(browser, page_of(course, flag))
    assert "<b>Settled</b>" in page
    assert "She ticked it by mistake, and said so." in page


def test_the_tick_is_refused_where_no_sheet_is_there_with_the_way_to_write_it(browser, service, course) -> None:
    flag = raise_flag(service, course)

    refused = outcome(browser, course, flag, assessed="1", words="We spoke.")
    page = text_of(refused)
    assert (refused.status_code, "or later is on record. Write its sheet first" in page) == (422, True)
    assert "We spoke." in page
    assert f"/courses/{course.label}/fill/safety-conversation/" in page

    talk(service, course)
    assert outcome(browser, course, flag, assessed="1", words="We spoke.").status_code == 302


@pytest.mark.parametrize("what", ["closed", "open"])
def test_what_was_ticked_stands_in_what_happened_so_far(browser, service, course, what: str) -> None:
    flag = raise_flag(service, course)
    talk(service, course)
    day = timezone.now() + 2 * DAY

    outcome(browser, course, flag, what=what, assessed="1", supervisor="1", next_contact=f"{day:%Y-%m-%d}")

    page = shown(browser, page_of(course, flag)).partition("What happened so far")[2].partition("</ol>")[0]
    assert "<li>The supervisor was told.</li>" in page
    assert "what was said is on a safety conversation sheet" in page
    assert f"Next contact {day.day} {day:%B}" in page


# ---- where a flag is met first


def test_the_course_and_its_session_say_what_was_answered_and_until_when(browser, service, course) -> None:
    flag = raise_flag(service, course)
    due = f"Answer by {flag.due_at.day} {flag.due_at:%B, %H:%M}."

    page = shown(browser, f"/courses/{course.label}/")

    todo = page.partition('class="todo no-print"')[2]
    assert "question 9 was answered “More than half the days”" in todo
    assert due in todo
    assert todo.index(f"flags/{flag.id}/") < todo.index("sessions/new/")


def test_what_was_asked_alone_is_not_said_on_the_course(browser, service, course) -> None:
    write(service, course, "safety-conversation", {"date": f"{timezone.now():%Y-%m-%d}", **TALK, "intent": True})

    page = shown(browser, f"/courses/{course.label}/").partition('class="todo no-print"')[2]

    assert "an answer asked for a person. <b>Answer by" in page


def test_on_the_caseload_the_answer_due_first_stands_first_then_the_graver_one(browser, service, course) -> None:
    others = [service.begin(), service.begin()]
    due = timezone.now() + DAY
    some_days = write(service, others[0], "phq-9", CALM | {"q9": 1}).id
    for flag, until in (
        (raise_flag(service, course), due + DAY),
        (Flag.objects.get(entry=some_days), due),
        (raise_flag(service, others[1]), due),
    ):
        here = {"by": service.actor(), "at": timezone.now(), "to": service.staff["T-01"].id}
        hand_over_flag(**here, flag=flag.id, words="Tomorrow.", due_at=until)

    page = shown(browser, "/")

    places = [page.index(f'/courses/{one.label}/"') for one in (others[1], others[0], course)]
    assert places == sorted(places)
    assert f"Answer by {due.day} {due:%B, %H:%M}." in page


def tell(service, course, at) -> Flag:
    """The client presses "I need help now"."""
    saved = save_entry(
        by=service.actor(), at=at, enrolment=course.label, form="tell-therapist", answers={"asks_for": "help_now"}
    )
    return Flag.objects.get(entry=saved.id)


def test_on_the_caseload_each_answer_stands_beside_its_own_time_and_lateness_is_said(browser, service, course) -> None:
    pressed = tell(service, course, timezone.now() - DAY)
    answered = raise_flag(service, course)

    row = shown(browser, "/").partition('<li class="course">')[2]

    late = f"Overdue since {pressed.due_at.day} {pressed.due_at:%B, %H:%M}."
    places = [
        row.index(words)
        for words in (
            "The client pressed “I need help now”.",
            late,
            "question 9 was answered “More than half the days”",
            f"Answer by {answered.due_at.day} {answered.due_at:%B, %H:%M}.",
        )
    ]
    assert places == sorted(places)


def test_a_press_for_help_alone_stands_first_on_the_caseload(browser, service, course) -> None:
    tell(service, course, timezone.now())

    page = shown(browser, "/")

    assert "Needs you first" in page
    assert page.index("Needs you first") < page.index("The client pressed “I need help now”.")


def test_three_answers_stand_in_a_row_and_the_rest_are_counted(browser, service, course) -> None:
    for hours in range(4):
        tell(service, course, timezone.now() - hours * DAY / 24)
    raise_flag(service, course)

    row = shown(browser, "/").partition('<li class="course">')[2]

    assert row.count("I need help now") == 3
    assert "and 2 more" in row


def known(browser, course, flag, **more):
    said = {**mark(), "what": "known", "words": "We spoke alone.", "assessed": "1"}
    return browser.post(page_of(course, flag) + "outcome/", said | more)


def test_known_is_refused_by_the_operation_and_the_page_says_what_is_missing(browser, service, course) -> None:
    flag = raise_flag(service, course)
    soon = f"{timezone.now() + 20 * DAY:%Y-%m-%d}"

    without = known(browser, course, flag, review_by=soon, assessed="")
    assert (without.status_code, "No safety plan on record holds" in text_of(without)) == (422, True)
    write(service, course, "safety-plan", PLAN)
    talk(service, course)
    unspoken = known(browser, course, flag, review_by=soon, assessed="")
    assert (unspoken.status_code, "Known takes a conversation" in text_of(unspoken)) == (422, True)
    assert "We spoke alone." in text_of(unspoken)

    assert known(browser, course, flag, review_by=soon).status_code == 302


def test_a_known_flag_says_until_when_and_that_the_day_has_passed(browser, service, course, monkeypatch) -> None:
    flag = raise_flag(service, course)
    write(service, course, "safety-plan", PLAN)
    talk(service, course)
    known(browser, course, flag, review_by=f"{timezone.now() + 3 * DAY:%Y-%m-%d}")

    assert "Known until" in shown(browser, page_of(course, flag))
    assert "this day has passed" not in shown(browser, page_of(course, flag))
    later = timezone.now() + 9 * DAY
    monkeypatch.setattr("openipt.rooms.workspace.risk.flags.timezone", SimpleNamespace(now=lambda: later))
    assert "this day has passed" in shown(browser, page_of(course, flag))


def test_the_same_answer_again_stands_on_look_ahead_as_known_and_says_why_it_has_no_deadline(
    browser, service, course
) -> None:
    flag = raise_flag(service, course)
    write(service, course, "safety-plan", PLAN)
    talk(service, course)
    known(browser, course, flag, review_by=f"{timezone.now() + 20 * DAY:%Y-%m-%d}")
    again = raise_flag(service, course)
    assert again.state == "known"

    ahead = shown(browser, f"/courses/{course.label}/sessions/ahead/")
    row = shown(browser, "/").partition('<li class="course">')[2]

    assert "<b>To ask in the session.</b>" in ahead
    assert "as known; assessed before, and the safety plan is current." in ahead
    assert "It has no deadline and is nobody’s new task" in ahead
    assert "no outcome yet" not in row
    assert "It has no deadline" in shown(browser, page_of(course, again))


# ---- passed on upwards


@pytest.fixture
def escalated(service, course) -> Flag:
    """Nobody answered: the tick passed the flag on, first to the supervisor, then to whoever leads."""
    service.account("T-01")
    service.account("S-01", ("supervisor",))
    service.account("L-01", ("lead",))
    take_charge(course, service.staff["S-01"].id, "supervision", service.at)
    flag = raise_flag(service, course)
    for days in (5, 10):
        tick(timezone.now() + days * DAY)
    return flag


def test_the_tick_went_up_the_ladder(service, escalated) -> None:
    steps = FlagStep.objects.filter(flag=escalated, kind="passed_on").order_by("seq")
    assert [one.to for one in steps] == [service.staff["S-01"].id, service.staff["L-01"].id]


@pytest.mark.parametrize(("name", "roles"), [("S-01", ("supervisor",)), ("L-01", ("lead",))])
def test_whoever_it_was_passed_on_to_learns_who_it_is_what_was_answered_and_whom_to_reach(
    service, course, escalated, name, roles
) -> None:
    theirs = signed_in(service, name, roles)

    page = shown(theirs, page_of(course, escalated))

    assert "Robin: passed on to you" in page
    assert "“More than half the days”" in page
    assert "Reach one of these people now" in page
    assert "<b>T-01</b>, in charge" in page
    assert "Write the outcome" not in page
    assert not LEVELS.search(page)
    assert FlagStep.objects.filter(flag=escalated, kind="seen", by=service.staff[name].id).count() == 1
    assert AuditEvent.objects.filter(act="flag.open", by=str(service.staff[name].id)).exists()


def test_a_lead_opens_nothing_else_of_the_course_by_it(service, course, escalated) -> None:
    lead = signed_in(service, "L-01", ("lead",))

    for tail in ("", "safety/", "measures/", "flags/", "looks/"):
        assert lead.get(f"/courses/{course.label}/{tail}").status_code == 404
    assert lead.post(page_of(course, escalated) + "outcome/", mark()).status_code in (403, 404)


def test_a_flag_that_was_not_passed_on_to_them_does_not_exist_for_a_lead(service, course) -> None:
    flag = raise_flag(service, course)
    lead = signed_in(service, "L-01", ("lead",))

    theirs, missing = lead.get(page_of(course, flag)), lead.get(f"/courses/{course.label}/flags/nothing/")

    assert (theirs.status_code, missing.status_code) == (404, 404)


def test_a_lead_who_left_reads_nothing_any_more(service, course, escalated) -> None:
    lead = signed_in(service, "L-01", ("lead",))
    Membership.objects.filter(account=service.staff["L-01"]).update(until=timezone.now() - DAY)

    assert lead.get(page_of(course, escalated)).status_code in (302, 403, 404)


def test_both_pages_ask_few_questions(service, course, escalated) -> None:
    browser = signed_in(service, "T-01")  # the tick of another day had ended the sign-in of before
    lead = signed_in(service, "L-01", ("lead",))
    assert queries(browser, page_of(course, escalated)) <= MOST_QUERIES
    assert queries(lead, page_of(course, escalated)) <= MOST_QUERIES


@pytest.mark.parametrize("address", ["/", "/courses/{}/", "/courses/{}/flags/{}/"])
def test_where_a_flag_waits_the_pages_ask_few_questions(browser, service, course, address: str) -> None:
    flag = raise_flag(service, course)

    assert queries(browser, address.format(course.label, flag.id)) <= MOST_QUERIES
