"""What a page, an address of the API or a command asks of whoever comes: declared on it, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Door:
    """What one has to be allowed to come in here; an open door asks nothing and says why."""

    kind: str | None
    action: str | None
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anybody may come in."""
        return self.kind is None

    def prove(self) -> None:
        """Raise Unknown for a kind or action that the table does not have."""
        if self.kind is not None and self.action is not None:
            from openipt.policy.table import check_action, check_kind

            check_kind(self.kind)
            check_action(self.action)


def door(kind: str, action: str) -> Callable[[View], View]:
    """Declare that a view or command does this to that kind of record: puts a Door on it, and changes nothing else.

    Its names are proved by `Door.prove`, which the build asks of every address and command: the table is not read for
    a command's help.
    """
    return _hang(Door(kind, action))


def open_door(why: str) -> Callable[[View], View]:
    """Declare that a view or command asks nothing, and why that is right; raise ValueError without a reason."""
    if not why.strip():
        raise ValueError(f"an open door without a reason ({why!r}); expected in a few words why anybody may come in")
    return _hang(Door(None, None, why))


def _hang(one: Door) -> Callable[[View], View]:
    def hang(view: View) -> View:
        if "door" in vars(view):  # its own: a class below another may ask for something else
            raise ValueError(f"{getattr(view, '__qualname__', view)!s} has a door already; expected one on each view")
        view.door = one  # type: ignore[attr-defined]
        return view

    return hang
