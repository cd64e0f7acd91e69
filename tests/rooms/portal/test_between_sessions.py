"""Today, the diary, a step, what to talk about, asking for a person: what the client does reaches the therapist."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Flag
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.sessions import close_session, hold_session
from openipt.therapy.words import catalogue

MARKS = re.compile(r'value="[A-Za-z0-9_:.-]{30,}"')
pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def answers_of(entry) -> dict:
    return read_body(entry.scope, "entry", entry.id, bytes(entry.body))["answers"]


def a_session(phone, days_ago: int = 3, next_in: int | None = None, step: str = "") -> str:
    made, at = uuid4(), timezone.now() - timedelta(days=days_ago)
    how = {"by": phone.service.actor(), "at": timezone.now(), "enrolment": phone.enrolment.label}
    hold_session(**how, id=made, number=1, kind="attended", happened_at=at)
    card = {"mood": 4}
    if next_in is not None:
        card["next_date"] = f"{timezone.now() + timedelta(days=next_in, minutes=-30):%Y-%m-%dT%H:%M}"
    close_session(**how, session=str(made), answers=card, id=uuid4(), step={"text": step} if step else None)
    return str(made)


def test_today_shows_one_thing_first_with_how_long_it_takes(phone) -> None:
    a_session(phone, next_in=1)

    page = phone.text("/my/")

    assert page.count('class="one"') == 1
    first, rest = page.split('class="list"')
    assert "What would you like to talk about next time?" in first
    assert "One minute" in page or "one minute" in first
    assert "Your next session is on" in first
    assert "10 short questions" in rest
    assert "How is today?" in rest


def test_nothing_to_do_is_said_kindly_and_a_pause_is_one_tap(phone) -> None:
    phone.send("/my/pause/")
    (entry,) = phone.entries("portal-pause")
    until = timezone.localdate() + timedelta(days=7)
    assert answers_of(entry) == {"until": until.isoformat()}
    page = phone.text("/my/")
    assert "You have a pause" in page
    assert "short questions" not in page

    phone.send("/my/pause/", _do="on")

    assert "You have a pause" not in phone.text("/my/")


def test_a_pause_tapped_by_mistake_is_taken_back_at_once_by_one_tap(phone) -> None:
    before = phone.text("/my/")
    page = phone.text(phone.send("/my/pause/")["Location"])
    until = catalogue().spell(timezone.localdate() + timedelta(days=7), "short")
    line = re.search(r'<div class="done stack" role="status">.*?</div>', page, re.DOTALL)[0]
    assert f"You have paused until {until}." in line
    assert "Not paused after all" in line

    told = phone.send("/my/pause/", _do=re.search(r'name="_do" value="([^"]+)"', line)[1])

    after = phone.text(told["Location"])
    assert "Not paused. All is as it was before." in after
    assert "You have a pause" not in after
    assert MARKS.sub("", before) == MARKS.sub("", phone.text("/my/"))


def test_a_pause_says_until_when_and_can_be_ended_early(phone) -> None:
    phone.send("/my/pause/")

    page = phone.text("/my/")

    assert f"before {catalogue().spell(timezone.localdate() + timedelta(days=7), 'short')}" in page
    assert "Go on now" in page
    assert "Not paused after all" not in page, "a mistake is noticed at once; later it is going on early"


def test_a_pause_tapped_twice_is_one_pause(phone) -> None:
    made = str(uuid4())
    for _ in range(2):
        phone.browser.post("/my/pause/", {"_id": made})

    assert len(phone.entries("portal-pause")) == 1


def test_what_to_talk_about_is_the_first_line_of_the_therapists_card(phone) -> None:
    a_session(phone, days_ago=7)
    phone.send("/my/talk/", most="How to tell my sister", differ_words="It began before", _do="send")
    assert len(phone.entries("talk-about")) == 1
    met = uuid4()
    how = {"by": phone.service.actor(), "at": timezone.now(), "enrolment": phone.enrolment.label}
    hold_session(**how, id=met, number=2, kind="attended", happened_at=timezone.now())
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    page = staff.get(f"/courses/{phone.enrolment.label}/sessions/2/").content.decode()

    since = page[page.index('id="h-since"') :]
    assert since.index("How to tell my sister") < since.index("Questionnaire")
    assert "It began before" in page
    before = staff.get(f"/courses/{phone.enrolment.label}/sessions/1/").content.decode()
    assert "How to tell my sister" not in before


def test_words_written_before_an_earlier_session_are_not_shown_again(phone) -> None:
    phone.send("/my/talk/", most="Old news", _do="send")
    how = {"by": phone.service.actor(), "at": timezone.now(), "enrolment": phone.enrolment.label}
    for number, ahead in ((1, 1), (2, 2)):
        at = timezone.now() + timedelta(minutes=ahead)
        hold_session(**{**how, "at": at}, id=uuid4(), number=number, kind="attended", happened_at=at)
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    assert "Old news" in staff.get(f"/courses/{phone.enrolment.label}/sessions/1/").content.decode()
    assert "Old news" not in staff.get(f"/courses/{phone.enrolment.label}/sessions/2/").content.decode()


def test_a_diary_note_is_six_taps(phone) -> None:
    person = begin_thing(by=phone.service.actor(), at=timezone.now(), enrolment=phone.enrolment.label, kind="person")
    phone.write("interpersonal-inventory", {"alias": "Lena"}, about=person)
    assert "Lena" in phone.text("/my/diary/")  # 1: the way there

    told = phone.send(
        "/my/diary/",
        mood="4",  # 2
        interactions__0__person=person,  # 3
        interactions__0__kinds="conflict",  # 4
        interactions__0__valence="-2",  # 5
        _do="send",  # 6
    )

    assert told["Location"] == "/my/diary/?told=sent"
    (entry,) = phone.entries("mood-diary")
    said = answers_of(entry)
    assert said["mood"] == 4
    assert said["interactions"] == [{"person": person, "kinds": ["conflict"], "valence": -2}]
    assert "Lena: We quarrelled." in phone.text("/my/diary/")


@pytest.mark.parametrize(
    ("ago", "taken"), [("0", True), ("1", True), ("3", True), ("4", False), ("-1", False), ("x", False)]
)
def test_a_note_is_three_days_late_at_most_and_marked(phone, ago, taken) -> None:
    told = phone.send("/my/diary/", mood="5", _when=ago, _do="send")

    assert (told.status_code == 302) == taken
    assert len(phone.entries("mood-diary")) == int(taken)
    assert ("written later" in phone.text("/my/diary/")) == (taken and ago != "0")


def test_a_note_sent_twice_is_one_note(phone) -> None:
    said = {"_id": str(uuid4()), "mood": "5", "_do": "send"}
    phone.browser.post("/my/diary/", said)

    again = phone.browser.post("/my/diary/", said)

    assert again["Location"] == "/my/diary/?told=again"
    assert len(phone.entries("mood-diary")) == 1


def test_another_note_under_the_same_mark_is_kept_beside_it(phone) -> None:
    made = str(uuid4())
    phone.browser.post("/my/diary/", {"_id": made, "mood": "5", "_do": "send"})

    assert phone.browser.post("/my/diary/", {"_id": made, "mood": "2", "_do": "send"}).status_code == 409


@pytest.mark.parametrize(
    "said", [{"mood": "11"}, {"mood": "low"}, {}, {"interactions__0__valence": "9"}, {"colour": "red"}]
)
def test_a_note_that_cannot_be_taken_stays_on_the_page(phone, said) -> None:
    told = phone.send("/my/diary/", note="about the dog" if said else "", **said, _do="send")

    assert told.status_code == 422
    assert not phone.entries("mood-diary")
    assert ("about the dog" in told.content.decode()) == bool(said)


def test_a_note_for_oneself_is_not_shown_to_the_therapist(phone) -> None:
    phone.send("/my/diary/", note="Just mine, zebra", _only_me="1", _do="send")
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    (entry,) = phone.entries("mood-diary")

    assert "zebra" in phone.text("/my/diary/")
    for address in ("", f"entries/{entry.id}/"):
        assert "zebra" not in staff.get(f"/courses/{phone.enrolment.label}/{address}").content.decode()


@pytest.mark.parametrize("status", ["done", "tried", "changed", "not_now"])
def test_how_a_step_went_is_a_newer_version_of_the_step(phone, status) -> None:
    a_session(phone, step="Ring Petra on Sunday")
    link = re.search(r'href="(/my/steps/[^"]+)"', phone.text("/my/"))[1]
    assert "Ring Petra on Sunday" in phone.text(link)

    phone.send(link, status=status, what_happened="She was glad", mood_after="6", _do="send")

    before, after = phone.entries("between-session-step")
    assert after.replaces_id == before.id
    assert answers_of(after) == {
        **answers_of(before),
        "status": status,
        "what_happened": "She was glad",
        "mood_after": 6,
    }
    assert "/my/steps/" not in phone.text("/my/")


def test_a_step_of_somebody_else_is_no_page(phone) -> None:
    assert phone.get("/my/steps/nobody/").status_code == 404


@pytest.mark.parametrize(("asked", "rule"), [("help_now", "R4"), ("contact", "R14")])
def test_telling_the_therapist_opens_a_task_with_an_owner_and_a_time(phone, asked, rule) -> None:
    told = phone.send("/my/tell/", asks_for=asked, words="Please ring")

    flag = Flag.objects.get()
    assert (flag.rule, flag.owner) == (rule, phone.service.staff["T-01"].id)
    assert flag.due_at is not None
    page = phone.text(told["Location"])
    assert "When a person sees this" in page
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    assert "Please ring" in staff.get(f"/courses/{phone.enrolment.label}/entries/{flag.entry_id}/").content.decode()
    assert staff.get(f"/courses/{phone.enrolment.label}/flags/{flag.id}/").status_code == 200
    assert "Robin" in staff.get("/").content.decode()


def test_released_sentences_reach_the_client_word_for_word(phone) -> None:
    words = "On better days, contact with Lena had often been good. On low days contact can also feel harder."
    phone.write("released-sentence", {"sentence": words, "entries": 30})

    assert words in phone.text("/my/more/")


def test_who_looked_is_said_in_sentences(phone) -> None:
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    staff.get(f"/courses/{phone.enrolment.label}/")

    page = phone.text("/my/looked/")

    assert re.search(r"T-01, your therapist, opened your notes at \d\d:\d\d\.", page)
    assert re.search(r"T-01, your therapist, wrote in your notes at \d\d:\d\d\.", page)
    assert re.search(r"T-01, your therapist, changed how you sign in at \d\d:\d\d\.", page)
