"""A lesson read aloud, where a service has recorded it."""

from __future__ import annotations

from openipt.therapy import shelf
from openipt.therapy.forms.texts import noncommercial
from openipt.therapy.lessons.definition import Lesson

WHOLE = "lesson"  # the whole text in one file
LANGUAGE = "en"


def spoken_lesson(lesson: Lesson) -> shelf.Spoken | None:
    """Return the recording of a lesson; None where there is none."""
    return shelf.spoken(("lessons",), lesson.id, LANGUAGE, noncommercial())


def to_record() -> dict[str, bool]:
    """Return what of a lesson can be recorded."""
    return {WHOLE: True}
