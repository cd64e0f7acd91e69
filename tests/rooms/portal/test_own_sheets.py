"""A worksheet one step a screen: what is written waits, nothing has to be complete, and the client says who sees it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rooms.portal.test_between_sessions import a_session, answers_of
from rooms.test_query_counts import MOST, asked

from openipt.casebook.models import Draft
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.screens import screens_of
from openipt.rooms.portal.worksheets.shelf import keys
from openipt.rooms.portal.worksheets.walking import may_wait
from openipt.therapy.forms import open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

FEELING = "emotion-identification"
SHEET = f"/my/sheets/{key_of(FEELING)}"
MARK = re.compile(r'name="_id" value="([0-9a-f-]{36})"')


def place(form: str, item: str) -> int:
    """The number of the step that asks for something, on an empty sheet."""
    return next(n for n, one in enumerate(screens_of(open_form(form), [], {}), 1) if item in one.names)


def mark(phone, address: str) -> str:
    return MARK.search(phone.text(address))[1]


def write(phone, item: str, form: str = FEELING, do: str = "next", **said):
    address = f"/my/sheets/{key_of(form)}/{place(form, item)}/"
    given = {name.replace("__", "."): value for name, value in said.items()}
    return phone.browser.post(address, {"_id": mark(phone, address), "_do": do, **given})


def send(phone, form: str = FEELING, **more):
    address = f"/my/sheets/{key_of(form)}/all/"
    return phone.browser.post(address, {"_id": mark(phone, address), "_do": "send", **more})


def therapist(phone) -> Client:
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    return staff


def test_a_sheet_goes_step_by_step_and_is_sent_at_the_end(phone) -> None:
    assert phone.get(f"{SHEET}/")["Location"] == f"{SHEET}/1/"
    write(phone, "event", event="She left the room")
    write(phone, "words", words__0__word="sad", words__42__word="hollow")
    told = write(phone, "ok_with_it", ok_with_it="3")
    assert told["Location"] == f"{SHEET}/all/"
    assert not phone.entries(FEELING)

    told = send(phone)

    (entry,) = phone.entries(FEELING)
    assert answers_of(entry) == {
        "event": "She left the room",
        "words": [{"emotion": "sadness"}, {"emotion": "hollow"}],
        "ok_with_it": 3,
    }
    assert "Your therapist sees it before you meet." in phone.text(told["Location"])
    assert not Draft.objects.exists()


def test_one_word_is_enough(phone) -> None:
    write(phone, "did", did="Walked")
    send(phone)

    assert [answers_of(one) for one in phone.entries(FEELING)] == [{"did": "Walked"}]


def test_an_empty_sheet_is_not_sent(phone) -> None:
    write(phone, "did", did="Walked")
    write(phone, "did", do="pass")

    told = send(phone)

    assert told.status_code == 422
    assert "One word is enough" in told.content.decode()
    assert not phone.entries(FEELING)


def test_it_goes_on_where_it_was_left(phone) -> None:
    write(phone, "when", when__day="2025-01-04", when__time="18:00")
    write(phone, "event", do="leave", event="She left the room")
    assert "You began a note" not in phone.browser.get("/my/").content.decode()  # signed out
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")

    assert "You began a note: go on" in phone.text("/my/")
    assert "Go on where you were" in phone.text("/my/sheets/")
    assert phone.get(f"{SHEET}/")["Location"] == f"{SHEET}/3/"
    assert "She left the room" in phone.text(f"{SHEET}/2/")


def test_back_keeps_what_was_written(phone) -> None:
    told = write(phone, "event", do="back", event="She left the room")

    assert told["Location"] == f"{SHEET}/1/"
    assert "She left the room" in phone.text(f"{SHEET}/2/")


@pytest.mark.parametrize(("item", "said"), [("intensity", {"intensity": "11"}), ("event", {"colour": "red"})])
def test_what_cannot_be_taken_stays_on_the_step(phone, item, said) -> None:
    told = write(phone, item, **said)

    assert told.status_code == 422
    assert next(iter(said.values())) in told.content.decode() or "does not ask" in told.content.decode()
    assert not Draft.objects.exists()


def test_sent_twice_it_is_one_sheet(phone) -> None:
    write(phone, "did", did="Walked")
    made = mark(phone, f"{SHEET}/all/")
    first = phone.browser.post(f"{SHEET}/all/", {"_id": made, "_do": "send"})

    again = phone.browser.post(f"{SHEET}/all/", {"_id": made, "_do": "send"})

    assert again["Location"] == first["Location"]
    assert len(phone.entries(FEELING)) == 1


def test_a_step_sent_again_after_the_sheet_was_sent_changes_nothing(phone) -> None:
    address = f"{SHEET}/{place(FEELING, 'did')}/"
    said = {"_id": mark(phone, address), "_do": "next", "did": "Walked"}
    phone.browser.post(address, said)
    send(phone)

    again = phone.browser.post(address, said)

    assert "/my/kept/" in again["Location"]
    assert not Draft.objects.exists()


def test_a_second_window_after_the_sheet_was_sent_makes_a_newer_version(phone) -> None:
    address = f"{SHEET}/{place(FEELING, 'did')}/"
    write(phone, "event", event="She left the room")
    made = mark(phone, address)
    send(phone)

    phone.browser.post(address, {"_id": made, "_do": "next", "did": "Walked"})
    send(phone)

    before, after = phone.entries(FEELING)
    assert after.replaces_id == before.id
    assert answers_of(after) == {"event": "She left the room", "did": "Walked"}


def test_going_on_with_one_that_was_sent_makes_a_newer_version(phone) -> None:
    write(phone, "did", did="Walked")
    send(phone)
    (before,) = phone.entries(FEELING)
    page = phone.text(f"{SHEET}/")
    assert "What you have" in page

    phone.browser.post(f"{SHEET}/", {"_id": str(uuid4()), "from": str(before.id)})
    write(phone, "event", event="She left the room")
    send(phone)

    (_, after) = phone.entries(FEELING)
    assert after.replaces_id == before.id
    assert answers_of(after) == {"event": "She left the room", "did": "Walked"}


def test_what_staff_asked_alone_is_not_shown_and_goes_along(phone) -> None:
    said = {"issue_one_line": "The date", "safety_check": [{"done_session": 2, "result": "canary"}]}
    said["safety_check"] = {"done_session": 2, "result": "canary"}
    phone.write("dispute-map", said)
    (before,) = phone.entries("dispute-map")
    sheet = f"/my/sheets/{key_of('dispute-map')}/"
    phone.browser.post(sheet, {"_id": str(uuid4()), "from": str(before.id)})
    shown = [phone.text(f"{sheet}{n}/") for n in range(1, 17)] + [phone.text(f"{sheet}all/")]
    shown.append(phone.text(f"/my/written/{before.id}/"))

    send(phone, "dispute-map")

    assert not any("canary" in one or "asked alone" in one.lower() for one in shown)
    assert answers_of(phone.entries("dispute-map")[1]) == said


def test_the_therapist_reads_a_sheet_unless_it_is_only_for_the_client(phone) -> None:
    a_session(phone, days_ago=3)
    write(phone, "event", event="for both, finch")
    send(phone)
    write(phone, "event", event="for me, zebra")
    told = send(phone, _only_me="1")
    shown = therapist(phone)
    pages = [f"/courses/{phone.enrolment.label}/sessions/1/", f"/courses/{phone.enrolment.label}/"]
    pages += [f"/courses/{phone.enrolment.label}/entries/{one.id}/" for one in phone.entries(FEELING)]

    read = "".join(shown.get(one).content.decode() for one in pages)

    assert "finch" in read
    assert "zebra" not in read
    assert "Only you see this" in phone.text(told["Location"])
    assert "zebra" in phone.text(told["Location"].replace("kept", "written"))


def test_where_nothing_may_be_read_nothing_that_was_written_is_shown(phone) -> None:
    phone.write("safe-contact", {"way": "write_only"})
    write(phone, "event", event="canary one")
    write(phone, "did", did="canary two")
    pages = [f"{SHEET}/{n}/" for n in range(1, 12)] + [f"{SHEET}/all/", "/my/sheets/"]
    assert "canary" not in "".join(phone.text(one) for one in pages)
    write(phone, "event", event="")  # nothing was shown, so nothing is taken away

    told = send(phone)

    (entry,) = phone.entries(FEELING)
    assert answers_of(entry) == {"event": "canary one", "did": "canary two"}
    assert "canary" not in phone.text(told["Location"])
    assert phone.get(f"/my/written/{entry.id}/").status_code == 404


def test_a_sheet_about_a_hard_talk_waits_until_it_is_given(phone) -> None:
    assert phone.get(f"/my/sheets/{key_of('assertive-message')}/").status_code == 404
    assert phone.get(f"/my/sheets/{key_of('dispute-map')}/").status_code == 404
    assert "Assertive message" not in phone.text("/my/sheets/")

    phone.write("assertive-message", {"situation": "The date"})

    assert phone.get(f"/my/sheets/{key_of('assertive-message')}/").status_code == 200


def test_a_sheet_that_a_step_names_is_for_now(phone) -> None:
    a_session(phone, days_ago=1)
    made = begin_thing(by=phone.service.actor(), at=timezone.now(), enrolment=phone.enrolment.label, kind="step")
    phone.write("between-session-step", {"text": "Look at it", "sheet": "Dispute map"}, about=made)

    page = phone.text("/my/sheets/")

    assert open_form("dispute-map").title in page[page.index("For now") : page.index("All sheets")]


@pytest.mark.parametrize("name", sorted(keys().values()))
def test_every_sheet_can_be_walked_through_and_skipped(phone, name) -> None:
    form = open_form(name)
    how = {"by": phone.actor(), "at": timezone.now(), "enrolment": phone.enrolment.label}
    save_entry(**how, form=name, answers={}, kind="without_content")  # some wait until they were worked on
    address = f"/my/sheets/{key_of(name)}/"
    if not may_wait(form):
        assert phone.get(address).status_code == 200
        return
    place_now = phone.get(address)["Location"]
    steps = 0
    while place_now.endswith("/") and re.search(r"/[0-9]+/$", place_now):
        page = phone.text(place_now)
        assert "Skip this" in page
        assert form.title not in re.search(r"<title>(.*?)</title>", page)[1]
        place_now = phone.browser.post(place_now, {"_id": MARK.search(page)[1], "_do": "pass"})["Location"]
        steps += 1
    assert steps == len(screens_of(form, [], {}))
    assert not Draft.objects.exists()


@pytest.mark.parametrize("address", ["/my/sheets/", f"{SHEET}/", f"{SHEET}/2/", f"{SHEET}/all/"])
def test_a_page_asks_few_questions_of_the_database(phone, address) -> None:
    for n in range(3):
        write(phone, "event", event=f"She left {n}")
        send(phone)
    if address != f"{SHEET}/":
        write(phone, "event", event="again")

    assert asked(phone.browser, address) <= MOST
