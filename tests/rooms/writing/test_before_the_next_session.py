"""What a session leaves for the next one: what was said by whom, what runs out, what a sheet still lacks."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from casebooks import Service
from django.test import Client
from django.utils import timezone
from rooms.writing.desk import BACKEND, DAY, a_card, actor, begun, text_of
from uuid_utils.compat import uuid7

from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ALONE = re.compile(r"The check that is asked alone \(\d+ \w+\) still holds, until \d+ \w+\. A hard talk after that day")
SHEET = {"lines.0.speaker": "me", "lines.0.said": "You could have rung.", "lines.1.said": "Then go."}


def page(browser: Client, address: str) -> str:
    return unescape(text_of(browser.get(address, follow=True)))


def close(browser: Client, course, label: str, **more) -> None:
    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(**more))
    assert answer.status_code == 302, text_of(answer)


# ---- what happened with the last step ----


def test_what_the_therapist_wrote_of_the_last_step_stands_in_the_note_and_is_nobodys_quotation(browser, course) -> None:
    first = begun(browser, course, day=f"{timezone.now() - 7 * DAY:%Y-%m-%d}", time="00:10")
    close(browser, course, first, _step_text="Ring Rui on Sunday")
    label = begun(browser, course)
    close(browser, course, label, _last="done", _last_words="They spoke for an hour.", _step_text="")

    note = page(browser, f"/courses/{course.label}/meetings/{label}/note/")
    session = page(browser, f"/courses/{course.label}/meetings/{label}/")

    assert "Agreed step (Ring Rui on Sunday): Done. What happened: They spoke for an hour." in note
    assert "They spoke for an hour." in session
    assert "“They spoke for an hour.”" not in session


# ---- what was asked alone runs out ----


@pytest.fixture
def asked(service: Service, browser: Client, course) -> str:
    """A dispute in which somebody was asked about alone ten days ago, and a session today."""
    by, at = actor(course), timezone.now()
    one = begin_thing(by=by, at=at, enrolment=course.label, kind="person")
    said = {"alias": "Lena", "relation": "partner", "status": "current", "conflict": 3}
    write = {"by": by, "at": at, "enrolment": course.label}
    save_entry(**write, form="interpersonal-inventory", answers=said, about=one)
    save_entry(**write, form="dispute-map", answers={"person": one}, about=one)
    check = {"date": f"{at - timedelta(days=10):%Y-%m-%d}", "asked_alone": True, "about": ["all_current"]}
    save_entry(**write, form="violence-check", answers={**check, "result": "none", "safe_to_raise": "yes"})
    return begun(browser, course)


def test_it_is_said_looking_ahead_at_the_agenda_and_beside_the_step(browser, course, asked) -> None:
    session = browser.get(f"/courses/{course.label}/meetings/{asked}/")

    assert len(ALONE.findall(unescape(text_of(session)))) == 2  # at the agenda, and beside the step
    assert session.content.decode().count('<p class="small look asked-alone">The check') == 2  # never printed
    assert ALONE.search(page(browser, f"/courses/{course.label}/sessions/ahead/"))


def test_each_line_leads_to_a_page_of_its_own_beside_the_step_as_well(browser, course, asked) -> None:
    until = f"{timezone.now() + timedelta(days=3):%Y-%m-%d}"
    rest = {"until": until, "duties_reduced": [{"text": "Cooking"}]}
    save_entry(by=actor(course), at=timezone.now(), enrolment=course.label, form="time-to-recover", answers=rest)
    line = re.compile(r'class="small look asked-alone">[^<]+<a class="no-print" href="([^"]+)">([^<]+)</a>')
    agreed = f"/courses/{course.label}/agreed/"
    each = [(agreed, "What is asked alone, and until when"), (f"{agreed}recover/", "Time to recover")]

    session = browser.get(f"/courses/{course.label}/meetings/{asked}/").content.decode()
    ahead = browser.get(f"/courses/{course.label}/sessions/ahead/", follow=True).content.decode()

    assert line.findall(session) == each * 2  # at the agenda, and beside the step
    assert line.findall(ahead) == each


def test_no_sheet_that_a_client_has_before_them_and_no_note_says_it(browser, course, asked) -> None:
    fill = f"/courses/{course.label}/fill/between-session-step/"
    browser.post(fill, {"_id": str(uuid7()), "_do": "turn:to", "text": "Ring Lena"})

    for address in (f"{fill}?turned=1", f"/courses/{course.label}/meetings/{asked}/note/?people=1&words=1"):
        assert "sked alone" not in page(browser, address), address


def test_whoever_may_not_see_the_check_is_not_told_of_it(service, browser, course, asked) -> None:
    account = service.account("S-01", ("supervisor",))
    take_charge(course, account.id, "supervision", service.at)
    reader = Client(HTTP_HOST="localhost")
    reader.force_login(account, backend=BACKEND)

    for address in (f"/courses/{course.label}/meetings/{asked}/", f"/courses/{course.label}/sessions/ahead/"):
        assert "sked alone (" not in page(reader, address), address


# ---- what a sheet that was saved still lacks ----


def test_a_saved_sheet_names_what_a_complete_one_still_has(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/communication-analysis/?session={label}"
    still = "For a complete sheet still: “When was it?”, “Who did you talk with?”, “What did you want to happen?”, "

    entry = browser.post(address, {"_id": str(uuid7()), "_do": "save", **SHEET})
    back = browser.post(f"{address}&back={label}", {"_id": str(uuid7()), "_do": "save", **SHEET})

    assert f"Communication analysis is in the record. {still}line 2: “Who spoke?” and 3 more." in page(
        browser, entry["Location"]
    )
    assert f"It stands with this session. {still}" in page(browser, back["Location"])
    later = entry["Location"].partition("?")[0]
    assert "For a complete sheet still" not in page(browser, later)


# ---- from the last note ----


def test_a_sentence_added_by_hand_to_a_drafted_note_is_read_before_the_next_session(browser, course) -> None:
    label = begun(browser, course)
    close(browser, course, label)
    address = f"/courses/{course.label}/meetings/{label}/note/"
    draft = browser.get(f"{address.removesuffix('/')}.txt").content.decode().removeprefix("DRAFT, NOT SIGNED").strip()
    text = draft.replace("\n\nStep. ", " Ask about the letter from the landlord.\n\nStep. ")
    assert text != draft
    browser.post(f"{address}sign/", {"text": text})

    last = page(browser, f"/courses/{course.label}/sessions/ahead/").split("From the last note")[1]

    assert "Ask about the letter from the landlord." in last.split("Read the note")[0]
    assert "Mood today" not in last.split("Read the note")[0]  # what the draft had is not told again


def test_a_note_that_nobody_signed_and_that_plans_nothing_is_named_with_its_way(browser, course) -> None:
    label = begun(browser, course)
    close(browser, course, label, _step_text="", **{"next_date.day": "", "next_date.time": ""})
    ahead, address = f"/courses/{course.label}/sessions/ahead/", f"/courses/{course.label}/meetings/{label}/note/"
    unsigned = "From the last note The note of session 1 is not signed. Edit and sign the note"

    assert unsigned in page(browser, ahead)
    assert f'href="{address}">Edit and sign the note' in browser.get(ahead).content.decode()
    browser.post(f"{address}sign/", {"text": "Next time: the letter."})
    assert "is not signed" not in page(browser, ahead)


def test_a_questionnaire_of_an_earlier_session_says_of_which_one_it_is(browser, course) -> None:
    first = begun(browser, course, day=f"{timezone.now() - 7 * DAY:%Y-%m-%d}", time="00:10")
    on = timezone.now() - 7 * DAY
    answers = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}
    save_entry(
        by=actor(course), at=timezone.now(), enrolment=course.label, form="phq-9", answers=answers, happened_at=on
    )
    close(browser, course, first)
    ahead = f"/courses/{course.label}/sessions/ahead/"

    assert "Questionnaire, as it stood in session 1" in page(browser, ahead)
    begun(browser, course)
    assert "Questionnaire, last measured in session 1" in page(browser, ahead)
