"""Which manuals a comparison is about: a file, a folder, an id, or id@version."""

from __future__ import annotations

from pathlib import Path

from openipt.therapy import shelf
from openipt.therapy.manuals import Manual, read_manual
from openipt.therapy.shelf import Problem, Refused


def manual_named(name: str) -> Manual:
    """Read a manual: a file, a folder, an id, or id@version; raise Refused naming what was looked for."""
    place = Path(name)
    place = place / "manual.yaml" if place.is_dir() else place
    if place.is_file():
        return read_manual(shelf.read_definition(place, name))
    wanted, _, version = name.partition("@")
    found = []
    for root in shelf.shelves():
        page = root / "manuals" / wanted / "manual.yaml"
        if wanted in shelf.ids("manuals") and page.is_file():
            found.append(read_manual(shelf.read_definition(page, f"manuals/{wanted}/manual.yaml")))
    chosen = next((one for one in found if version in ("", one.version)), None)
    if chosen is None:
        known = [f"{one.id}@{one.version}" for one in found] or shelf.ids("manuals")
        raise Refused(Problem(ascii(name)[1:-1], 0, "", "no such manual", f"a file, or one of {', '.join(known)}"))
    return chosen
