"""The lessons that ship: all that were promised are there, whole, sourced and safe."""

from __future__ import annotations

import pytest

from openipt.therapy.lessons import lesson_ids, lessons, open_lesson
from openipt.therapy.shelf import Refused

AREAS = {"PA_GRIEF": "grief", "PA_DISPUTE": "disputes", "PA_TRANSITION": "change-of-role", "PA_DEFICIT": "loneliness"}
SPEAK_UP = ["disputes", "saying-what-i-need", "conflict", "boundaries", "active-listening", "ast-3-six-strategies"]
HELP_NOW = ["what-depression-is", "grief", "strong-feelings", "big-feelings", "staying-well"]


def words_of(name: str) -> str:
    return "\n".join(block.words for block in open_lesson(name).text)


def test_lessons_come_in_the_order_in_which_they_are_read():
    found = lessons()

    assert found[0].id == "what-ipt-is"
    assert len({(one.part, one.order) for one in found}) == len(found) == len(lesson_ids())


@pytest.mark.parametrize("name", lesson_ids())
def test_a_lesson_says_on_what_it_rests_and_is_long_enough_to_be_of_use(name):
    lesson = open_lesson(name)

    assert all(len(source) > 20 for source in lesson.sources)
    assert len(words_of(name).split()) >= 100
    assert any(not answer.right for one in lesson.check for answer in one.answers) or name in MANY_RIGHT


MANY_RIGHT = (  # here the point is that each answer may fit
    "naming-feelings", "feelings-in-the-body", "grief", "where-ipt-comes-from", "ast-2-how-we-talk",
)  # fmt: skip


@pytest.mark.parametrize(("area", "name"), AREAS.items())
def test_each_problem_area_has_its_lesson(area, name):
    assert open_lesson(name).areas == (area,)


@pytest.mark.parametrize("name", ["learning-to-relax", "mindful-listening"])
def test_calm_practice_is_an_extra_and_says_when_to_stop(name):
    lesson = open_lesson(name)

    assert lesson.adjunct
    assert "Stop if you feel far away" in (lesson.stop_if or "")


def test_nothing_else_is_an_extra():
    assert [one.id for one in lessons() if one.adjunct] == ["learning-to-relax", "mindful-listening"]


@pytest.mark.parametrize("name", SPEAK_UP)
def test_a_lesson_on_speaking_up_says_first_that_it_must_be_safe(name):
    assert "afraid" in words_of(name) or "hurt you" in words_of(name) or "scares" in words_of(name)
    assert "alone" in words_of(name)


@pytest.mark.parametrize("name", HELP_NOW)
def test_where_it_may_get_dark_a_person_is_named_to_turn_to(name):
    assert any(words in words_of(name) for words in ("tell a person today", "emergency number", "call for help"))


def test_non_verbal_practice_is_told_in_words_and_has_more_than_one_right_answer():
    lesson = open_lesson("reading-faces-and-postures")

    assert all(one.see for one in lesson.check)
    assert all(sum(answer.right for answer in one.answers) >= 2 for one in lesson.check)
    assert "Where you come from counts" in words_of(lesson.id)


def test_the_skills_course_has_eight_meetings_of_ninety_minutes():
    course = [one for one in lessons() if one.group and one.group.course == "ipt-ast"]

    assert [one.group.session for one in course if one.group] == list(range(1, 9))
    assert {one.minutes for one in course} == {90}
    assert {one.readers for one in course} == {"facilitators"}


def test_history_names_where_the_sources_differ():
    words = words_of("where-ipt-comes-from")

    assert all(part in words for part in ("1969", "1970", "1984", "Klerman", "Paykel", "Weissman", "differ"))


def test_ipt_is_not_relational_therapy_and_says_why():
    words = words_of("questions-about-ipt")

    assert "Is it relational therapy?" in words
    assert "No. The names sound alike." in words


def test_a_lesson_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Refused, match="one of active-listening"):
        open_lesson("../manuals")
