"""What a log line may hold of an error: its kind and where it happened, never its message.

A message often repeats the value that was wrong, and here that value may be what somebody told about themself.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any


class WithoutMessages(logging.Formatter):
    """Writes an error as its kind and the way to it."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """Return the kinds of an error and of those behind it, with files, lines and functions."""
        kind, error, way = ei
        lines = list(_of(kind, way))
        behind = getattr(error, "__cause__", None) or getattr(error, "__context__", None)
        while behind is not None and len(lines) < 200:
            lines += ["after:", *_of(type(behind), behind.__traceback__)]
            behind = behind.__cause__ or behind.__context__
        return "\n".join(lines)


def _of(kind: type[BaseException] | None, way: TracebackType | None) -> list[str]:
    frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(way)]
    return [*frames, kind.__name__ if kind else "unknown"]
