"""Draw a picture once: the same values give the same picture, and a page is opened again and again in one session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, ParamSpec

from openipt.pictures.picture import Picture
from openipt.pictures.svg import safe_id

KEPT = 256  # of each kind, the newest; 2 to 20 kB each

_HERE = "picture-of-this-page"  # stands where the ids of a page are put in: two clients' rings are drawn alike

P = ParamSpec("P")


def once(draw: Callable[P, Picture], kept: int = KEPT) -> Callable[P, Picture]:
    """Return a drawer that remembers the newest pictures, whatever their ids on a page begin with.

    Args:
        draw: The drawer. All its values have to be hashable; lists become tuples.
        kept: How many pictures are remembered.
    """
    remembered = lru_cache(maxsize=kept)(draw)
    usual = signature(draw).parameters["id_prefix"].default

    @wraps(draw)
    def drawn(*values: P.args, **how: P.kwargs) -> Picture:
        asked = {name: _still(value) for name, value in how.items()} | {"id_prefix": _HERE}
        picture = remembered(*map(_still, values), **asked)
        return replace(picture, svg=picture.svg.replace(_HERE, safe_id(str(how.get("id_prefix", usual)))))

    return drawn


def _still(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
