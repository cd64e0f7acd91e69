"""What a service expects of its courses: learned elsewhere, carried by each record, used by whoever judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ExpectedCourse:
    """The expected course of one measure, as it was kept, and the day from which it counts.

    Days before it are judged without it, so that learning never changes what was said before.
    """

    form: str
    version: str
    since: date
    courses: int  # finished courses behind it; 0 where it was given up
    kept: Mapping[str, Any] = field(compare=False, repr=False)  # the same version, the same numbers
