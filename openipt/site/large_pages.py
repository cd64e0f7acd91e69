"""Memory in large pages, where the system offers them.

The pages of a record stand all over the memory of a process. The processor keeps a short list of where each piece of
memory lies; in pieces of 4 kB, what a page of the workspace touches does not fit into that list, and each miss is a
walk through tables, on a shared machine through those of two systems. In pieces of 2 MB it fits.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

_LARGE, _AT_ONCE = 14, 25  # MADV_HUGEPAGE, MADV_COLLAPSE of Linux
_SIZE = 1 << 21
_MAPS = Path("/proc/self/maps")


def use_large_pages() -> int:
    """Ask the system for large pages for what this process has in memory.

    Returns:
        For how many bytes that was granted; 0 where the system is no Linux, or has none.
    """
    if sys.platform != "linux":
        return 0
    try:
        advise = ctypes.CDLL(None, use_errno=True).madvise
        advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        ranges = list(_own_memory())
    except (OSError, AttributeError, ValueError):
        return 0
    taken = 0
    for start, length in ranges:
        if advise(start, length, _LARGE) == 0:
            advise(start, length, _AT_ONCE)  # before Linux 6.1 the system does it by itself, by and by
            taken += length
    return taken


def _own_memory() -> Iterator[tuple[int, int]]:
    """Yield start and length of each piece of memory that holds what the process made, no file and no stack."""
    for line in _MAPS.read_text().splitlines():
        place, rights, _, _, inode, *name = line.split()
        start, end = (int(one, 16) for one in place.split("-"))
        if rights.startswith("rw") and inode == "0" and name in ([], ["[heap]"]) and end - start >= _SIZE:
            yield start, end - start
