"""The After card is taken in whole or comes back whole; nothing stands on it by habit."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from casebooks import Service
from django.test import Client
from django.utils import timezone
from rooms.writing.desk import DAY, a_card, actor, begun, signed_in, text_of

from openipt.casebook.models import Draft, Enrolment, Entry, Thing
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.therapy.record import session_sheet, step_after

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


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
    saved = "The card of session 1 is in the record: mood 4 of 10, 2 tasks done, one step and the next date, Monday"
    assert saved in text_of(browser.get(answer["Location"]))


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


def test_of_two_tabs_the_second_keeps_everything_and_says_who_was_first(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/after/"
    browser.post(address, a_card(mood="4"))

    second = browser.post(address, a_card(mood="7", _step_text="Ring Rui"))

    assert second.status_code == 409
    assert "Somebody was faster" in text_of(second)
    assert "Ring Rui" in second.content.decode()
    assert "Not yet in the record" in text_of(browser.get(f"/courses/{course.label}/"))
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


def test_of_a_draft_every_page_says_the_same(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    browser.post(f"{address}draft/", a_card(mood="8"))
    sheet = f"/courses/{course.label}/fill/decision-analysis/?session={label}&back={label}"
    kept = browser.post(sheet, {"_id": str(uuid4()), "_do": "keep", "problem": "Go, or wait?"})

    says = re.compile(r"Kept (\d+ \w+( \d+)?, )?\d\d:\d\d\. Not yet in the record\.")
    assert says.search(text_of(kept))
    assert says.search(text_of(browser.get(sheet)))
    assert says.search(text_of(browser.get(address)))
    story = text_of(browser.get(f"/courses/{course.label}/"))
    assert "Not yet in the record" in story
    assert "handed in" not in story


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


def test_nothing_is_marked_as_done_by_habit_and_one_tap_marks_what_was_offered(browser, course) -> None:
    for form, said in (("consent", {"treatment": True}), ("intake", {"diagnosis": "Depression"})):
        save_entry(by=actor(course), at=timezone.now() - DAY, enrolment=course.label, form=form, answers=said)
    label = begun(browser, course)
    address = f"/courses/{course.label}/sessions/1/"
    assert not re.findall(r'name="tasks" value="[^"]+" checked', browser.get(address).content.decode())

    card = a_card(_then="all", tasks=[], _step_text="")
    marked = browser.post(f"/courses/{course.label}/meetings/{label}/after/", card)

    assert marked.status_code == 200
    offered = re.search(r'data-tick="([^"]+)"', marked.content.decode())[1].split()
    assert offered == list(dict.fromkeys(re.findall(r'name="tasks" value="([^"]+)" checked', marked.content.decode())))
    assert not Entry.objects.filter(form="session-record").exists()


def test_the_next_date_is_offered_at_the_hour_of_the_session_before_and_none_is_marked(browser, course) -> None:
    before, now = timezone.now() - 7 * DAY, timezone.now()
    begun(browser, course, day=f"{before:%Y-%m-%d}", time="00:10")
    begun(browser, course, day=f"{now - DAY:%Y-%m-%d}", time="15:37")

    page = browser.get(f"/courses/{course.label}/sessions/2/").content.decode()

    offered = re.findall(r'name="next_date" value="([^"]+)"[^>]*>', page)
    assert offered == [f"{now + n * DAY:%Y-%m-%d}T00:10" for n in (7, 6, 14)]
    assert page.index("(the usual day)") < page.index("(in a week)") < page.index("(the usual day, one later)")
    assert not re.search(r'name="next_date"[^>]* checked', page)
    assert 'name="next_date.day" value=""' in page


def test_a_next_date_that_nobody_marked_is_in_no_record_and_in_no_note(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    page = browser.get(f"/courses/{course.label}/sessions/1/").content.decode()
    shown = re.findall(r'<input[^>]* name="(next_date[^"]*)" value="([^"]+)"([^>]*)>', page)
    untouched = {name: text for name, text, more in shown if name != "next_date" or "checked" in more}
    fields = {"next_date.day": "", "next_date.time": "", **untouched}

    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(**fields))

    known = record(course)
    assert "next_date" not in session_sheet(known, known.sessions[0])
    assert "Next date:" not in text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/"))


def test_one_tap_agrees_the_next_date_and_the_card_shows_it_marked(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/sessions/1/"
    page = browser.get(address).content.decode()
    first, second = re.findall(r'name="next_date" value="([^"]+)"', page)
    assert page.index("(in a week)") < page.index("(in two weeks)")
    blank = {"next_date.day": "", "next_date.time": ""}

    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(next_date=second, **blank))

    known = record(course)
    assert session_sheet(known, known.sessions[0])["next_date"] == second
    page = browser.get(f"{address}?change=card").content.decode()
    assert re.search(rf'name="next_date" value="{second}"[^>]* checked', page)
    assert not re.search(rf'name="next_date" value="{first}"[^>]* checked', page)


def test_of_two_next_dates_the_card_asks_which_is_meant(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)

    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(next_date="2026-12-07T17:00"))

    assert answer.status_code == 422
    assert "Two dates stand here" in text_of(answer)
    assert 'value="2026-11-30"' in answer.content.decode()


def test_mood_and_event_are_typed_at_the_opening_question_and_stand_on_the_card(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    browser.post(address + "draft/", a_card(mood="8", mood_event_link="Better; Lena rang.", opener_first="event_first"))

    page = browser.get(address).content.decode()

    opening, card = page.index('id="opening"'), page.index('id="after-card"')
    asked, told = page[opening : page.index('class="agenda"')], page[card:]
    assert re.search(r'<input type="radio" form="after-card" name="mood" value="8" checked', asked)
    assert re.search(r'<textarea id="card-link" form="after-card"[^>]*>Better; Lena rang.<', asked)
    assert not re.search(r'name="mood(_event_link)?"', told)
    assert "Mood today: 8 of 10" in told
    assert "Better; Lena rang." in told
