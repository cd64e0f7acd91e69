"""What a disk holds after the power fails: all that was synced, and of the rest whatever it happened to have written.

Each file is what is durable plus the list of changes since its last sync. A cut keeps none of them, all, or a random
part, sector by sector: so writes are torn and reordered. What SQLite assumes is kept (its "powersafe overwrite"): a
sector that is being overwritten is old or new, never neither, and its neighbours are not touched.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

SECTORS = (512, 4096)


@dataclass
class File:
    """One file: `durable` is None where not even its name is on the disk."""

    durable: bytearray | None = None
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # (place, data); no data: cut to this length
    ghost: bytearray | None = None  # a file of this name that was deleted, perhaps not yet on the disk

    def write(self, place: int, data: bytes) -> None:
        """Write somewhere, unsynced."""
        self.pending.append((place, data))

    def truncate(self, length: int) -> None:
        """Cut the file, unsynced."""
        self.pending.append((length, None))

    def sync(self) -> None:
        """Bring all of it to the disk."""
        content = bytearray() if self.durable is None else self.durable
        for place, data in self.pending:
            _apply(content, place, data)
        self.durable, self.pending, self.ghost = content, [], None

    def after_cut(self, chance: random.Random) -> bytes | None:
        """Return what is found when the power is back; None where the file is not there."""
        kept = chance.choice((0.0, 0.0, 1.0, chance.random(), chance.random(), chance.random()))
        sector = chance.choice(SECTORS)
        if self.durable is None and (kept == 0.0 or chance.random() < 0.5):
            return bytes(self.ghost) if self.ghost is not None and chance.random() < 0.5 else None
        content = bytearray(self.durable or b"")
        for place, data in self.pending:
            if data is None:
                pieces = [(place, None)]
            else:
                pieces = [(place + start, data[start:end]) for start, end in _sectors(place, len(data), sector)]
            for at, piece in pieces:
                if chance.random() < kept:
                    _apply(content, at, piece, chance)
        return bytes(content)


def _sectors(place: int, length: int, size: int) -> list[tuple[int, int]]:
    # where in the data each sector of the disk begins and ends
    edges = [0, *range(size - place % size, length, size), length]
    return list(itertools.pairwise(edges))


def _apply(content: bytearray, place: int, data: bytes | None, chance: random.Random | None = None) -> None:
    if data is None:
        del content[place:]
        return
    if (gap := place - len(content)) > 0:
        # what lies in a hole is zeros, or whatever the disk held there before
        content.extend(chance.randbytes(gap) if chance and chance.random() < 0.5 else bytes(gap))
    content[place : place + len(data)] = data
