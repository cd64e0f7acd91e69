"""Lessons are read by tired people: short words, short sentences, no blame, no claim about what causes what."""

from __future__ import annotations

import re

import pytest

from openipt.therapy.lessons import Lesson, lesson_ids, open_lesson
from openipt.therapy.words.reading import GRADE, grade, syllables

NEVER = re.compile(
    r"because of|\bcaus(?:e|es|ed|ing)\b|\bfail(?:s|ed|ure)?\b|!|high risk|low risk|\bat risk\b|compliant|"
    r"\bexposure\b|\bthe patient|\bmust have\b|you should have",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b(?:behavior|color|favor|honor|neighbor|labor|center|practicing|practiced|counseling|program(?!\b s)s|mom|"
    r"realiz\w+|recogniz\w+|organiz(?!ation)\w+|apologiz\w+)\b",
    re.IGNORECASE,
)


def passages(lesson: Lesson) -> list[str]:
    """Everything of a lesson that a reader reads, passage by passage."""
    group = lesson.group
    return [
        lesson.title,
        lesson.summary,
        *(line for block in lesson.text for line in block.words.splitlines()),
        *(words for one in lesson.check for words in (one.ask, one.see or "")),
        *(words for one in lesson.check for answer in one.answers for words in (answer.words, answer.reply)),
        lesson.step,
        lesson.stop_if or "",
        lesson.audio or "",
        *((group.aim, *group.materials, *group.strategies, *(one.how for one in group.activities)) if group else ()),
    ]


def sentences_of(lesson: Lesson) -> list[str]:
    return [one for passage in passages(lesson) for one in re.split(r"(?<=[.?!])\s+", passage) if one]


def prose_of(lesson: Lesson) -> list[str]:
    """Whole sentences alone: headings, answers and items of a list are short, and would make a text look plainer."""
    return [one for one in sentences_of(lesson) if re.search(r"[.?!]\W*$", one)]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("grief", 1), ("made", 1), ("people", 2), ("feeling", 2), ("asked", 1), ("wanted", 2), ("therapist", 3),
        ("depression", 3), ("times", 1), ("changes", 2), ("lonely", 2), ("don't", 1), ("medicine", 3), ("little", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_people_speak_them(word, count):
    assert syllables(word) == count


def test_the_grade_tells_plain_from_heavy():
    plain = ["We talk about people.", "You choose what to do."]
    heavy = ["Interpersonal psychotherapy conceptualises depression as a multifactorial biopsychosocial condition."]

    assert grade(plain) < 4
    assert grade(heavy) > 18


def test_a_text_without_a_word_has_no_grade():
    with pytest.raises(ValueError, match="expected a text"):
        grade(["12", "..."])


@pytest.mark.parametrize("name", lesson_ids())
def test_every_lesson_can_be_read_by_a_twelve_year_old(name):
    assert grade(prose_of(open_lesson(name))) <= GRADE


@pytest.mark.parametrize("name", lesson_ids())
def test_no_sentence_of_a_lesson_is_long(name):
    long = [one for one in sentences_of(open_lesson(name)) if len(one.split()) > 25]

    assert long == []


@pytest.mark.parametrize("name", lesson_ids())
def test_no_lesson_blames_claims_a_cause_or_sorts_people(name):
    words = "\n".join(passages(open_lesson(name)))

    assert not NEVER.search(words), NEVER.search(words)
    assert not AMERICAN.search(words), AMERICAN.search(words)
