"""Words read aloud: a player stands beside what a service has recorded, and only files of the shelf are ever played."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from openipt.therapy.forms import open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

HEAD = "grammar: openipt-audio/1\nof: {of}\nlicence: Ours\nattribution: Read by the made-up clinic of Anyplace\n"
PLAYER = re.compile(r'<audio class="sound[^"]*" controls preload="none" src="([^"]+)" aria-label="([^"]*)"')


def tiny_wav(file: Path) -> bytes:
    """A tenth of a second of silence."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 800)
    return file.read_bytes()


def record(shelf: Path, kind: str, of: str, *names: str, head: str = HEAD) -> Path:
    folder = shelf / kind / of / "audio.en"
    folder.mkdir(parents=True)
    (folder / "audio.yaml").write_text(head.format(of=of), encoding="utf-8")
    for name in names:
        tiny_wav(folder / f"{name}.wav")
    return folder


def players(page: str) -> dict[str, str]:
    """The players of a page: what they read -> their address."""
    return {words: address for address, words in PLAYER.findall(page)}


@pytest.fixture
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("OPENIPT_LIBRARY", str(shelf))
    return shelf


def nobody() -> Client:
    return Client(HTTP_HOST="localhost")


def play(address: str, part: str = "") -> tuple[HttpResponse, bytes]:
    answer = nobody().get(address, headers={"Range": part} if part else {})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return answer, content


# ---- nothing changes where nothing is recorded ----


@pytest.mark.parametrize("page", ["/forms/phq-9/", "/forms/active-listening/", "/lessons/what-ipt-is/"])
def test_without_recordings_a_page_has_no_player(own_shelf: Path, page: str) -> None:
    shown = nobody().get(page).content.decode()
    assert "<audio" not in shown
    assert "sound.css" not in shown
    assert "Read aloud" not in shown


# ---- where something is ----


def test_a_recorded_question_has_its_player_and_the_others_have_none(own_shelf: Path) -> None:
    record(own_shelf, "questionnaires", "phq-9", "q9", "_instructions")
    shown = nobody().get("/forms/phq-9/").content.decode()
    assert list(players(shown)) == [
        "Listen: what this sheet is about",
        "Listen: Thoughts that you would be better off dead or of hurting yourself in some way",
    ]
    assert "Read by the made-up clinic of Anyplace · Ours" in shown
    assert "Robert L. Spitzer" in shown, "the words keep their own attribution"


def test_a_question_inside_a_group_is_named_by_its_way(own_shelf: Path) -> None:
    record(own_shelf, "worksheets", "mood-diary", "interactions.person")
    assert len(players(nobody().get("/forms/mood-diary/").content.decode())) >= 1


def test_a_lesson_can_be_heard(own_shelf: Path) -> None:
    folder = record(own_shelf, "lessons", "what-ipt-is", "lesson")
    shown = nobody().get("/lessons/what-ipt-is/").content.decode()
    (address,) = players(shown).values()
    answer, content = play(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/wav"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert content == (folder / "lesson.wav").read_bytes()
    assert "Read by the made-up clinic" in shown


def test_a_sheet_that_is_filled_in_has_them_too(own_shelf: Path, visitor) -> None:
    record(own_shelf, "questionnaires", "phq-9", "q1")
    shown = visitor.get("/courses/C01/fill/phq-9/").content.decode()
    assert list(players(shown)) == ["Listen: Little interest or pleasure in doing things"]
    assert "Read by the made-up clinic" in shown


def test_a_sheet_that_is_turned_to_the_client_keeps_them(own_shelf: Path, visitor) -> None:
    record(own_shelf, "worksheets", "self-care", open_form("self-care").items[0].id)
    shown = visitor.get("/courses/C01/fill/self-care/").content.decode()
    typed = dict(re.findall(r'name="(_id|_version|_for)" value="([^"]*)"', shown))
    turned = visitor.post("/courses/C01/fill/self-care/", {**typed, "_do": "turn:to"}, follow=True).content.decode()
    assert '<body class="client">' in turned
    assert len(players(turned)) == 1


def test_the_address_does_not_tell_which_questionnaire_it_is(own_shelf: Path) -> None:
    record(own_shelf, "questionnaires", "phq-9", "q9")
    (address,) = players(nobody().get("/forms/phq-9/").content.decode()).values()
    assert "phq" not in address
    assert play(address)[0]["Cache-Control"] == "no-store"


def test_the_page_lets_sound_come_from_the_service_itself_alone(own_shelf: Path) -> None:
    rules = nobody().get("/lessons/what-ipt-is/")["Content-Security-Policy"]
    assert "media-src 'self'" in rules


# ---- parts of a file, as some telephones ask for them ----


@pytest.mark.parametrize(
    ("asked", "part"), [("bytes=0-3", slice(0, 4)), ("bytes=4-", slice(4, None)), ("bytes=-10", slice(-10, None))]
)
def test_a_part_of_a_recording_can_be_asked_for(own_shelf: Path, asked: str, part: slice) -> None:
    whole = (record(own_shelf, "lessons", "what-ipt-is", "lesson") / "lesson.wav").read_bytes()
    (address,) = players(nobody().get("/lessons/what-ipt-is/").content.decode()).values()
    answer, content = play(address, asked)
    assert answer.status_code == 206
    assert content == whole[part]
    assert answer["Content-Range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize("asked", ["bytes=9000000-", "bytes=5-2", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(own_shelf: Path, asked: str) -> None:
    record(own_shelf, "lessons", "what-ipt-is", "lesson")
    (address,) = players(nobody().get("/lessons/what-ipt-is/").content.decode()).values()
    assert play(address, asked)[0].status_code == 416


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,4-5", "lines=0-3", "bytes=x-"])
def test_what_cannot_be_read_as_a_part_gets_the_whole(own_shelf: Path, asked: str) -> None:
    record(own_shelf, "lessons", "what-ipt-is", "lesson")
    (address,) = players(nobody().get("/lessons/what-ipt-is/").content.decode()).values()
    assert play(address, asked)[0].status_code == 200


# ---- only files of the shelf ----


@pytest.mark.parametrize(
    "name",
    [
        "../audio.yaml",
        "audio.yaml",
        "..%2f..%2fform.yaml",
        "%2e%2e/secret.wav",
        "q2.wav",
        "secret.wav",
        "q9.wav%00",
        ".",
    ],
)
def test_nothing_but_a_listed_recording_is_played(own_shelf: Path, tmp_path: Path, name: str) -> None:
    folder = record(own_shelf, "questionnaires", "phq-9", "q9")
    tiny_wav(folder.parent / "secret.wav")
    (address,) = players(nobody().get("/forms/phq-9/").content.decode()).values()
    answer, content = play(address.removesuffix("q9.wav") + name)
    assert answer.status_code == 404
    assert b"openipt-audio" not in content


def test_a_link_that_leads_out_of_the_shelf_is_not_played(own_shelf: Path, tmp_path: Path) -> None:
    folder = record(own_shelf, "questionnaires", "phq-9", "q9")
    tiny_wav(tmp_path / "elsewhere.wav")
    (folder / "q1.wav").symlink_to(tmp_path / "elsewhere.wav")
    assert len(players(nobody().get("/forms/phq-9/").content.decode())) == 1


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b""])
def test_a_file_that_is_no_sound_is_not_played_whatever_it_is_called(own_shelf: Path, content: bytes) -> None:
    folder = record(own_shelf, "questionnaires", "phq-9", "q9")
    (folder / "q1.wav").write_bytes(content)
    assert len(players(nobody().get("/forms/phq-9/").content.decode())) == 1


def test_recordings_without_a_page_that_names_their_owner_are_not_played(own_shelf: Path) -> None:
    folder = record(own_shelf, "questionnaires", "phq-9", "q9")
    (folder / "audio.yaml").unlink()
    assert players(nobody().get("/forms/phq-9/").content.decode()) == {}


def test_words_that_may_not_be_shown_are_not_heard_either(own_shelf: Path) -> None:
    record(own_shelf, "questionnaires", "epds", "q1")
    assert players(nobody().get("/forms/epds/").content.decode()) == {}


def test_a_recording_for_noncommercial_use_waits_for_the_switch(own_shelf: Path, monkeypatch) -> None:
    record(own_shelf, "lessons", "what-ipt-is", "lesson", head=HEAD + "noncommercial: true\n")
    assert players(nobody().get("/lessons/what-ipt-is/").content.decode()) == {}
    monkeypatch.setenv("OPENIPT_NONCOMMERCIAL", "1")
    assert len(players(nobody().get("/lessons/what-ipt-is/").content.decode())) == 1


def test_nobody_can_write_to_a_recording(own_shelf: Path) -> None:
    record(own_shelf, "questionnaires", "phq-9", "q9")
    (address,) = players(nobody().get("/forms/phq-9/").content.decode()).values()
    assert nobody().post(address).status_code == 405


def test_a_page_that_is_being_mended_hides_no_other(own_shelf: Path) -> None:
    record(own_shelf, "questionnaires", "no-such-scale", "q1")
    record(own_shelf, "lessons", "no-such-lesson", "lesson")
    assert b"/forms/phq-9/" in nobody().get("/forms/").content
    assert b"/lessons/what-ipt-is/" in nobody().get("/lessons/").content
    assert nobody().get("/forms/no-such-scale/").status_code == 404
    assert nobody().get("/lessons/no-such-lesson/").status_code == 404
