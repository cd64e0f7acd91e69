"""A filled-in form on its way into the record: what it holds, and what may stand in its plain columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.therapy.record.facts import Kind

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_CODE = re.compile(r"[a-z][a-z_]{0,23}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled-in form on its way in. Its id is made where it was filled in, so that sending twice is harmless."""

    form: str
    answers: Mapping[str, Any]
    happened_at: datetime
    id: UUID
    about: str | None = None
    kind: Kind = "answers"
    total: float | None = None
    replaces: UUID | None = None
    visibility: str | None = None
    zone: str = "UTC"

    @property
    def body(self) -> dict[str, Any]:
        """What is sealed."""
        return {"answers": dict(self.answers), "total": self.total}


def refuse_words(sheet: Sheet) -> None:
    """Refuse what would put a person's words into a column that is not sealed.

    Raises:
        ValueError: `about`, `zone` or `visibility` is none. The value is not repeated.
    """
    if sheet.about is not None and not _LABEL.fullmatch(sheet.about):
        raise ValueError(
            f"`about` names a person, step, session ... by its label; got {len(sheet.about)} other letters"
        )
    if sheet.visibility is not None and not _CODE.fullmatch(sheet.visibility):
        raise ValueError(f"`visibility` is a code of the table; got {len(sheet.visibility)} other letters")
    if not _is_zone(sheet.zone):
        raise ValueError(f"`zone` is the name of a time zone, as Europe/Lisbon; got {len(sheet.zone)} other letters")


@lru_cache(maxsize=600)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a folder, a way out of it, no such name
        return False
    return True
