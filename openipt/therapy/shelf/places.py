"""Where definitions stand: OpenIPT's own shelf, and the shelves a service adds with OPENIPT_LIBRARY."""

from __future__ import annotations

import os
import re
from pathlib import Path

from openipt.therapy.shelf.reading import Page, Problem, Refused, read_page

# A name comes from outside: it must be one plain folder name, never a way out of the shelf.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")

OWN = Path(__file__).resolve().parents[2] / "library"


def shelves() -> tuple[Path, ...]:
    """Return the shelves in the order they are searched: a service's own first, then ours."""
    added = os.environ.get("OPENIPT_LIBRARY", "")
    return (*(Path(place) for place in added.split(os.pathsep) if place), OWN)


def ids(kind: str) -> list[str]:
    """List the ids of all definitions of a kind (`questionnaires`, `worksheets`, `manuals`), sorted."""
    places = [place for shelf in shelves() if (shelf / kind).is_dir() for place in (shelf / kind).iterdir()]
    return sorted({place.name for place in places if _NAME.fullmatch(place.name) and place.is_dir()})


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
    known = ", ".join(known_id for kind in kinds for known_id in ids(kind))
    asked = name if _NAME.fullmatch(name) else ascii(name[:40])
    raise Refused(Problem(asked, 0, "", f"no such definition among the {' and '.join(kinds)}", f"one of {known}"))


def read(*way: str) -> Page:
    """Read one page of the shelf by its way from the shelf's root, e.g. `read("words", "en.yaml")`."""
    for shelf in shelves():
        place = shelf.joinpath(*way)
        if place.is_file():
            return read_page(place, "/".join(("library", *way)))
    raise Refused(Problem("/".join(way), 0, "", "no such page on the shelf", "a page of the library"))
