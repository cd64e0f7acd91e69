"""However deep a page's loops stand, their calls ask the system for no memory."""

from __future__ import annotations

import resource
from collections.abc import Callable

import pytest

from openipt.site.room import with_room

TURNS = 400
DEEPEST = 150  # calls within calls; a page has about eighty


def leaf(n: int) -> int:
    a = b = c = d = e = f = g = h = n
    return a + b + c + d + e + f + g + h


def at_depth(depth: int, work: Callable[[], int]) -> int:
    return work() if depth == 0 else at_depth(depth - 1, work)


def pages_of_memory() -> int:
    """Pages of memory that the system gave while a loop called a function."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for n in range(TURNS):
        leaf(n)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_no_loop_at_any_depth_asks_for_memory_at_each_turn() -> None:
    worst = with_room(lambda: max(at_depth(depth, pages_of_memory) for depth in range(DEEPEST)))()

    assert worst < TURNS / 10


def test_without_room_some_loop_does() -> None:
    worst = max(at_depth(depth, pages_of_memory) for depth in range(DEEPEST))

    assert worst > TURNS / 2, "this Python keeps a piece it will need again: room.py can go"


def test_a_call_returns_and_raises_what_it_did() -> None:
    def divided(a: int, *, by: int) -> float:
        return a / by

    assert with_room(divided)(6, by=4) == 1.5
    with pytest.raises(ZeroDivisionError):
        with_room(divided)(6, by=0)


def test_room_within_room_is_enough_too() -> None:
    assert with_room(lambda: with_room(lambda: at_depth(DEEPEST, lambda: 7))())() == 7
