"""Open a lesson from the shelf: a head in YAML between two lines of dashes, and the text below."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

from openipt.therapy import shelf
from openipt.therapy.forms import form_ids
from openipt.therapy.lessons.definition import Lesson, Part
from openipt.therapy.lessons.markdown import Foreign, blocks_of
from openipt.therapy.shelf import Page, Problem, Refused
from openipt.therapy.vocabulary import drawings, vocabulary

FENCE = "---"
MOST_BYTES = 100_000  # a lesson of that length is a book


def lesson_ids() -> list[str]:
    """List the ids of all lessons on the shelf."""
    return shelf.ids("lessons")


def lessons() -> list[Lesson]:
    """Open every lesson that can be opened, in the order in which a reader meets them."""
    parts, found = get_args(Part), []
    for name in lesson_ids():
        try:
            found.append(open_lesson(name))
        except Refused:
            continue  # one that is being mended hides no other; `openipt library check` names it
    return sorted(found, key=lambda one: (parts.index(one.part), one.order, one.id))


def open_lesson(lesson_id: str) -> Lesson:
    """Open a lesson by its id (`what-ipt-is`); raise Refused naming the lessons that are on the shelf."""
    return _open(lesson_id, shelf.shelves())


@cache
def _open(lesson_id: str, _shelves: tuple[Path, ...]) -> Lesson:
    # The shelves are part of what is remembered: another OPENIPT_LIBRARY may hold another lesson of that name.
    first = shelf.find(lesson_id, "lessons")  # refuses a name that is no plain folder, before it becomes part of a path
    folders = (one / "lessons" / lesson_id for one in _shelves)
    # A folder that holds recordings alone adds them to the lesson on a shelf behind it.
    folder = next((one for one in folders if one.is_dir() and not _holds_sound_alone(one)), None)
    if folder is None:
        wrong, expected = f"a recording of {lesson_id!r}, which is on no shelf", "the id of a lesson"
        raise Refused(Problem(f"lessons/{first.name}", 0, "", wrong, expected))
    place = folder / "lesson.md"
    page = read_leaf(place, f"lessons/{lesson_id}/lesson.md")
    lesson = read_lesson(page)
    if lesson.id != lesson_id:
        raise Refused(page.problem(("id",), f"{lesson.id!r} in the folder {lesson_id!r}", "the folder's name"))
    return lesson


def _holds_sound_alone(folder: Path) -> bool:
    return not (folder / "lesson.md").exists() and any(map(shelf.is_audio_folder, folder.iterdir()))


def read_leaf(path: Path, name: str | None = None) -> Page:
    """Read a head and the text below it as one page; the text stands in it under the key `text`."""
    name = name or str(path)
    head, body, below = _parted(_text_of(path, name), name)
    page = shelf.read_text(head, name)
    if not isinstance(page.data, dict) or "text" in page.data:
        raise Refused(page.problem(("text",), "the head is no mapping, or has a key `text`", "keys; text stands below"))
    try:
        blocks = blocks_of(body, below)
    except Foreign as error:
        expected = "paragraphs, ## headings, lists, > quotes, *emphasis*, **strong words**"
        raise Refused(Problem(name, error.line, "text", str(error), expected)) from error
    data = {**page.data, "text": [block.model_dump() for block in blocks]}
    return Page(name, data, {**page.lines, ("text",): below})


def _text_of(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(Problem(name, 0, "", f"cannot be opened ({error.strerror})", "a readable file")) from error
    if len(raw) > MOST_BYTES:
        raise Refused(Problem(name, 0, "", f"longer than {MOST_BYTES:,} bytes", "a text that is read in minutes"))
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Refused(Problem(name, 0, "", f"byte {error.start} is not UTF-8", "text in UTF-8")) from error


def _parted(text: str, name: str) -> tuple[str, str, int]:
    """Return the head, the text below, and the line on which that text begins."""
    rows = text.splitlines()
    fences = [n for n, row in enumerate(rows) if row.rstrip() == FENCE][:2]
    if len(fences) < 2 or fences[0] != 0:
        expected = "a first line of three dashes, the keys, another line of three dashes, then the text"
        raise Refused(Problem(name, 1, "", "the head is not fenced", expected))
    end = fences[1]
    # The head begins with an empty line where the dashes were, so that every line keeps its number.
    return "\n".join(["", *rows[1:end]]), "\n".join(rows[end + 1 :]), end + 2


def read_lesson(page: Page) -> Lesson:
    """Turn a page into a lesson, proving every name in it; raise Refused with file, line, key, expected."""
    lesson = shelf.to_model(page, Lesson)
    problems = list(_unknown_names(lesson, page))
    if problems:
        raise Refused(*problems)
    return lesson


def _unknown_names(lesson: Lesson, page: Page) -> Iterator[Problem]:
    areas = set(vocabulary()["problem_areas"])
    for key, names, known in (("areas", lesson.areas, areas), ("worksheets", lesson.worksheets, set(form_ids()))):
        for place, name in enumerate(names):
            if name not in known:
                yield page.problem((key, place), f"{name!r} is not known", "one of " + ", ".join(sorted(known)))
    for place, check in enumerate(lesson.check):
        if check.picture is not None and check.picture not in drawings():
            expected = "one of " + ", ".join(sorted(drawings()))
            yield page.problem(("check", place, "picture"), f"{check.picture!r} is not drawn", expected)
