"""The techniques: how a therapist works, by the ids of the vocabulary."""

from __future__ import annotations

from functools import cache

from pydantic import RootModel

from openipt.therapy import shelf
from openipt.therapy.forms.items import Strict


class Technique(Strict):
    """One technique, said in our own words."""

    name: str
    does: str
    use: str
    avoid: str
    core: bool = True


class _Page(RootModel[dict[str, Technique]]):
    pass


@cache
def _page(_added: str) -> dict[str, Technique]:
    return shelf.to_model(shelf.read("techniques.yaml"), _Page).root


def technique_ids() -> list[str]:
    """List the ids of all techniques on the shelf."""
    return list(_page(shelf.added()))


def open_technique(technique_id: str) -> Technique:
    """Open one technique by its id (`T_AFFECT`); raise KeyError naming it where there is none."""
    found = _page(shelf.added())
    if technique_id not in found:
        raise KeyError(f"no technique {technique_id!r} on the shelf; it has {', '.join(found)}")
    return found[technique_id]
