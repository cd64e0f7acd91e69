"""Lessons: short texts to read, each with a question to check oneself and one small step to try."""

from openipt.therapy.lessons.definition import Answer, Check, Group, Lesson
from openipt.therapy.lessons.markdown import Block, Span
from openipt.therapy.lessons.opening import lesson_ids, lessons, open_lesson, read_leaf, read_lesson

__all__ = [
    "Answer",
    "Block",
    "Check",
    "Group",
    "Lesson",
    "Span",
    "lesson_ids",
    "lessons",
    "open_lesson",
    "read_leaf",
    "read_lesson",
]
