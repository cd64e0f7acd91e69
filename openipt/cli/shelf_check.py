"""Read every definition under a folder and gather what is wrong; one bad page never hides the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from openipt.therapy.forms.texts import holds_words_alone
from openipt.therapy.lessons import read_leaf
from openipt.therapy.shelf import (
    Page,
    Problem,
    Refused,
    is_audio_folder,
    problems_of_recordings,
    read_definition,
    shelves,
)

# What a folder may hold: its page, what it is called, where it stands on a shelf, and the function that proves it.
KINDS = (
    ("form.yaml", "forms", ("questionnaires", "worksheets"), "openipt.therapy.forms:read_form"),
    ("manual.yaml", "manuals", ("manuals",), "openipt.therapy.manuals:read_manual"),
    ("lesson.md", "lessons", ("lessons",), "openipt.therapy.lessons:read_lesson"),
)


@dataclass
class Found:
    """What a check found: how many pages of each kind were read, and every problem."""

    read: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check_folders(folders: list[Path]) -> Found:
    """Check every definition under some folders."""
    found = Found()
    for folder in folders:
        before = sum(found.read.values())
        with _beside_our_shelf(folder):
            _check(folder, found)
        if sum(found.read.values()) == before:
            names = " or ".join(name for name, *_ in KINDS)
            wrong, expected = "no definition under this folder", f"folders with {names}"
            found.problems.append(Problem(str(folder), 0, "", wrong, expected))
    found.problems += two_of_one_version([*folders, *shelves()])
    return found


def two_of_one_version(roots: list[Path]) -> list[Problem]:
    """Refuse manuals of one id and version that say different things: a course would not know which it follows."""
    first: dict[tuple[Any, Any], Page] = {}
    problems = []
    places = {path.resolve(): root for root in roots for path in _pages(root, "manual.yaml", ()) if path.is_file()}
    for path, root in places.items():
        try:
            page = read_definition(path, _short(path, root.resolve()))
        except Refused:
            continue  # said already, where the page was read
        if not isinstance(page.data, dict):
            continue
        key = (str(page.data.get("id")), str(page.data.get("version")))
        other = first.setdefault(key, page)
        if other.data != page.data:
            wrong = f"{key[0]} {key[1]} says something else than {other.file}"
            problems.append(page.problem(("version",), wrong, "another version, or the same text"))
    return problems


def _check(folder: Path, found: Found) -> None:
    for page_name, kind, places, way in KINDS:
        prove = _function(way)
        for page in _pages(folder, page_name, places):
            found.read[kind] = found.read.get(kind, 0) + 1
            found.problems += problems_of(page, folder, prove)
    for pack in sorted(folder.rglob("text.*.yaml")):
        found.read["text packs"] = found.read.get("text packs", 0) + 1
        found.problems += problems_of_pack(pack, folder)
    for sound in sorted(filter(is_audio_folder, folder.rglob("audio.*"))):
        found.read["audio packs"] = found.read.get("audio packs", 0) + 1
        found.problems += problems_of_audio(sound, folder)


def problems_of_pack(path: Path, root: Path) -> list[Problem]:
    """Return what is wrong with the words of a questionnaire, held against its definition wherever that stands."""
    from openipt.therapy.forms import open_form
    from openipt.therapy.forms.texts import with_words

    try:
        with_words(open_form(path.parent.name), read_definition(path, _short(path, root)))
    except Refused as error:
        return list(error.problems)
    return []


def problems_of_audio(sound: Path, root: Path) -> list[Problem]:
    """Return what is wrong with recordings, held against the form or lesson wherever that stands."""
    from openipt.therapy.forms import open_form
    from openipt.therapy.forms.spoken import to_record
    from openipt.therapy.lessons import open_lesson, spoken

    short, name = _short(sound, root), sound.parent.name
    try:
        if sound.parent.parent.name == "lessons":
            open_lesson(name)
            return problems_of_recordings(sound, short, name, spoken.LANGUAGE, spoken.to_record())
        form = open_form(name)
    except Refused as error:
        return list(error.problems)
    if form.wording == "licence_needed":
        expected = f"text.{form.language}.yaml with the words you have a licence for, on the same shelf"
        return [Problem(short, 0, "", f"the words of {name!r} are not here, so nobody can tell what is read", expected)]
    return problems_of_recordings(sound, short, name, form.language, to_record(form))


def problems_of(path: Path, root: Path, prove: Callable[[Page], Any]) -> list[Problem]:
    """Return what is wrong with one page; the folder it stands in gives it its name."""
    try:
        # A lesson is a text under a head, so it is read in another way than a page that is YAML throughout.
        page = (read_leaf if path.suffix == ".md" else read_definition)(path, _short(path, root))
        definition = prove(page)
    except Refused as error:
        return list(error.problems)
    if definition.id != path.parent.name:
        return [page.problem(("id",), f"{definition.id!r} in the folder {path.parent.name!r}", "the folder's name")]
    return []


def _pages(folder: Path, name: str, places: tuple[str, ...]) -> list[Path]:
    """Find the pages under a folder; on a shelf, every definition's folder must have one."""
    pages = set(folder.rglob(name))
    for place in places:
        if (folder / place).is_dir():
            pages |= {one / name for one in (folder / place).iterdir() if _is_own(one)}
    return sorted(
        page for page in pages if not any(part.startswith((".", "_")) for part in page.relative_to(folder).parts)
    )


def _is_own(folder: Path) -> bool:
    """Whether a folder must bring its own page: not one that adds words to a definition on another shelf."""
    return folder.is_dir() and folder.name[0] not in "._" and not holds_words_alone(folder)


def _short(path: Path, root: Path) -> str:
    return str(Path(root.name) / path.relative_to(root))


def _function(way: str) -> Callable[[Page], Any]:
    module, _, name = way.partition(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


@contextmanager
def _beside_our_shelf(folder: Path) -> Iterator[None]:
    """Let a manual name the forms that stand in the same folder, as they will when it is a shelf."""
    before = os.environ.get("OPENIPT_LIBRARY")
    os.environ["OPENIPT_LIBRARY"] = os.pathsep.join([str(folder), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["OPENIPT_LIBRARY"]
        else:
            os.environ["OPENIPT_LIBRARY"] = before
