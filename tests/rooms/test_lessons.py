"""The pages of lessons: every one answers, says what to do and when to stop, and trusts no word of the shelf."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from openipt.therapy.lessons import lesson_ids, open_lesson


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST="localhost")


def text_of(response) -> str:
    """The words of a page, without its marks."""
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", page).replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")


def test_the_shelf_shows_every_lesson_and_stands_in_the_main_navigation(visitor):
    page = visitor.get("/lessons/").content.decode()

    assert '<a href="/lessons/" aria-current="page">Lessons</a>' in page
    assert all(f'href="/lessons/{name}/"' in page for name in lesson_ids())


@pytest.mark.parametrize("name", lesson_ids())
def test_every_lesson_shows_its_text_its_questions_its_step_and_its_sources(visitor, name):
    response = visitor.get(f"/lessons/{name}/")
    lesson, said = open_lesson(name), text_of(response)

    assert response.status_code == 200
    assert all(line in said for block in lesson.text for line in block.words.splitlines() if not emphasised(block))
    assert all(one.ask in said for one in lesson.check)
    assert all(answer.reply in said for one in lesson.check for answer in one.answers)
    assert lesson.step in said
    assert all(source in said for source in lesson.sources)


def emphasised(block) -> bool:
    return any(span.weight != "plain" for line in block.lines for span in line)


@pytest.mark.parametrize("name", lesson_ids())
def test_questions_open_without_a_script_and_nothing_is_sent(visitor, name):
    page = visitor.get(f"/lessons/{name}/").content.decode()

    assert page.count("<details>") == sum(len(one.answers) for one in open_lesson(name).check)
    assert "<script" not in page
    assert "<form" not in page
    assert 'style="' not in page


@pytest.mark.parametrize("name", ["learning-to-relax", "mindful-listening"])
def test_an_extra_says_so_and_says_when_to_stop_before_anything_else(visitor, name):
    said = text_of(visitor.get(f"/lessons/{name}/"))

    assert "It is not a part of IPT" in said
    assert said.index("When to stop.") < said.index(open_lesson(name).text[0].words[:30])


def test_a_lesson_of_a_group_shows_what_a_facilitator_needs(visitor):
    said = text_of(visitor.get("/lessons/ast-2-how-we-talk/"))

    assert all(
        part in said for part in ("Aim", "What you need", "Strategies", "Activities", "20 minutes", "To take home")
    )


def test_a_lesson_leads_to_the_next_and_to_its_worksheets(visitor):
    page = visitor.get("/lessons/grief/").content.decode()

    assert 'href="/lessons/disputes/"' in page
    assert 'href="/forms/grief-reconstruction/"' in page


@pytest.mark.parametrize("address", ["/lessons/nothing/", "/lessons/What-IPT-is/"])
def test_a_lesson_that_is_not_there_is_said_to_be_missing(visitor, address):
    response = visitor.get(address)

    assert response.status_code == 404
    assert "No such lesson on this shelf." in text_of(response)


def test_words_of_a_services_own_shelf_are_never_taken_for_marks(visitor, tmp_path: Path, monkeypatch):
    folder = tmp_path / "lessons" / "what-ipt-is"
    folder.mkdir(parents=True)
    ours = Path(__file__).resolve().parents[2] / "openipt/library/lessons/what-ipt-is/lesson.md"
    text = ours.read_text(encoding="utf-8").replace("title: What IPT is", 'title: "<img src=x onerror=alert(1)>"')
    (folder / "lesson.md").write_text(text, encoding="utf-8")
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))

    page = visitor.get("/lessons/what-ipt-is/").content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
