"""Who may do what to what, now, and why not: a table kept as data, and pure functions over it.

Names are fetched from their modules at first use: every command of the command line has a door, and `--help` need not
read the table for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openipt.policy.deciding import About, decide, may, ways
    from openipt.policy.doors import Door, door, open_door
    from openipt.policy.filling import Way
    from openipt.policy.forms import kind_of, kind_of_thing
    from openipt.policy.ruling import EXTENTS, Actor, Ruling, both, sentences, wanting
    from openipt.policy.table import Unknown, facts, kinds, numbers, roles, ties
    from openipt.policy.writing import page

__all__ = [
    "EXTENTS",
    "About",
    "Actor",
    "Door",
    "Ruling",
    "Unknown",
    "Way",
    "both",
    "decide",
    "door",
    "facts",
    "kind_of",
    "kind_of_thing",
    "kinds",
    "may",
    "numbers",
    "open_door",
    "page",
    "roles",
    "sentences",
    "ties",
    "wanting",
    "ways",
]

_HOMES = {
    "deciding": (
        "About",
        "decide",
        "may",
        "ways",
    ),
    "doors": (
        "Door",
        "door",
        "open_door",
    ),
    "filling": ("Way",),
    "forms": (
        "kind_of",
        "kind_of_thing",
    ),
    "ruling": (
        "EXTENTS",
        "Actor",
        "Ruling",
        "both",
        "sentences",
        "wanting",
    ),
    "table": (
        "Unknown",
        "facts",
        "kinds",
        "numbers",
        "roles",
        "ties",
    ),
    "writing": ("page",),
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            found = getattr(import_module(f"{__name__}.{home}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no name {name!r}; it offers {', '.join(__all__)}")
