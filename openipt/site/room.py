"""Room for the calls of a page, taken once.

Python gives calls their memory in pieces of 16 kB, asks the system for a new piece where one is full, and gives it back
as soon as the call returns. A page is written by loops deep inside other calls; where such a loop stood at the edge of
a piece, each turn of it asked the system and gave back: three hundred times for the page of a session, a tenth of what
the page cost. A call that asks for much is given a larger piece, and whatever it calls finds room in what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_WORDS = 15_500  # of 8 bytes. With them a piece is 256 kB, of which 130 are left; the deepest page needs about 40

P = ParamSpec("P")
T = TypeVar("T")


def with_room(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that calls this one with room for all that it calls."""

    def roomy(*values: P.args, **named: P.kwargs) -> T:
        return function(*values, **named)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=_WORDS)
    return roomy
