"""The workspace takes down what a therapist writes: a course, a session, its card, its note, the outcome of a flag.

Whatever is typed wrong comes back with words beside it and everything else as it was; whatever is sent twice is there
once; whoever has nothing to do with a course learns nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Draft, Enrolment, Entry, Flag, Thing
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.flagging import answer_flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.flags import flag_told
from openipt.casebook.queries.record import record
from openipt.therapy.record import session_sheet, step_after

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DAY = timedelta(days=1)
IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}
NEVER = re.compile(r"high risk|low risk|medium risk|no risk|risk level|\bfailed\b", re.IGNORECASE)
BACKEND = "openipt.accounts.backend.Backend"


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 30 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def signed_in(service: Service, name: str, **more) -> Client:
    client = Client(HTTP_HOST="localhost", **more)
    client.force_login(service.account(name), backend=BACKEND)
    return client


@pytest.fixture
def course(service: Service, browser: Client) -> Enrolment:
    return service.begin()


def sessions_of(course: Enrolment):
    return record(course).sessions


def today() -> str:
    return f"{timezone.now():%Y-%m-%d}"


def a_session(**more) -> dict[str, str]:
    """What the page to begin a session sends."""
    moment = timezone.now() - timedelta(minutes=50)
    when = {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}
    return {"_id": str(uuid4()), **when, "kind": "attended", "minutes": "50", "modality": "in_person", **more}


def begun(browser: Client, course: Enrolment, **more) -> str:
    """A session that was begun on its page; its label."""
    answer = browser.post(f"/courses/{course.label}/sessions/new/", a_session(**more))
    assert answer.status_code == 302, answer.content.decode()
    return sessions_of(course)[-1].id


def a_card(**more) -> dict[str, object]:
    """What the After card sends."""
    return {
        "_id": str(uuid4()),
        "_replaces": "",
        "mood": "4",
        "mood_event_link": "Mood 4; the quarrel on Wednesday.",
        "tasks": ["INI.01", "INI.14"],
        "techniques": ["T_AFFECT"],
        "feelings": ["anger"],
        "safety_asked": "yes",
        "_step_text": "Ask Lena to come on Sunday",
        "next_date.day": "2026-11-30",
        "next_date.time": "17:00",
        "_then": "",
        **more,
    }


def text_of(answer) -> str:
    page = re.sub(r"<(style|script)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# ---- a new client ----


def a_client(**more) -> dict[str, str]:
    return {"_id": str(uuid4()), "called": "Robin", "age": "34", "pronouns": "she/her", "began_on": today()} | {
        "manual": "ipt-classic",
        "_do": "begin",
        **more,
    }


def test_a_course_begins_after_the_manuals_own_questions(browser: Client, service: Service) -> None:
    asked = browser.post("/courses/new/", a_client(_do="ask"))
    assert "Another treatment is the first choice, if" in text_of(asked)
    assert not Enrolment.objects.exists()

    begun = browser.post("/courses/new/", a_client(rule_psychosis="no", rule_ptsd="unsure"))

    course = Enrolment.objects.get()
    assert begun["Location"] == f"/courses/{course.label}/"
    known = record(course)
    assert (known.manual, known.age, known.pronouns) == ("ipt-classic", 34, "she/her")
    assert known.says("intake")["alias"] == "Robin"
    answers = known.says("eligibility-check")["answers"]
    assert answers == [{"rule": "psychosis", "answer": "no"}, {"rule": "ptsd", "answer": "unsure"}]


def test_that_another_treatment_is_the_first_choice_is_said_before_a_course_begins(browser, service) -> None:
    refused = browser.post("/courses/new/", a_client(rule_ptsd="yes"))

    assert refused.status_code == 422
    assert "Say it to the client first" in text_of(refused)
    assert not Enrolment.objects.exists()
    why = "I want to begin with what is between me and my brother."
    assert browser.post("/courses/new/", a_client(rule_ptsd="yes", told_elsewhere="1", chosen_because=why))
    said = record(Enrolment.objects.get()).says("eligibility-check")
    assert (said["told_elsewhere"], said["chosen_because"]) == (True, why)


def test_a_client_sent_twice_is_one_client(browser: Client, service: Service) -> None:
    page = a_client()

    answers = [browser.post("/courses/new/", page) for _ in range(2)]

    assert Enrolment.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"called": "  "}, "Write what the client is called"),
        ({"called": "x" * 61}, "Up to 60 characters"),
        ({"manual": "ipt-none"}, "not one of the answers"),
        ({"manual": ""}, "Choose a treatment"),
        ({"age": "-3"}, "a whole number from 5 to 120"),
        ({"began_on": "tomorrow"}, "Write the day as 2025-10-27"),
        ({"rule_ptsd": "perhaps"}, "not one of the answers"),
        ({"called": "Ro\0bin"}, "cannot be kept"),
    ],
)
def test_a_course_that_cannot_begin_says_why_and_keeps_what_was_typed(browser, service, wrong, words) -> None:
    answer = browser.post("/courses/new/", a_client(**wrong))

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "she/her" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_in_a_service_of_invented_people_the_page_says_so(browser: Client, service: Service) -> None:
    assert "Only invented people here" in text_of(browser.get("/courses/new/"))


def test_a_course_moves_to_another_manual_with_a_reason_and_what_changes_is_shown(browser, course) -> None:
    address = f"/courses/{course.label}/move/"
    assert "What would change" in text_of(browser.get(address + "?to=ipt-phone"))
    assert browser.post(address, {"to": "ipt-phone", "why": " "}).status_code == 422
    assert record(course).manual == "ipt-classic"

    for _ in range(2):
        assert browser.post(address, {"to": "ipt-phone", "why": "She moved away."}).status_code == 302

    assert record(course).manual == "ipt-phone"
    assert Entry.objects.filter(form="course-sheet").count() == 2


# ---- a session ----


def test_a_session_begins_and_its_page_opens(browser: Client, course: Enrolment) -> None:
    page = a_session()

    answers = [browser.post(f"/courses/{course.label}/sessions/new/", page) for _ in range(2)]  # sent twice

    [met] = sessions_of(course)
    assert (met.number, met.kind, met.minutes) == (1, "attended", 50)
    assert met.id == page["_id"]
    assert {answer["Location"].partition("?")[0] for answer in answers} == {
        f"/courses/{course.label}/meetings/{met.id}/"
    }
    assert "session 1 of 16" in text_of(browser.get(f"/courses/{course.label}/sessions/1/"))


def test_the_next_number_follows_what_was_used(browser: Client, course: Enrolment) -> None:
    begun(browser, course, kind="double")
    browser.post(f"/courses/{course.label}/sessions/missed/", a_session(kind="no_show", reason="Ill"))
    begun(browser, course)

    assert sorted(met.number for met in sessions_of(course)) == [0, 1, 3]  # a double session is two of the contract


def test_that_nobody_met_takes_the_reason_and_a_button(browser: Client, course: Enrolment) -> None:
    answer = browser.post(
        f"/courses/{course.label}/sessions/missed/",
        a_session(kind="late_cancel", reason="Work", own_words="Night shift"),
    )

    [met] = sessions_of(course)
    assert answer.status_code == 302
    assert (met.kind, met.attended, met.uses) == ("late_cancel", False, 0)
    story = text_of(browser.get(f"/courses/{course.label}/"))
    assert "Work Night shift" in story
    assert "Start session 1" in story


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2026-02-31"}, "Write the day as"),
        ({"time": "25:61"}, "Write the time as"),
        ({"day": "2199-01-01"}, "This takes a day"),
        ({"kind": "walked_out"}, "not one of the answers"),
        ({"kind": ""}, "Say which kind"),
        ({"minutes": "fifty"}, "a whole number from 0 to 600"),
        ({"modality": "by owl"}, "not one of the answers"),
    ],
)
def test_a_session_that_cannot_begin_says_why_and_keeps_what_was_typed(browser, course, wrong, words) -> None:
    answer = browser.post(f"/courses/{course.label}/sessions/new/", a_session(**wrong))

    assert answer.status_code == 422
    assert words in text_of(answer)
    for text in wrong.values():
        assert not text or text in answer.content.decode()
    assert not sessions_of(course)


def test_a_session_changes_by_a_new_version_of_its_sheet(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)

    answer = browser.post(
        f"/courses/{course.label}/meetings/{label}/amend/", a_session(kind="phone_check", minutes="10")
    )

    assert answer.status_code == 302
    [met] = sessions_of(course)
    assert (met.kind, met.uses, met.number, met.minutes) == ("phone_check", 0, 0, 10)
    assert Entry.objects.filter(form="session-sheet").count() == 2
    assert "telephone check" in text_of(browser.get(f"/courses/{course.label}/meetings/{label}/")).lower()


# ---- the card ----


def test_the_card_is_in_the_record_and_on_the_page_and_in_the_drafted_note(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)

    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())

    assert answer["Location"] == f"/courses/{course.label}/sessions/1/?told=saved#h-after"
    known = record(course)
    [met] = known.sessions
    said = session_sheet(known, met)
    assert (said["mood"], said["tasks"], said["safety_asked"]) == (4, ["INI.01", "INI.14"], True)
    assert said["next_date"] == "2026-11-30T17:00"
    assert step_after(known, met).answers["text"] == "Ask Lena to come on Sunday"
    page = text_of(browser.get(f"/courses/{course.label}/sessions/1/"))
    assert "Ask Lena to come on Sunday" in page
    assert "In the record." in text_of(browser.get(answer["Location"]))


def test_the_card_sent_twice_is_there_once(browser: Client, course: Enrolment) -> None:
    label, page = begun(browser, course), a_card()

    for _ in range(2):
        assert browser.post(f"/courses/{course.label}/meetings/{label}/after/", page).status_code == 302

    assert Entry.objects.filter(form="session-record").count() == 1
    assert Thing.objects.filter(kind="step").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"mood": "11"}, "goes from 0 to 10; you wrote “11”"),
        ({"tasks": ["XYZ.99"]}, "not one of the answers"),
        ({"mood_event_link": "x" * 4001}, "4,000 characters"),
        ({"next_date.day": "soon"}, "a day and a time"),
        ({"_step_text": "y" * 4001}, "4,000 characters"),
        ({"_step_person": "P99"}, "not one of the answers"),
        ({"favourite_colour": "blue"}, "does not ask for it"),
        ({"mood_event_link": "a\0b"}, "cannot be kept"),
        ({"_id": "none"}, "After the session"),
    ],
)
def test_a_card_that_cannot_be_taken_comes_back_whole(browser, course, wrong, words) -> None:
    label = begun(browser, course)

    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(**wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in text_of(answer)
    if "_step_text" not in wrong:
        assert "Ask Lena to come on Sunday" in page
    assert re.search(r'name="tasks" value="INI.14" checked', page) or "tasks" in wrong
    assert not Entry.objects.filter(form="session-record").exists()


def test_the_card_is_changed_and_what_is_not_on_it_stays(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    said = {"mood": 4, "phase": "initial", "opener_first": "event_first"}
    saved = save_entry(
        by=actor(course), at=timezone.now(), enrolment=course.label, form="session-record", answers=said, about=label
    )

    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(mood="6", _replaces=str(saved.id)))

    known = record(course)
    now = session_sheet(known, known.sessions[0])
    assert (now["mood"], now["phase"], now["opener_first"]) == (6, "initial", "event_first")


def actor(course: Enrolment):
    from openipt.accounts.actors import actor_of
    from openipt.accounts.models import Account

    return actor_of(Account.objects.get(name="T-01"), timezone.now())


def test_of_two_tabs_the_second_keeps_everything_and_says_who_was_first(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/after/"
    browser.post(address, a_card(mood="4"))

    second = browser.post(address, a_card(mood="7", _step_text="Ring Rui"))

    assert second.status_code == 409
    assert "Somebody was faster" in text_of(second)
    assert "Ring Rui" in second.content.decode()
    assert "Not yet handed in" in text_of(browser.get(f"/courses/{course.label}/"))
    marks = {
        name: re.search(rf'name="{name}" value="([^"]+)"', second.content.decode())[1] for name in ("_id", "_replaces")
    }
    assert browser.post(address, a_card(mood="7", _step_text="Ring Rui", **marks)).status_code == 302
    known = record(course)
    assert session_sheet(known, known.sessions[0])["mood"] == 7


def test_what_is_typed_is_kept_as_a_draft_and_is_there_again(browser: Client, course: Enrolment) -> None:
    label, page = begun(browser, course), a_card(mood="8", _step_text="Write to Rui")
    address = f"/courses/{course.label}/meetings/{label}/"

    kept = browser.post(address + "draft/", page)

    assert re.fullmatch(r"\d\d:\d\d", kept.json()["kept"])
    again = browser.get(address).content.decode()
    assert "Write to Rui" in again
    assert re.search(r'value="8" checked', again)
    assert "Session record" in text_of(browser.get(f"/courses/{course.label}/"))  # not yet handed in
    browser.post(address + "after/", page)
    assert not Draft.objects.exists()
    assert browser.post(address + "draft/", page).json()["handed_in"] is True


def test_a_draft_can_be_thrown_away_and_is_nobody_elses(browser: Client, course: Enrolment, service: Service) -> None:
    label, page = begun(browser, course), a_card(_step_text="Write to Rui")
    address = f"/courses/{course.label}/meetings/{label}/"
    browser.post(address + "draft/", page)
    take_charge(course, service.account("T-02").id, "cover", service.at)

    other = signed_in(service, "T-02")
    assert "Write to Rui" not in other.get(address).content.decode()
    other.post(address + "drop/", page)
    assert Draft.objects.count() == 1
    browser.post(address + "drop/", page)
    assert not Draft.objects.exists()


# ---- the note ----


def test_the_note_is_drafted_signed_added_to_and_taken_along_as_plain_text(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note"
    assert "Unsigned note" in text_of(browser.get(f"/courses/{course.label}/"))
    assert "Work. Done: " in text_of(browser.get(address + "/"))
    assert browser.get(address + ".txt").content.decode().startswith("DRAFT, NOT SIGNED")

    for _ in range(2):
        assert browser.post(address + "/sign/", {"text": "Session 1.\r\nDone: intake."}).status_code == 302
    added = {"_id": str(uuid4()), "addendum": "The doctor rang back."}
    for _ in range(2):
        assert browser.post(address + "/add/", added).status_code == 302

    plain = browser.get(address + ".txt")
    assert plain["Content-Type"] == "text/plain; charset=utf-8"
    text = plain.content.decode()
    assert "Session 1.\nDone: intake." in text
    assert text.count("The doctor rang back.") == 1
    assert "Signed by T-01" in text
    assert "Unsigned note" not in text_of(browser.get(f"/courses/{course.label}/"))


def test_names_and_the_clients_words_enter_the_note_by_a_tap(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"

    assert "the quarrel on Wednesday" not in text_of(browser.get(address))
    assert "the quarrel on Wednesday" in text_of(browser.get(address + "?words=1"))


def test_a_note_signed_in_another_tab_stands_and_nothing_typed_is_lost(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/note/"
    browser.post(address + "sign/", {"text": "As it was."})

    second = browser.post(address + "sign/", {"text": "As I saw it later."})

    assert second.status_code == 409
    assert "signed meanwhile" in text_of(second)
    assert "As I saw it later." in second.content.decode()
    assert Entry.objects.filter(form="session-note").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "a\0b"])
def test_a_note_that_cannot_be_signed_says_why(browser: Client, course: Enrolment, text: str) -> None:
    label = begun(browser, course)

    answer = browser.post(f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": text})

    assert answer.status_code == 422
    assert not Entry.objects.filter(form="session-note").exists()


# ---- flags ----


@pytest.fixture
def flag(service: Service, course: Enrolment) -> Flag:
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="phq-9", answers=IN_DANGER)
    return Flag.objects.get()


def outcome(**more) -> dict[str, str]:
    return {"_id": str(uuid4()), "words": "Asked alone. No plan, no intent.", "what": "closed", **more}


def test_the_page_of_a_flag_says_what_was_answered_in_its_own_words_and_whose_task_it_is(browser, course, flag) -> None:
    page = text_of(browser.get(f"/courses/{course.label}/flags/{flag.id}/"))

    assert "was answered “More than half the days”" in page
    assert "Yours" in page
    assert "within four hours" in page
    assert not NEVER.search(page)
    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert [step.kind for step in told.steps] == ["seen"]


def test_somebody_elses_look_is_not_the_owners(service: Service, course, flag) -> None:
    take_charge(course, service.account("T-02").id, "assigned", service.at)

    signed_in(service, "T-02").get(f"/courses/{course.label}/flags/{flag.id}/")

    assert flag_told(actor(course), course.label, str(flag.id), timezone.now()).steps == ()


def test_an_outcome_is_written_once_and_closes_the_flag(browser: Client, course, flag) -> None:
    address, page = f"/courses/{course.label}/flags/{flag.id}/", outcome(supervisor="1", next_contact=today())
    page["no_conversation"] = "It was asked at once on the telephone."

    for _ in range(2):
        assert browser.post(address + "outcome/", page).status_code == 302

    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert (told.state, told.waits) == ("closed", False)
    assert [step.words for step in told.steps] == ["Asked alone. No plan, no intent."]
    assert "Asked alone. No plan, no intent." in text_of(browser.get(address))


def test_still_open_is_always_an_answer(browser: Client, course, flag) -> None:
    browser.post(f"/courses/{course.label}/flags/{flag.id}/outcome/", outcome(what="open", words="Rang twice."))

    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert (told.waits, told.owner_name, told.due_at) == (True, "T-01", flag.due_at)
    assert "Still open" in text_of(browser.get(f"/courses/{course.label}/flags/{flag.id}/"))


def test_known_asks_for_a_plan_that_holds_and_for_a_day_within_four_weeks(browser, service, course, flag) -> None:
    address = f"/courses/{course.label}/flags/{flag.id}/outcome/"
    soon, late = (f"{timezone.now() + n * DAY:%Y-%m-%d}" for n in (20, 40))

    without = browser.post(address, outcome(what="known", review_by=soon))
    assert (without.status_code, "No safety plan on record holds" in text_of(without)) == (422, True)
    plan = {"made_with": "T-01", "review_by": soon, "emergency_number": "112"}
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="safety-plan", answers=plan)
    talk = {"date": today(), "thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False}
    talk |= {"agreed": "She rings every day.", "by": "T-01"}
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="safety-conversation", answers=talk)
    too_late = browser.post(address, outcome(what="known", review_by=late))
    assert (too_late.status_code, "This takes a day from" in text_of(too_late)) == (422, True)
    assert browser.post(address, outcome(what="known", review_by=soon, assessed="1")).status_code == 302

    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert (told.state, told.steps[-1].review_by) == ("known", soon)


def test_a_flag_is_handed_to_a_colleague_who_can_then_open_the_course(browser, service, course, flag) -> None:
    other = service.account("T-02")
    colleague = signed_in(service, "T-02")
    address = f"/courses/{course.label}/flags/{flag.id}/"
    due = timezone.now() + timedelta(hours=2)
    page = {"_id": str(uuid4()), "to": str(other.id), "hand_words": "I am in session until six."}
    page |= {"due_day": f"{due:%Y-%m-%d}", "due_time": f"{due:%H:%M}"}
    assert colleague.get(address).status_code == 404

    for _ in range(2):
        assert browser.post(address + "hand-over/", page).status_code == 302

    seen = text_of(colleague.get(address))
    assert "Yours" in seen
    assert "I am in session until six." in seen
    assert colleague.post(address + "outcome/", outcome()).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to": ""}, "Choose a colleague"),
        ({"to": str(uuid4())}, "not one of the answers"),
        ({"hand_words": ""}, "Write what was done so far"),
        ({"due_day": "2001-01-01"}, "This takes a day from"),
        ({"due_time": "noonish"}, "Write the time as"),
    ],
)
def test_a_flag_that_cannot_be_handed_over_stays_and_says_why(browser, service, course, flag, wrong, words) -> None:
    other = service.account("T-02")
    due = timezone.now() + timedelta(hours=2)
    page = {"to": str(other.id), "hand_words": "Please ring.", "due_day": f"{due:%Y-%m-%d}", "due_time": f"{due:%H:%M}"}

    answer = browser.post(f"/courses/{course.label}/flags/{flag.id}/hand-over/", page | wrong)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert flag_told(actor(course), course.label, str(flag.id), timezone.now()).owner_name == "T-01"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"words": " "}, "Write in a sentence or two"),
        ({"words": "x" * 4001}, "Up to 4,000 characters"),
        ({"what": ""}, "Say how it stands now"),
        ({"what": "gone"}, "not one of the answers"),
        ({"next_contact": "soon"}, "Write the day as"),
    ],
)
def test_an_outcome_that_cannot_be_taken_says_why_and_keeps_the_words(browser, course, flag, wrong, words) -> None:
    answer = browser.post(f"/courses/{course.label}/flags/{flag.id}/outcome/", outcome(**wrong))

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "words" in wrong or "Asked alone. No plan, no intent." in answer.content.decode()


def test_a_page_used_twice_for_different_words_loses_neither(browser, course, flag) -> None:
    address, mark = f"/courses/{course.label}/flags/{flag.id}/outcome/", str(uuid4())
    browser.post(address, outcome(_id=mark, what="open", words="Rang, no answer."))

    answer = browser.post(address, outcome(_id=mark, what="open", words="Rang again, spoke with her."))

    assert answer.status_code == 409
    assert "Rang, no answer." in text_of(answer)
    assert "Rang again, spoke with her." in answer.content.decode()


def test_what_waits_is_linked_from_the_caseload_and_the_course_and_says_when_its_time_has_passed(
    browser, service, course
) -> None:
    long_ago = timezone.now() - 5 * DAY
    save_entry(by=service.actor(), at=long_ago, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    flag = Flag.objects.get()

    assert f"/courses/{course.label}/flags/" in browser.get("/").content.decode()
    assert f"/courses/{course.label}/flags/{flag.id}/" in browser.get(f"/courses/{course.label}/").content.decode()
    assert "This time has passed" in text_of(browser.get(f"/courses/{course.label}/flags/{flag.id}/"))
    assert "its time passed" in text_of(browser.get(f"/courses/{course.label}/flags/"))


# ---- every door ----


def addresses(course: Enrolment, label: str, flag: Flag) -> list[tuple[str, str, dict[str, object]]]:
    """Every address that writes, and every page to write on: method, address, what it is sent."""
    one, met = f"/courses/{course.label}/", f"/courses/{course.label}/meetings/{label}/"
    return [
        ("get", one + "sessions/new/", {}),
        ("post", one + "sessions/new/", a_session()),
        ("get", one + "sessions/missed/", {}),
        ("post", one + "sessions/missed/", a_session(kind="no_show")),
        ("get", one + "move/", {}),
        ("post", one + "move/", {"to": "ipt-phone", "why": "Away."}),
        ("get", met, {}),
        ("post", met + "after/", a_card()),
        ("post", met + "draft/", a_card()),
        ("post", met + "drop/", a_card()),
        ("get", met + "amend/", {}),
        ("post", met + "amend/", a_session(kind="joint")),
        ("get", met + "note/", {}),
        ("post", met + "note/sign/", {"text": "Mine."}),
        ("post", met + "note/add/", {"addendum": "Mine."}),
        ("get", met + "note.txt", {}),
        ("get", one + "flags/", {}),
        ("get", one + f"flags/{flag.id}/", {}),
        ("post", one + f"flags/{flag.id}/outcome/", outcome()),
        ("post", one + f"flags/{flag.id}/hand-over/", {"to": str(uuid4())}),
    ]


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Enrolment, Entry, Thing, Draft))


def test_the_outsider_meets_nothing_at_any_address(browser, service, course, flag) -> None:
    label, outsider = begun(browser, course), signed_in(service, "T-99")
    before = rows()

    for method, address, sent in addresses(course, label, flag):
        theirs = getattr(outsider, method)(address, sent)
        missing = getattr(outsider, method)(address.replace(course.label, "K-NOBODY"), sent)
        assert (theirs.status_code, missing.status_code) == (404, 404), address

    assert rows() == before


def test_a_reader_may_not_write(browser, service, course, flag) -> None:
    label, watching = begun(browser, course), service.account("S-01", ("supervisor",))
    take_charge(course, watching.id, "supervision", service.at)
    reader = signed_in(service, "S-01")
    before = rows()

    for method, address, sent in addresses(course, label, flag):
        if method == "post":
            assert getattr(reader, method)(address, sent).status_code in (302, 403, 404, 422), address
    assert reader.get("/courses/new/").status_code == 403
    assert reader.post("/courses/new/", a_client()).status_code == 403

    assert rows() == before
    assert flag_told(actor(course), course.label, str(flag.id), timezone.now()).waits


def test_without_the_token_of_the_page_nothing_is_written(service, browser, course, flag) -> None:
    label, strict = begun(browser, course), signed_in(service, "T-01", enforce_csrf_checks=True)
    before = rows()

    for method, address, sent in addresses(course, label, flag):
        if method == "post":
            assert strict.post(address, sent).status_code == 403, address

    assert rows() == before


def test_an_address_that_writes_is_not_written_by_looking_at_it(browser, course, flag) -> None:
    label = begun(browser, course)
    posted = {address for method, address, _ in addresses(course, label, flag) if method == "post"}
    read = {address for method, address, _ in addresses(course, label, flag) if method == "get"}

    before = rows()

    for address in posted - read:
        # Looked at, an address that takes words leads to its page: whoever has to sign in again comes by here.
        expected = 302 if address.endswith(("/after/", "/sign/", "/add/", "/outcome/", "/hand-over/")) else 405
        assert browser.get(address).status_code == expected, address
    assert rows() == before


@pytest.mark.parametrize("size", [100_000, 2_000_000, 6_000_000])
def test_very_much_text_is_refused_in_words_and_never_breaks_the_page(browser, course, flag, size: int) -> None:
    label = begun(browser, course)
    much = "x" * size
    for address, sent in (
        (f"/courses/{course.label}/meetings/{label}/after/", a_card(mood_event_link=much)),
        (f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": much}),
        (f"/courses/{course.label}/flags/{flag.id}/outcome/", outcome(words=much)),
        (f"/courses/{course.label}/sessions/missed/", a_session(kind="no_show", own_words=much)),
        ("/courses/new/", a_client(called=much)),
    ):
        assert browser.post(address, sent).status_code in (400, 413, 422), address


@pytest.mark.parametrize("broken", ["%ED%A0%80", "%FF%FE", "%00"])
def test_characters_that_no_text_has_never_break_the_page(browser, course, flag, broken: str) -> None:
    label = begun(browser, course)
    plain = "application/x-www-form-urlencoded"
    for address, body in (
        (f"/courses/{course.label}/meetings/{label}/after/", f"_id={uuid4()}&mood_event_link={broken}&tasks={broken}"),
        (f"/courses/{course.label}/meetings/{label}/draft/", f"_id={uuid4()}&mood_event_link={broken}"),
        (f"/courses/{course.label}/meetings/{label}/note/sign/", f"text={broken}"),
        (f"/courses/{course.label}/flags/{flag.id}/outcome/", f"_id={uuid4()}&what=closed&words={broken}"),
        (f"/courses/{course.label}/sessions/new/", f"day={broken}&time={broken}&kind={broken}"),
        ("/courses/new/", f"called={broken}&manual={broken}"),
    ):
        assert browser.post(address, body, content_type=plain).status_code < 500, address


def test_no_page_here_calls_anybody_a_risk(browser, course, flag, service) -> None:
    label = begun(browser, course)
    answer_flag(
        by=service.actor(),
        at=timezone.now(),
        flag=flag.id,
        words="Spoken.",
        closes=True,
        no_conversation="Rung at once: ticked by mistake.",
    )
    for method, address, _ in addresses(course, label, flag):
        if method == "get":
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert not NEVER.search(text_of(answer)), address


# ---- what a therapist with fresh eyes found ----


def test_what_was_edited_in_a_note_is_there_again_and_another_draft_stands_beside_it(browser, course) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"
    page = browser.get(address).content.decode()
    marks = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("_id", "_drafted")}

    sent = browser.post(address + "sign/", {**marks, "text": "My own words.", "_then": "words"})  # no script

    assert sent["Location"] == address + "?words=1"
    beside = browser.get(sent["Location"]).content.decode()
    assert re.search(r'name="text"[^>]*>My own words\.</textarea>', beside)
    assert "The other draft" in beside
    assert "the quarrel on Wednesday" in beside
    assert re.search(r'name="text"[^>]*>My own words\.</textarea>', browser.get(address).content.decode())
    assert not Entry.objects.filter(form="session-note").exists()
    browser.post(address + "drop/", {"_id": marks["_id"], "_drafting": "words"})
    assert "My own words." not in browser.get(address).content.decode()


def test_a_draft_that_nobody_changed_gives_way_to_the_one_asked_for(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"
    page = browser.get(address).content.decode()
    text = re.search(r'name="text"[^>]*>([^<]*)</textarea>', page)[1]
    marks = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("_id", "_drafted")}

    sent = browser.post(address + "sign/", {**marks, "text": unescape(text).replace("\n", "\r\n"), "_then": "words"})

    shown = browser.get(sent["Location"]).content.decode()
    assert "The other draft" not in shown
    assert "the quarrel on Wednesday" in re.search(r'name="text"[^>]*>([^<]*)</textarea>', shown)[1]
    assert not Draft.objects.filter(form="session-note").exists()


def test_nothing_is_marked_as_done_by_habit_and_one_tap_marks_what_was_offered(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/sessions/1/"
    assert not re.findall(r'name="tasks" value="[^"]+" checked', browser.get(address).content.decode())

    marked = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(_then="all", tasks=[]))

    assert marked.status_code == 200
    offered = re.search(r'data-tick="([^"]+)"', marked.content.decode())[1].split()
    assert offered == list(dict.fromkeys(re.findall(r'name="tasks" value="([^"]+)" checked', marked.content.decode())))
    assert not Entry.objects.filter(form="session-record").exists()


def test_a_corrected_card_changes_the_page_and_a_signed_note_says_that_it_is_older(browser, course) -> None:
    label = begun(browser, course)
    card, address = f"/courses/{course.label}/meetings/{label}/after/", f"/courses/{course.label}/sessions/1/"
    first = a_card(tasks=["INI.01"])
    browser.post(card, first)
    browser.post(f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": "Done: safety."})
    assert browser.get(address).content.decode().count('class="task done"') == 1

    browser.post(card, a_card(tasks=[], _replaces=first["_id"]))

    page = browser.get(address)
    assert 'class="task done"' not in page.content.decode()
    assert "changed after this note was signed" in text_of(page)


def test_what_was_said_when_death_was_asked_about_stands_in_the_note_in_a_word(browser, course) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(safety_said="none_said"))

    note = text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/"))
    assert "asked about, aloud; none said." in note
    assert "Mood today: 4 of 10." in note
    assert "Next date: Monday 30 November 2026, 17:00." in note
    assert "PHQ-9 was due and is not on record for this session." in note


def test_a_session_that_is_not_closed_shows_what_was_written_in_it(browser, course) -> None:
    begun(browser, course)
    address = f"/courses/{course.label}/sessions/1/"
    assert "No consent on record yet" in text_of(browser.get(address))

    at, said = timezone.now(), {"treatment": True}
    save_entry(by=actor(course), at=at, enrolment=course.label, form="consent", answers=said)

    assert "No consent on record yet" not in text_of(browser.get(address))


def test_the_next_date_has_the_hour_of_the_session_before(browser: Client, course: Enrolment) -> None:
    before, now = timezone.now() - 7 * DAY, timezone.now()
    begun(browser, course, day=f"{before:%Y-%m-%d}", time="00:10")
    begun(browser, course, day=f"{now - DAY:%Y-%m-%d}", time="15:37")

    page = browser.get(f"/courses/{course.label}/sessions/2/").content.decode()

    assert re.search(r'name="next_date.time" value="00:10"', page)
