"""A lesson is read strictly: what is wrong is named with file, line, key and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.lessons import Span, read_leaf, read_lesson
from openipt.therapy.lessons.markdown import Foreign, blocks_of
from openipt.therapy.shelf import Refused

GOOD = """\
---
grammar: openipt-lesson/1
id: made-up
version: 1.0.0
title: Made up
summary: Made up for a test.
part: start
order: 1
minutes: 3
for: everyone
areas: [PA_GRIEF]
worksheets: [timeline]
sources: [Nobody. Nothing. 2025]
check:
  - ask: Is it?
    answers:
      - {words: It is, right: true, reply: Yes.}
      - {words: It is not, right: false, reply: No.}
try: Nothing.
---

Some *soft* and **strong** words
on two lines.

## A heading

- one
- two
  goes on

> A quote.
"""

BROKEN = [
    ("areas: [PA_GRIEF]", "areas: [PA_GREIF]", 11, "areas[0]: 'PA_GREIF' is not known"),
    ("worksheets: [timeline]", "worksheets: [time-line]", 12, "worksheets[0]: 'time-line' is not known"),
    ("for: everyone", "for: nobody", 10, "for: 'nobody' does not fit"),
    ("part: start", "part: begin", 7, "part: 'begin' does not fit"),
    ("minutes: 3", "minutes: short", 9, "minutes: 'short' does not fit"),
    ("minutes: 3", "minutes: 0", 9, "minutes: 0 does not fit"),
    ("sources: [Nobody. Nothing. 2025]", "sources: []", 13, "sources: [] does not fit"),
    ("try: Nothing.", "step: Nothing.", 19, "the key 'step' is not known"),
    ("summary: Made up for a test.\n", "", 2, "the key 'summary' is missing"),
    ("right: true", "right: false", 15, "no answer is right; expected at least one"),
    ("right: true", 'right: "yes"', 17, "right: 'yes' does not fit"),
    ("words: It is not", "words: It is", 15, "the same answer stands twice"),
    ("minutes: 3", "minutes: 3\nadjunct: true", 2, "an adjunct without `stop_if`"),
    ("for: everyone", "for: facilitators", 2, "belong together"),
    ("minutes: 3", "minutes: 3\nminutes: 4", 10, "stands twice"),
    ("title: Made up", "title: *made", 5, ""),
    ("version: 1.0.0", "version: one", 4, "version: 'one' does not fit"),
    ("## A heading", "# A heading", 25, "a mark that is not known here"),
    ("A quote.", "A <b>quote</b>.", 31, "a pointed bracket"),
    ("A quote.", "A [quote](x).", 31, "a link or a picture"),
    ("A quote.", "A `quote`.", 31, "a code mark"),
    ("*soft*", "*soft", 22, "a star that is not closed"),
    ("- two", "> two", 28, "without an empty line before it"),
    ("---\n\nSome", "\nSome", 1, "the head is not fenced"),
    ("## A heading", "## A heading\nand more", 26, "a heading of more than one line"),
]


def put(folder: Path, text: str) -> Path:
    path = folder / "lesson.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_lesson_is_read_with_its_blocks(tmp_path):
    lesson = read_lesson(read_leaf(put(tmp_path, GOOD), "lesson.md"))

    assert [block.way for block in lesson.text] == ["paragraph", "heading", "list", "quote"]
    assert lesson.text[0].words == "Some soft and strong words on two lines."
    assert lesson.text[0].lines[0][1] == Span(words="soft", weight="em")
    assert lesson.text[2].words == "one\ntwo goes on"


@pytest.mark.parametrize(("good", "bad", "line", "says"), BROKEN, ids=[one[1][:30] for one in BROKEN])
def test_what_is_wrong_is_named_with_its_line(tmp_path, good, bad, line, says):
    assert good in GOOD
    path = put(tmp_path, GOOD.replace(good, bad, 1))

    with pytest.raises(Refused) as refused:
        read_lesson(read_leaf(path, "lesson.md"))

    said = str(refused.value)
    assert f"lesson.md:{line}: " in said
    assert says in said
    assert "; expected " in said


@pytest.mark.parametrize("raw", [b"\xff\xfe---", b"", b"---\n", b"---\n- a\n---\ntext\n", b"x" * 100_001])
def test_what_is_no_lesson_at_all_is_refused(tmp_path, raw):
    path = tmp_path / "lesson.md"
    path.write_bytes(raw)

    with pytest.raises(Refused):
        read_lesson(read_leaf(path))


def test_a_lesson_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="cannot be opened"):
        read_leaf(tmp_path / "lesson.md")


@given(st.text(max_size=200))
def test_any_text_is_read_without_marks_or_refused_with_a_line(text):
    words, line = "", 1
    try:
        words = "".join(block.words for block in blocks_of(text))
    except Foreign as foreign:
        line = foreign.line

    assert 1 <= line <= max(len(text.splitlines()), 1)
    assert "<" not in words
    assert "*" not in words
