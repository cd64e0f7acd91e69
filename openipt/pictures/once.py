"""Draw a picture once: the same values give the same picture, and a page is opened again and again in one session."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec

from openipt.pictures.picture import Picture

KEPT = 256  # of each kind, the newest; 2 to 20 kB each

P = ParamSpec("P")


def once(draw: Callable[P, Picture]) -> Callable[P, Picture]:
    """Return a drawer that remembers the newest pictures. All values have to be hashable; lists become tuples."""
    remembered = lru_cache(maxsize=KEPT)(draw)

    @wraps(draw)
    def drawn(*values: P.args, **how: P.kwargs) -> Picture:
        return remembered(*map(_still, values), **{name: _still(value) for name, value in how.items()})

    return drawn


def _still(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
