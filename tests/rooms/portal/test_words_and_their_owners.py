"""On a client's telephone: words are shown with their owner's name, and words that may not be shown are not asked."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.forms import form_ids, open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

WITHOUT_WORDS = [name for name in form_ids() if not open_form(name).may_ship]


def test_each_question_names_who_made_it(phone) -> None:
    for number in (1, 9, 10):
        assert open_form("phq-9").terms.attribution in phone.text(f"/my/q/{key_of('phq-9')}/{number}/")


@pytest.mark.parametrize("name", WITHOUT_WORDS)
def test_a_form_without_its_words_is_asked_of_no_client(phone, name: str) -> None:
    assert phone.get(f"/my/q/{key_of(name)}/1/").status_code == 404
    shown = phone.text(f"/forms/{name}/")
    assert "The wording is" in shown
    if open_form(name).wording == "licence_needed":
        assert f"questionnaires/{name}/text.en.yaml" in shown
        assert "OPENIPT_LIBRARY" in shown


def test_a_recorded_question_can_be_heard_and_the_others_are_as_they_were(phone, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "questionnaires" / "phq-9" / "audio.en"
    folder.mkdir(parents=True)
    head = "grammar: openipt-audio/1\nof: phq-9\nlicence: Ours\nattribution: Read by nobody in particular\n"
    (folder / "audio.yaml").write_text(head, encoding="utf-8")
    with wave.open(str(folder / "q2.wav"), "wb") as sound:
        sound.setparams((1, 1, 8000, 80, "NONE", ""))
        sound.writeframes(b"\x80" * 80)
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))

    second = phone.text(f"/my/q/{key_of('phq-9')}/2/")

    assert second.count("<audio") == 1
    assert "Read by nobody in particular" in second
    assert "phq" not in second[second.index("<audio") : second.index("</audio>")]
    assert "<audio" not in phone.text(f"/my/q/{key_of('phq-9')}/3/")
