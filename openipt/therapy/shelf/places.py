"""Where definitions stand: OpenIPT's own shelf, and the shelves a service adds with OPENIPT_LIBRARY."""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from pathlib import Path

from openipt.therapy.shelf import known_pages
from openipt.therapy.shelf.reading import Page, Problem, Refused, text_of

# A name comes from outside: it must be one plain folder name, never a way out of the shelf.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")

OWN = Path(__file__).resolve().parents[2] / "library"
_SETTINGS = ("OPENIPT_LIBRARY", "OPENIPT_NONCOMMERCIAL")

_settled: tuple[str, ...] | None = None


def settle() -> None:
    """Read the settings of the shelf once and for all: a server's do not change, and a page asks for them 300 times."""
    global _settled
    _settled = as_set()


def as_set() -> tuple[str, ...]:
    """Return what all settings of the shelf say: another setting may open another form, or give it other words."""
    return tuple([os.environ.get(name, "") for name in _SETTINGS]) if _settled is None else _settled


def setting(name: str) -> str:
    """Return what a setting of the shelf says; empty where it is not set."""
    return as_set()[_SETTINGS.index(name)]


def added() -> str:
    """Return the shelves a service adds, as they are set: what is read is remembered by it, many times a page."""
    return as_set()[0]


def shelves() -> tuple[Path, ...]:
    """Return the shelves in the order they are searched: a service's own first, then ours."""
    return _shelves(added())


@cache  # asked a hundred times for one page
def _shelves(own: str) -> tuple[Path, ...]:
    return (*(Path(place) for place in own.split(os.pathsep) if place), OWN)


def read_text(text: str, name: str) -> Page:
    """Read YAML text strictly; `name` stands for the file in every problem."""
    from openipt.therapy.shelf.parsing import parse  # a start at which every page is known has no use for the parser

    return parse(text, name)


def read_page(path: Path, name: str | None = None) -> Page:
    """Read a YAML file strictly; raise Refused with file, line, and what was expected."""
    name = name or str(path)
    return read_text(text_of(path, name), name)


def read_definition(path: Path, name: str | None = None) -> Page:
    """Read a page of a shelf. What it says may be kept, so no page that tells of somebody comes here."""
    name = name or str(path)
    return known_pages.read(text_of(path, name), name, read_text)


def ids(kind: str) -> list[str]:
    """List the ids of all definitions of a kind (`questionnaires`, `worksheets`, `manuals`), sorted."""
    folders = [shelf / kind for shelf in shelves()]
    return list(_ids(tuple((folder, folder.stat().st_mtime_ns) for folder in folders if folder.is_dir())))


@lru_cache(maxsize=64)  # a folder that gains or loses a definition has another time
def _ids(folders: tuple[tuple[Path, int], ...]) -> tuple[str, ...]:
    places = [place for folder, _ in folders for place in folder.iterdir()]
    return tuple(sorted({place.name for place in places if _NAME.fullmatch(place.name) and place.is_dir()}))


def stands(name: str, *kinds: str) -> bool:
    """Whether a definition stands on a shelf; asks for this one folder only."""
    return bool(_NAME.fullmatch(name)) and any((shelf / kind / name).is_dir() for shelf in shelves() for kind in kinds)


def find(name: str, *kinds: str) -> Path:
    """Return the folder of a definition; raise Refused naming what is on the shelf instead."""
    for shelf in shelves():
        for kind in kinds:
            place = shelf / kind / name
            if _NAME.fullmatch(name) and place.is_dir():
                return place
    known = [known_id for kind in kinds for known_id in ids(kind)]
    asked = name if _NAME.fullmatch(name) else ascii(name[:40])
    near = _nearest(name, known)
    expected = f"{near}, or another of {', '.join(known)}" if near else f"one of {', '.join(known)}"
    raise Refused(Problem(asked, 0, "", f"no such definition among the {' and '.join(kinds)}", expected))


def _nearest(name: str, known: list[str]) -> str | None:
    """Return the name that was probably meant: `phq9` is phq-9."""
    from difflib import get_close_matches

    plain = {re.sub(r"[^a-z0-9]", "", one.lower()): one for one in known}
    near = get_close_matches(re.sub(r"[^a-z0-9]", "", name[:80].lower()), plain, n=1, cutoff=0.6)
    return plain[near[0]] if near else None


def read(*way: str) -> Page:
    """Read one page of the shelf by its way from the shelf's root, e.g. `read("words", "en.yaml")`."""
    for shelf in shelves():
        place = shelf.joinpath(*way)
        if place.is_file():
            return read_definition(place, "/".join(("library", *way)))
    raise Refused(Problem("/".join(way), 0, "", "no such page on the shelf", "a page of the library"))
