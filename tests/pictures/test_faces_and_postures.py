"""Drawn faces and postures: each can be read by whoever does not see it, and means more than one thing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from openipt.pictures import DRAWN, drawn, on_paper
from openipt.therapy.forms import open_form
from openipt.therapy.lessons import open_lesson
from openipt.therapy.vocabulary import drawings, words_of

PRACTICE = open_form("nonverbal-practice")
PICTURED = [item for item in PRACTICE.items if item.picture]
LESSON = open_lesson("reading-faces-and-postures")
FELT = {word.lower() for word in words_of("feelings").values()} | {"angry", "sad", "afraid", "happy", "worried"}


def test_eight_faces_and_six_postures_are_drawn_and_all_are_practised() -> None:
    assert sum(name.startswith("face-") for name in DRAWN) == 8
    assert sum(name.startswith("posture-") for name in DRAWN) == 6
    assert set(DRAWN) == set(drawings()) == {item.picture for item in PICTURED}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_says_what_there_is_to_see_and_never_what_is_felt(name: str) -> None:
    seen = drawings()[name]
    made = drawn(name, seen)
    root = ElementTree.fromstring(made.svg)  # noqa: S314 - our own drawing
    labels = [part.text for part in root.iter() if part.get("id") in root.attrib["aria-labelledby"].split()]

    assert root.attrib["role"] == "img"
    assert labels == [made.title, seen]
    assert not set(re.findall(r"[a-z]+", seen.lower())) & FELT


@pytest.mark.parametrize("name", DRAWN)
def test_all_strokes_lie_on_the_ground_of_the_drawing(name: str) -> None:
    root = ElementTree.fromstring(drawn(name, "seen").svg)  # noqa: S314 - our own drawing
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    circles = [part.attrib for part in root.iter() if part.tag.endswith("circle")]

    assert circles or name.startswith("face-")
    for one in circles:
        x, y, r = (float(one[key]) for key in ("cx", "cy", "r"))
        assert r <= x <= width - r
        assert r <= y <= height - r


def test_no_two_drawings_are_the_same() -> None:
    assert len({re.sub(r"<(title|desc).*?</\1>", "", drawn(name, "", "x").svg) for name in DRAWN}) == len(DRAWN)


@pytest.mark.parametrize("item", PICTURED, ids=lambda item: item.id)
def test_every_picture_of_the_worksheet_has_many_answers_room_for_own_words_and_no_right_one(item: object) -> None:
    assert item.kind == "choices"  # type: ignore[attr-defined]
    assert len(item.choices) >= 4  # type: ignore[attr-defined]
    assert item.other  # type: ignore[attr-defined]
    assert any(check.item == item.id and check.level == "ask" for check in PRACTICE.checks)  # type: ignore[attr-defined]


def test_the_culture_note_stands_before_the_first_picture() -> None:
    ids = [item.id for item in PRACTICE.items]
    assert ids.index("culture") < ids.index(PICTURED[0].id)


def test_the_lesson_shows_pictures_with_words_and_more_than_one_right_answer() -> None:
    pictured = [check for check in LESSON.check if check.picture]

    assert len(pictured) >= 6
    for check in pictured:
        assert check.see
        assert sum(answer.right for answer in check.answers) >= 2


def test_on_paper_a_drawing_needs_no_tokens() -> None:
    made = on_paper(drawn("face-tears", "seen"))

    assert "var(" not in made
    assert "#25211C" in made
    ElementTree.fromstring(made)  # noqa: S314 - our own drawing
