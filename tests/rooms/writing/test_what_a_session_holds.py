"""What is told of a session is what was done in it: nothing by one tap too many, nothing lost once it is closed."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from rooms.writing.desk import DAY, IN_DANGER, a_card, actor, begun, text_of

from openipt.casebook.models import Flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.sessions import hold_session

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}  # PHQ-9 of 8
TYPED_CARD = {"mood": "5", "safety_said": "none_said"}


def write(course, form: str, answers: dict, at=None, **more):
    at = at or timezone.now()
    return save_entry(
        by=actor(course), at=at, enrolment=course.label, form=form, answers=answers, happened_at=at, **more
    )


def ready(course) -> None:
    """A course that may begin: with consent, so that its agenda offers more than what comes before it."""
    before = timezone.now() - 25 * DAY
    write(course, "consent", {"treatment": True}, before)
    write(course, "intake", {"alias": "Robin", "diagnosis": "Depression"}, before)


def close(browser, course, label: str, **more):
    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(**more))
    assert answer.status_code == 302, text_of(answer)
    return answer


def tap_all(browser, course, label: str, **more) -> set[str]:
    """The tasks that stand ticked once the one tap was made."""
    card = {"tasks": [], "_step_text": "", **more}
    page = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(_then="all", **card))
    return ticked(page)


def ticked(page) -> set[str]:
    return set(re.findall(r'name="tasks" value="([^"]+)" checked', page.content.decode()))


def session_page(browser, course, n: int = 1):
    return browser.get(f"/courses/{course.label}/sessions/{n}/")


# ---- one tap says nothing that nobody did ----


def test_one_tap_never_says_that_danger_was_asked_about_or_that_something_was_agreed(browser, course) -> None:
    ready(course)
    label = begun(browser, course)

    marked = tap_all(browser, course, label)

    assert marked, "it says something"
    assert not marked & {"INI.01", "INI.05", "DSP.08", "INI.02", "MID.02", "INI.11", "MID.07"}
    assert "Not ticked with it: Safety and health check" in text_of(session_page(browser, course))


def test_one_tap_says_that_a_step_was_agreed_only_where_one_is_written(browser, course) -> None:
    ready(course)
    label = begun(browser, course)

    assert "MID.07" not in tap_all(browser, course, label)
    assert "MID.07" in tap_all(browser, course, label, _step_text="Ask Lena to come on Sunday")


def test_to_type_a_questionnaire_in_is_not_to_look_at_it_together(browser, course) -> None:
    ready(course)
    begun(browser, course)
    write(course, "phq-9", IN_DANGER)

    page = session_page(browser, course)

    assert not ticked(page)
    assert 'class="task done"' not in page.content.decode()


def test_a_safety_check_is_not_done_by_one_of_the_sheets_it_asks_for(browser, course) -> None:
    label = begun(browser, course)
    write(course, "safety-conversation", {"asked_alone": True}, about=label)

    assert "INI.01" not in ticked(session_page(browser, course))


def test_a_sheet_written_after_a_draft_was_begun_marks_its_task_and_what_was_taken_out_stays_out(
    browser, course
) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    marks = {"_id": str(uuid4()), "_replaces": "", "_marked": "", "opener_first": "event_first"}
    browser.post(address + "draft/", marks)
    write(course, "consent", {"treatment": True}, about=label)

    page = session_page(browser, course)
    assert "INI.14" in ticked(page)

    shown = re.search(r'name="_marked" value="([^"]*)"', page.content.decode())[1]
    browser.post(address + "draft/", {**marks, "_marked": shown})
    assert "INI.14" not in ticked(session_page(browser, course))


# ---- what was measured for a session stays with it ----


def test_a_score_typed_in_a_session_stays_on_its_page_and_is_not_due_again(browser, course) -> None:
    ready(course)
    write(course, "phq-9", IN_DANGER, timezone.now() - DAY)
    label = begun(browser, course)
    write(course, "phq-9", CALM)
    close(browser, course, label)

    page = session_page(browser, course)

    assert "PHQ-9 went from 10 to 8" in text_of(page)
    assert "/fill/phq-9/" not in page.content.decode()


def test_the_look_ahead_asks_for_the_next_score_and_says_whose_the_last_one_is(browser, course) -> None:
    ready(course)
    label = begun(browser, course)
    write(course, "phq-9", CALM)
    close(browser, course, label)

    ahead = text_of(browser.get(f"/courses/{course.label}/sessions/ahead/"))

    assert "Questionnaire, as it stood in session 1" in ahead
    assert re.search(r"Due by then.*?PHQ-9: ", ahead)


def test_scores_from_the_days_before_a_session_stand_with_it_on_the_chart(browser, course) -> None:
    ready(course)
    now = timezone.now()
    begun(browser, course, day=f"{now - 8 * DAY:%Y-%m-%d}", time="10:00")
    write(course, "phq-9", IN_DANGER, now - 10 * DAY)
    write(course, "phq-9", CALM, now - 2 * DAY)
    begun(browser, course, day=f"{now - DAY:%Y-%m-%d}", time="10:00")

    page = text_of(session_page(browser, course, 2))

    assert "PHQ-9 went from 10 to 8" in page
    assert re.search(r"Session 1 10\b.*Session 2 8\b", page)
    assert "No answers yet" not in page


def test_a_decision_that_was_written_on_the_day_is_not_due_any_more(browser, course) -> None:
    ready(course)
    now = timezone.now()
    for days in (21, 14, 7):
        begun(browser, course, day=f"{now - days * DAY:%Y-%m-%d}", time="00:10")
    label = begun(browser, course)
    open_decision = "Open the decision"
    assert open_decision in text_of(session_page(browser, course, 4))
    point = re.search(r"/decisions?/([^/\"]+)", session_page(browser, course, 4).content.decode())[1]

    write(course, "decision-record", {"point": point, "action": "none"})
    close(browser, course, label)

    assert open_decision not in text_of(session_page(browser, course, 4))


def test_the_mood_of_the_session_and_that_of_the_diary_do_not_stand_in_one_line(browser, course) -> None:
    label = begun(browser, course)
    close(browser, course, label, mood="5", mood_event_link="Wednesday 18 November: mood 4 of 10. Rui: a quarrel.")

    assert "5 of 10. Wednesday" not in text_of(session_page(browser, course))
    assert "Mood in the session: 5 of 10" in text_of(session_page(browser, course))


# ---- the note says what is known, and where two things differ ----


def test_none_said_beside_a_positive_answer_is_named_at_the_note_with_the_way_to_its_outcome(browser, course) -> None:
    label = begun(browser, course)
    write(course, "phq-9", IN_DANGER)
    close(browser, course, label, **TYPED_CARD)
    address = f"/courses/{course.label}/meetings/{label}/note/"

    page = browser.get(address)

    assert "The card and the questionnaire differ" in text_of(page)
    assert "That differs from what was written: PHQ-9 question 9" in text_of(page)
    assert f"/flags/{Flag.objects.get().id}/#h-outcome" in page.content.decode()
    assert browser.post(address + "sign/", {"text": "Asked. None said."}).status_code == 302


def test_nothing_differs_where_the_questionnaire_says_none(browser, course) -> None:
    label = begun(browser, course)
    write(course, "phq-9", CALM)
    close(browser, course, label, **TYPED_CARD)

    assert "differ" not in text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/"))


@pytest.mark.parametrize(("ago", "words"), [(3, "Planned for 50 minutes"), (55, " 50 minutes, in person")])
def test_a_length_written_before_it_can_have_passed_is_what_was_planned(browser, course, ago: int, words: str) -> None:
    at, made = timezone.now(), uuid4()
    began = at - timedelta(minutes=ago)
    facts = {"number": 1, "kind": "attended", "minutes": 50, "modality": "in_person"}
    hold_session(by=actor(course), at=at, enrolment=course.label, happened_at=began, id=made, **facts)

    note = text_of(browser.get(f"/courses/{course.label}/meetings/{made}/note/"))

    assert words.strip() in note
    assert ("Planned for" in note) == (ago == 3)


def test_the_note_says_which_step_was_done(browser, course) -> None:
    first = begun(browser, course, day=f"{timezone.now() - 7 * DAY:%Y-%m-%d}", time="00:10")
    close(browser, course, first, _step_text="Ring Rui on Sunday")
    label = begun(browser, course)
    close(browser, course, label, _last="done", _step_text="")

    note = text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/"))

    assert "Agreed step (Ring Rui on Sunday): Done." in note
