"""`openipt library check` on recordings: what is missing and what does not belong is named, each by its file."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openipt.cli import app
from openipt.therapy.forms import open_form
from openipt.therapy.forms.spoken import to_record
from openipt.therapy.shelf import recordings

HEAD = "grammar: openipt-audio/1\nof: {of}\nlicence: Ours\nattribution: Read by nobody in particular\n"


def tiny_wav(file: Path) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 80)


def record(shelf: Path, kind: str, of: str, *names: str, more: str = "") -> Path:
    folder = shelf / kind / of / "audio.en"
    folder.mkdir(parents=True)
    (folder / "audio.yaml").write_text(HEAD.format(of=of) + more, encoding="utf-8")
    for name in names:
        tiny_wav(folder / f"{name}.wav")
    return folder


def check(shelf: Path) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["library", "check", str(shelf)])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.stdout


GAD_2 = [name for name, needed in to_record(open_form("gad-2")).items() if needed]


def test_a_whole_recording_is_clean(tmp_path: Path) -> None:
    record(tmp_path, "questionnaires", "gad-2", *GAD_2)
    record(tmp_path, "lessons", "what-ipt-is", "lesson")
    assert check(tmp_path) == (0, "2 audio packs read; problems: 0.\n")


def test_the_page_of_the_how_to_is_true(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "record-a-form.md").read_text(encoding="utf-8")
    place, text = re.search(r"^```yaml our-shelf/(\S+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL).groups()
    folder = record(tmp_path, "questionnaires", "gad-2", *GAD_2)
    assert tmp_path / place == folder / "audio.yaml"
    (tmp_path / place).write_text(text, encoding="utf-8")
    assert check(tmp_path)[0] == 0
    assert all(ending in page for ending in recordings.KINDS)
    assert f"{recordings.MOST_BYTES:,} bytes" in page


def test_what_is_missing_is_named_and_may_be_left_on_purpose(tmp_path: Path) -> None:
    folder = record(tmp_path, "questionnaires", "gad-2", *GAD_2[1:])
    code, said = check(tmp_path)
    assert code == 1
    assert f"gad-2/audio.en: {GAD_2[0]!r} is not recorded; expected {GAD_2[0]}.mp3, or `only` without it" in said
    (folder / "audio.yaml").write_text(HEAD.format(of="gad-2") + f"only: [{', '.join(GAD_2[1:])}]\n", encoding="utf-8")
    assert check(tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("file", "content", "wrong", "expected"),
    [
        ("q77.wav", None, "'q77'", "q1, q2"),
        ("q1.exe", b"MZ", "no recording of a known kind", ".mp3"),
        ("q1.html", b"<p>", "no recording of a known kind", ".mp3"),
        (".DS_Store", b"x", "no recording of a known kind", ".mp3"),
        ("q1.mp3", b"<html>", "does not begin as a .mp3 file does", "saved in the kind"),
        ("q1.ogg", b"", "does not begin as a .ogg file does", "saved in the kind"),
        ("q1.mp3", b"ID3\x04", "recorded twice", "one file for each item"),
    ],
)
def test_what_does_not_belong_is_named(
    tmp_path: Path, file: str, content: bytes | None, wrong: str, expected: str
) -> None:
    folder = record(tmp_path, "questionnaires", "gad-2", *GAD_2)
    if content is None:
        tiny_wav(folder / file)
    else:
        (folder / file).write_bytes(content)
    code, said = check(tmp_path)
    line = next(line for line in said.splitlines() if wrong in line)
    assert code == 1
    assert expected in line
    assert "gad-2/audio.en" in line


def test_a_folder_inside_and_a_link_are_no_recordings(tmp_path: Path) -> None:
    folder = record(tmp_path, "questionnaires", "gad-2", *GAD_2)
    (folder / "more").mkdir()
    (folder / "q2b.wav").symlink_to(folder / "q2.wav")
    said = check(tmp_path)[1]
    assert "audio.en/more: is no plain file" in said
    assert "audio.en/q2b.wav: is no plain file" in said


def test_one_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "MOST_BYTES", 100)
    record(tmp_path, "lessons", "what-ipt-is", "lesson")
    assert "lesson.wav: has 124 bytes; expected at most 100" in check(tmp_path)[1]


@pytest.mark.parametrize(
    ("more", "of", "wrong"),
    [
        ("", "phq-9", "'phq-9' beside the definition of 'gad-2'"),
        ("language: fr\n", "gad-2", "'fr' in the folder 'audio.en'"),
        ("only: [q1, q77]\n", "gad-2", "only[1]: 'q77' is not asked by gad-2"),
        ("speed: fast\n", "gad-2", "'speed' is not known"),
    ],
)
def test_the_page_of_a_recording_is_read_strictly(tmp_path: Path, more: str, of: str, wrong: str) -> None:
    folder = record(tmp_path, "questionnaires", "gad-2", *GAD_2)
    (folder / "audio.yaml").write_text(HEAD.format(of=of) + more, encoding="utf-8")
    code, said = check(tmp_path)
    assert code == 1
    assert "gad-2/audio.en/audio.yaml:" in said
    assert wrong in said


def test_a_recording_without_a_page_that_names_its_owner_is_refused(tmp_path: Path) -> None:
    folder = record(tmp_path, "lessons", "what-ipt-is", "lesson")
    (folder / "audio.yaml").unlink()
    assert "audio.en/audio.yaml: cannot be opened" in check(tmp_path)[1]


def test_a_recording_of_words_that_are_not_here_is_refused(tmp_path: Path) -> None:
    record(tmp_path, "questionnaires", "epds", "q1")
    code, said = check(tmp_path)
    assert code == 1
    assert "the words of 'epds' are not here" in said
    assert "text.en.yaml" in said


def test_a_recording_of_nothing_on_the_shelf_is_refused(tmp_path: Path) -> None:
    record(tmp_path, "questionnaires", "gad-22", "q1")
    assert "gad-22: words for 'gad-22', of which no shelf has a definition" in check(tmp_path)[1]


def test_a_recording_of_no_lesson_is_refused(tmp_path: Path) -> None:
    record(tmp_path, "lessons", "what-ipt-is-not", "lesson")
    assert "a recording of 'what-ipt-is-not', which is on no shelf" in check(tmp_path)[1]


def test_sound_added_to_our_definition_leaves_it_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openipt.therapy.lessons import open_lesson

    form, lesson = open_form("gad-2"), open_lesson("what-ipt-is")
    record(tmp_path, "questionnaires", "gad-2", *GAD_2)
    record(tmp_path, "lessons", "what-ipt-is", "lesson")
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    assert open_form("gad-2") == form
    assert open_lesson("what-ipt-is") == lesson
