"""What became of many clients, with how many of them could be counted at all beside each rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of clients: how many it holds for, of how many it could be told, of how many there are."""

    name: str
    held: int
    told: int
    all: int

    @property
    def share(self) -> float | None:
        """The share among those of whom it could be told; None where nobody was."""
        return self.held / self.told if self.told else None

    @property
    def completeness(self) -> float | None:
        """The share of clients of whom it could be told."""
        return self.told / self.all if self.all else None


def rates(clients: Iterable[Mapping[str, bool | None]]) -> tuple[Rate, ...]:
    """Count what holds for how many clients; None stands for what could not be told and is never taken for a no.

    Args:
        clients: For each client, name -> whether it holds.
    """
    rows = list(clients)
    names = dict.fromkeys(name for row in rows for name in row)
    return tuple(
        Rate(
            name=name,
            held=sum(row.get(name) is True for row in rows),
            told=sum(row.get(name) is not None for row in rows),
            all=len(rows),
        )
        for name in names
    )
