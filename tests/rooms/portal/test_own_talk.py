"""A talk as a conversation, line by line; the lines said in another way become the words to try out."""

from __future__ import annotations

import pytest
from rooms.portal.test_between_sessions import a_session, answers_of
from rooms.portal.test_own_sheets import mark, place, send, therapist, write

from openipt.casebook.models import Draft
from openipt.rooms.portal.questions.asking import key_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TALK = "communication-analysis"
LINES = f"/my/sheets/{key_of(TALK)}/{place(TALK, 'lines')}/"
AGAIN = f"/my/sheets/{key_of(TALK)}/{place(TALK, 'rewrite')}/"


def line(phone, n: int, who: str, said: str, do: str = "line", **more):
    given = {f"lines.{n}.{name.replace('__', '.')}": one for name, one in more.items()}
    return phone.browser.post(
        LINES, {"_id": mark(phone, LINES), "_do": do, f"lines.{n}.speaker": who, f"lines.{n}.said": said, **given}
    )


def a_talk(phone) -> None:
    write(phone, "aim_before", form=TALK, aim_before="To be asked first")
    line(phone, 0, "me", "You could have asked me.", felt__12__word="angry", thought_wanted="Ask me")
    line(phone, 1, "other", "I thought you knew.", turning_point="yes")
    line(phone, 2, "me", "You never ask.")


def say_again(phone, of: int, said: str):
    page = phone.text(f"{AGAIN}?line={of}")
    assert "What I would say now" in page
    return phone.browser.post(
        f"{AGAIN}?line={of}",
        {"_id": mark(phone, AGAIN), "_do": "line", "rewrite.0.line": str(of), "rewrite.0.said": said},
    )


def test_a_talk_is_written_line_by_line_and_stays_on_its_page(phone) -> None:
    a_talk(phone)
    page = phone.text(LINES)

    assert page.index("You could have asked me.") < page.index("I thought you knew.") < page.index("You never ask.")
    assert "Here it turned" in page
    assert "felt: <b>angry</b>" in page
    assert 'name="lines.3.said"' in page
    assert line(phone, 3, "other", "")["Location"] == f"{LINES}#next"
    assert phone.text(LINES).count('class="bubble"') == 3  # a line that nobody wrote is none


def test_a_line_is_changed_and_taken_away(phone) -> None:
    a_talk(phone)
    assert "I thought you knew." in phone.text(f"{LINES}?line=1").split('id="next"')[1]
    line(phone, 1, "other", "I had no idea.")

    phone.browser.post(LINES, {"_id": mark(phone, LINES), "_do": "remove:lines.0"})

    page = phone.text(LINES)
    assert "I had no idea." in page
    assert "I thought you knew." not in page
    assert "You could have asked me." not in page


def test_a_line_that_cannot_be_taken_stays_on_the_page(phone) -> None:
    a_talk(phone)
    told = line(phone, 3, "nobody-of-ours", "A long silence")

    assert told.status_code == 422
    assert "A long silence" in told.content.decode()
    assert "You never ask." in told.content.decode()


def test_skipping_takes_nothing_away(phone) -> None:
    a_talk(phone)
    phone.browser.post(LINES, {"_id": mark(phone, LINES), "_do": "pass"})

    assert phone.text(LINES).count('class="bubble"') == 3


def test_the_lines_said_again_become_the_words_to_try(phone) -> None:
    a_session(phone, days_ago=3)
    a_talk(phone)
    say_again(phone, 2, "I would like to be asked first.")
    told = send(phone, TALK)
    (talk,) = phone.entries(TALK)
    said = answers_of(talk)
    assert said["rewrite"] == [{"line": 2, "said": "I would like to be asked first."}]
    assert said["lines"][0]["felt"] == [{"emotion": "anger"}]
    assert "Make them my words to try" in phone.text(told["Location"])

    for _ in range(2):
        phone.browser.post(f"/my/written/{talk.id}/words/")

    (script,) = phone.entries("role-play")
    assert script.about == str(talk.id)
    assert answers_of(script)["my_message"] == "I would like to be asked first."
    assert "Make them my words to try" not in phone.text(told["Location"])
    shown = therapist(phone).get(f"/courses/{phone.enrolment.label}/entries/{script.id}/").content.decode()
    assert "I would like to be asked first." in shown


def test_a_talk_only_for_the_client_gives_words_only_for_the_client(phone) -> None:
    a_talk(phone)
    say_again(phone, 2, "zebra")
    send(phone, TALK, _only_me="1")
    (talk,) = phone.entries(TALK)

    phone.browser.post(f"/my/written/{talk.id}/words/")

    assert [one.visibility for one in phone.entries("role-play")] == ["client_private"]


def test_in_write_only_the_talk_is_counted_and_not_shown(phone) -> None:
    a_talk(phone)
    phone.write("safe-contact", {"way": "write_only"})

    pages = phone.text(LINES) + phone.text(AGAIN) + phone.text(f"{LINES}?line=0") + phone.text(f"{AGAIN}?line=0")

    assert "3 lines kept" in pages
    assert "You never ask." not in pages
    assert "You could have asked me." not in pages
    line(phone, 3, "me", "Goodbye")
    send(phone, TALK)
    assert len(answers_of(phone.entries(TALK)[0])["lines"]) == 4
    assert not Draft.objects.exists()
