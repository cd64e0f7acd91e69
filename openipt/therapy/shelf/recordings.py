"""Recordings: the words of a form or lesson read aloud, in a folder beside its definition, with rights of their own.

`questionnaires/phq-9/audio.en/` holds `audio.yaml` and one file for each item, `q1.mp3`. What is heard on a page is
only what stands in such a folder as a plain file of a known kind; an address never becomes part of a path.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from openipt.therapy.shelf.places import read_definition, shelves
from openipt.therapy.shelf.reading import Page, Problem, Refused, to_model

HEAD = "audio.yaml"
MOST_BYTES = 25_000_000  # a lesson read aloud at an ordinary quality has below ten
KINDS = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav"}
_HEADS = {
    ".mp3": re.compile(rb"ID3|\xff[\xe0-\xff]"),
    ".m4a": re.compile(rb"....ftyp", re.DOTALL),
    ".ogg": re.compile(rb"OggS"),
    ".wav": re.compile(rb"RIFF....WAVE", re.DOTALL),
}
_FOLDER = re.compile(r"audio\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\Z")


class AudioPack(BaseModel):
    """The grammar of `audio.yaml`: what was recorded, and whose recording it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    grammar: Literal["openipt-audio/1"]
    of: str
    language: str = "en"
    licence: str = Field(min_length=1)
    attribution: str = Field(min_length=1)  # shown wherever a recording can be played
    noncommercial: bool = False  # played only where the service says that its use is not for trade
    only: tuple[str, ...] = ()  # what was meant to be recorded, where it is not everything


@dataclass(frozen=True, slots=True)
class Recording:
    """One file that can be played: the name of what it reads, where it lies, its type."""

    name: str
    file: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What can be heard of one form or lesson."""

    pack: AudioPack
    recordings: Mapping[str, Recording]


def is_audio_folder(folder: Path) -> bool:
    """Whether a folder is named as one for recordings, `audio.en`."""
    return bool(_FOLDER.match(folder.name)) and folder.is_dir()


def spoken(kinds: Collection[str], name: str, language: str, noncommercial: bool) -> Spoken | None:
    """Return what can be heard of a definition: from the first shelf with a folder for it; None where nothing can.

    Args:
        kinds: Where the definition may stand (`questionnaires`, `lessons`).
        name: Its id, as the definition on the shelf gives it.
        language: Its language.
        noncommercial: Whether this service has said that its use is not commercial.
    """
    places = (shelf / kind / name / f"audio.{language}" for shelf in shelves() for kind in kinds)
    folder = next((place for place in places if place.is_dir()), None)
    pack = _pack(folder, name, language) if folder else None
    if folder is None or pack is None or (pack.noncommercial and not noncommercial):
        return None
    return Spoken(pack, {one.name: one for one in _recordings(folder)})


def _pack(folder: Path, name: str, language: str) -> AudioPack | None:
    head = folder / HEAD
    try:
        pack = _read(head, head.stat().st_mtime_ns)
    except (OSError, Refused):
        return None  # `openipt library check` says why
    return pack if (pack.of, pack.language) == (name, language) else None


@lru_cache(maxsize=256)  # a page that was written anew has another time
def _read(head: Path, _written: int) -> AudioPack:
    return to_model(read_definition(head), AudioPack)


def _recordings(folder: Path) -> Iterator[Recording]:
    for file in sorted(folder.iterdir(), reverse=True):  # of two for one item the first by name is heard
        if file.suffix in KINDS and not any(_faults_of(file)):
            yield Recording(file.stem, file, KINDS[file.suffix])


def problems_of_recordings(
    folder: Path, short: str, of: str, language: str, names: Mapping[str, bool]
) -> list[Problem]:
    """Return what is wrong with a folder of recordings.

    Args:
        folder: `.../phq-9/audio.en`.
        short: The folder as it is named to people.
        of: The id of the form or lesson.
        language: Its language.
        names: Everything of it that can be recorded, and whether a whole recording has it.
    """
    try:
        page = read_definition(folder / HEAD, f"{short}/{HEAD}")
        pack = to_model(page, AudioPack)
    except Refused as error:
        return list(error.problems)
    wanted = pack.only or tuple(name for name, needed in names.items() if needed)
    heard = [file for file in sorted(folder.iterdir()) if file.name != HEAD]
    found = [*_wrong_heads(page, pack, of, language, folder, names)]
    found += [Problem(f"{short}/{file.name}", 0, "", *fault) for file in heard for fault in _all_faults(file, names)]
    stems = [file.stem for file in heard]
    for name in sorted({stem for stem in stems if stems.count(stem) > 1}):
        found.append(Problem(short, 0, "", f"{name!r} is recorded twice", "one file for each item"))
    for name in wanted:
        if name in names and name not in stems:
            found.append(Problem(short, 0, "", f"{name!r} is not recorded", f"{name}.mp3, or `only` without it"))
    return found


def _wrong_heads(
    page: Page, pack: AudioPack, of: str, language: str, folder: Path, names: Collection[str]
) -> Iterator[Problem]:
    if pack.of != of:
        yield page.problem(("of",), f"{pack.of!r} beside the definition of {of!r}", "its id")
    if pack.language != language or folder.name != f"audio.{pack.language}":
        wrong = f"{pack.language!r} in the folder {folder.name!r} for words in {language!r}"
        yield page.problem(("language",), wrong, f"language {language} in a folder audio.{language}")
    for place, name in enumerate(pack.only):
        if name not in names:
            yield page.problem(("only", place), f"{name!r} is not asked by {of}", "one of " + ", ".join(names))


def _all_faults(file: Path, names: Collection[str]) -> Iterator[tuple[str, str]]:
    yield from _faults_of(file)
    if file.suffix in KINDS and file.stem not in names:
        yield f"there is nothing named {file.stem!r} to record", "the name of one of " + ", ".join(names)


def _faults_of(file: Path) -> Iterator[tuple[str, str]]:
    """Say why a file cannot be played; nothing where it can."""
    if file.is_symlink() or not file.is_file():
        yield "is no plain file", "a recording, or nothing"
    elif file.suffix not in KINDS:
        yield "is no recording of a known kind", "a file that ends in " + ", ".join(KINDS)
    elif (size := file.stat().st_size) > MOST_BYTES:
        yield f"has {size:,} bytes", f"at most {MOST_BYTES:,}"
    elif not _sounds(file, file.stat().st_mtime_ns, size):
        yield f"does not begin as a {file.suffix} file does", "a recording saved in the kind its name says"


@lru_cache(maxsize=4096)
def _sounds(file: Path, _written: int, _size: int) -> bool:
    try:
        with file.open("rb") as opened:
            return bool(_HEADS[file.suffix].match(opened.read(16)))
    except OSError:
        return False
