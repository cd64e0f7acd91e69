"""What somebody meets who holds the room in their hand for the first time: a way out, and words that are not lost."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from rooms.portal.conftest import SECRET
from rooms.portal.test_questions import Q, answer, answers_of
from rooms.portal.test_safe_on_the_phone import PLAN
from rooms.portal.test_the_lock import PIN, away, lock_up

from openipt.casebook.models import Draft
from openipt.rooms.portal.questions.asking import key_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SHEET = f"/my/sheets/{key_of('emotion-identification')}/"
WAITS = "A note you began is kept but not shown here."


def keeps(phone, address: str, **said: str):
    """What the script of a page sends while somebody types."""
    return phone.send(address, _do="keep", **said)


def only_sends(phone) -> None:
    phone.write("safe-contact", {"way": "write_only", "phone_shared": "often"})


# ---- what was typed stays, whichever way somebody goes


@pytest.mark.parametrize(
    ("address", "field", "form"),
    [
        ("/my/diary/", "note", "mood-diary"),
        ("/my/talk/", "most", "talk-about"),
        ("/my/life/", "text", "timeline"),
        ("/my/well/", "text", "went-well"),
    ],
)
def test_what_is_being_written_is_kept_and_comes_back(phone, address, field, form) -> None:
    page = phone.text(address)
    assert "data-keeps" in page
    assert "/static/portal/draft.js" in page

    told = keeps(phone, address, **{field: "My brother rang"})

    assert told.status_code == 204
    assert not phone.entries(form)
    again = phone.text(address)
    assert "My brother rang" in again
    assert "You began this before" in again
    assert "Throw it away" in again


def test_a_step_of_a_sheet_is_kept_while_it_is_written(phone) -> None:
    assert keeps(phone, f"{SHEET}2/", event="She left the room").status_code == 204

    assert "She left the room" in phone.text(f"{SHEET}2/")


def test_words_that_may_need_a_person_are_never_kept_unsent(phone) -> None:
    assert "draft.js" not in phone.text("/my/tell/")

    keeps(phone, "/my/tell/", words="I cannot go on")

    assert not Draft.objects.exists()


def test_what_was_emptied_again_is_not_kept(phone) -> None:
    made = str(uuid4())
    phone.browser.post("/my/talk/", {"_id": made, "most": "My brother", "_do": "keep"})
    phone.browser.post("/my/talk/", {"_id": made, "most": " ", "_do": "keep"})

    assert not Draft.objects.exists()


def test_a_late_keeping_does_not_bring_back_what_was_sent(phone) -> None:
    made = str(uuid4())
    for act in ("send", "keep"):
        phone.browser.post("/my/diary/", {"_id": made, "mood": "4", "_do": act})

    assert len(phone.entries("mood-diary")) == 1
    assert "You began" not in phone.text("/my/")


@pytest.mark.parametrize("address", ["/my/diary/", "/my/talk/"])
def test_a_draft_that_comes_back_can_be_thrown_away_and_is_one_tap_off(phone, address) -> None:
    made = str(uuid4())
    phone.browser.post(address, {"_id": made, "most": "x", "note": "My brother", "_do": "keep"})
    jump = re.search(r'href="#([^"]+)">Go to my words', phone.text(address))
    assert jump
    assert f'id="{jump[1]}"' in phone.text(address)

    thrown = phone.browser.post(address, {"_id": made, "_do": "drop"})

    assert "Thrown away" in phone.text(thrown["Location"])
    assert not Draft.objects.exists()


# ---- what is said of it at the top


def test_nothing_is_said_where_nothing_waits_and_a_way_on_where_something_does(phone) -> None:
    assert "All is sent" not in phone.text("/my/")
    assert "You began" not in phone.text("/my/")
    keeps(phone, "/my/diary/", note="My brother rang")

    assert re.search(r'<a href="/my/begun/">You began a note: go on</a>', phone.text("/my/"))
    page = phone.text("/my/begun/")
    assert '<a class="btn primary big" href="/my/diary/">Go on</a>' in page
    assert "Throw it away" in page


def test_where_nothing_can_be_read_a_note_is_sent_unseen(phone) -> None:
    only_sends(phone)
    keeps(phone, "/my/diary/", note="canary", mood="3")
    page = phone.text("/my/begun/")
    assert WAITS in page
    assert "canary" not in page

    send = re.search(r'value="(send:[^"]+)"', page)[1]
    told = phone.browser.post("/my/begun/", {"_do": send})

    assert told.status_code == 302
    (entry,) = phone.entries("mood-diary")
    assert answers_of(entry)["note"] == "canary"
    assert not Draft.objects.exists()


def test_where_nothing_can_be_read_a_note_is_thrown_away_unseen(phone) -> None:
    only_sends(phone)
    keeps(phone, "/my/talk/", most="canary")
    drop = re.search(r'value="(drop:[^"]+)"', phone.text("/my/begun/"))[1]

    told = phone.browser.post("/my/begun/", {"_do": drop})

    assert "Thrown away" in phone.text(told["Location"])
    assert not Draft.objects.exists()
    assert not phone.entries("talk-about")


def test_a_note_that_cannot_be_sent_as_it_is_is_not_shown_for_that(phone) -> None:
    only_sends(phone)
    keeps(phone, "/my/diary/", note="canary", mood="eleven")
    send = re.search(r'value="(send:[^"]+)"', phone.text("/my/begun/"))[1]

    told = phone.browser.post("/my/begun/", {"_do": send})

    assert "cannot be sent as it is" in phone.text(told["Location"])
    assert "canary" not in phone.text(told["Location"])
    assert Draft.objects.exists()


# ---- after an answer about danger


def told_of_danger(phone) -> str:
    for number in range(1, 10):
        told = answer(phone, number, 2)
    return told["Location"]


def test_after_an_answer_about_danger_it_is_said_that_it_arrived_and_nothing_counts(phone) -> None:
    page = phone.text(told_of_danger(phone))

    assert "What you said has reached your clinic." in page
    assert page.index("has reached your clinic") < page.index("Crisis numbers")
    assert "not sent" not in page
    assert "You began" not in page


def test_the_last_question_after_it_says_that_it_was_the_last(phone) -> None:
    told_of_danger(phone)

    page = phone.text(answer(phone, 10, 1)["Location"])

    assert "That was the last question. Thank you." in page
    assert "Thank you for telling us" not in page
    assert re.search(r'<main.*href="/my/help/".*</main>', page, re.DOTALL)


def test_no_number_is_shown_on_the_day_of_an_answer_about_danger(phone) -> None:
    assert told_of_danger(phone)
    answer(phone, 10, 1)

    assert "How my answers changed" not in phone.text("/my/more/")


def test_how_answers_changed_stands_behind_a_tap_in_plain_words(phone) -> None:
    for number in range(1, 10):
        answer(phone, number, 0 if number == 9 else 1)
    shown = phone.text(answer(phone, 10, 2)["Location"])

    for page in (shown, phone.text("/my/more/")):
        folded = re.search(r"<details[^>]*><summary>How my answers changed</summary>(.*?)</details>", page, re.DOTALL)
        assert folded
        assert "Low mood: 8 today" in folded[1]
        assert "PHQ-9" not in page


# ---- the plan


def test_nobody_is_told_of_a_plan_that_is_not_there(phone) -> None:
    phone.send("/my/pause/")
    assert "your plan" not in phone.text("/my/")

    phone.write("safety-plan", PLAN)
    assert "Help and your plan stay where they are" in phone.text("/my/")


def test_whoever_holds_the_phone_does_not_learn_whether_there_is_a_plan(phone) -> None:
    only_sends(phone)
    without = re.search(r'<section aria-labelledby="h-plan".*?</section>', phone.text("/my/help/"), re.DOTALL)[0]
    phone.send("/my/pause/")
    paused = re.search(r"You have a pause.*?</p>", phone.text("/my/"), re.DOTALL)[0]

    phone.write("safety-plan", PLAN)

    assert without in phone.text("/my/help/")
    assert paused in phone.text("/my/")
    assert "You have it on paper" not in without


def test_the_own_plan_is_one_tap_from_the_bad_day_and_from_mine(phone) -> None:
    for address in ("/my/day/", "/my/more/"):
        assert '<a class="btn big" href="/my/help/#h-plan">My plan</a>' in phone.text(address)
    only_sends(phone)
    for address in ("/my/day/", "/my/more/"):
        assert "My plan" not in phone.text(address)


# ---- the PIN


def test_whoever_set_a_pin_reads_that_it_is_set_and_is_not_asked_at_once(phone) -> None:
    told = phone.browser.post("/my/keys/pin/", {"now": SECRET, "new": PIN, "again": PIN})

    page = phone.get(told["Location"])
    assert page.status_code == 200
    assert "Your PIN is set" in page.content.decode()


def test_whoever_types_for_long_is_here(phone) -> None:
    lock_up(phone)
    for _ in range(4):
        away(phone, 100)
        assert phone.browser.post("/my/lock/", {"_do": "here"}).status_code == 204

    assert phone.get("/my/").status_code == 200


def test_typing_on_a_page_opens_no_lock(phone) -> None:
    lock_up(phone)
    away(phone, timedelta(minutes=3).total_seconds())

    phone.browser.post("/my/lock/", {"_do": "here"})

    assert phone.get("/my/").status_code == 403


def test_what_a_page_has_to_say_is_said_behind_the_pin(phone) -> None:
    lock_up(phone)
    away(phone, timedelta(minutes=3).total_seconds())
    asked = phone.get("/my/diary/?told=sent").content.decode()
    there = re.search(r'name="next" value="([^"]+)"', asked)[1]

    opened = phone.browser.post("/my/lock/", {"pin": PIN, "next": there})

    assert "Noted. Thank you." in phone.text(opened["Location"])


# ---- small things


def test_half_way_through_today_says_where_it_goes_on(phone) -> None:
    answer(phone, 1, 1)
    answer(phone, 2, None)

    assert "Go on at 3 of 10" in phone.text("/my/")
    assert phone.get(f"{Q}/")["Location"] == f"{Q}/3/"


def test_in_the_diary_a_place_for_words_stands_right_after_the_mood(phone) -> None:
    phone.send("/my/diary/", note="My brother rang", mood="4", _do="send")
    page = phone.text("/my/diary/")

    assert page.index('name="mood"') < page.index('id="f-note"') < page.index("What happened?")
    assert re.search(r"<details[^>]*><summary>Your last notes</summary>", page)
