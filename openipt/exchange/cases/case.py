"""A worked case once it is read: records, and what the file claims about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from openipt.therapy.record import GroupRecord, Record


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the file says that follows from its other facts; kept so that it can be compared."""

    place: str
    says: Any


@dataclass(frozen=True, slots=True)
class Case:
    """One file: a course of one client (with its maintenance, if any), or a group with a record for each member."""

    id: str
    title: str
    manual: str
    teaches: tuple[str, ...]
    records: tuple[Record, ...]
    claims: tuple[Claim, ...]
    about: Mapping[str, Any]  # what describes the file and is no fact of a course (role of the therapist, simulation)
    group: GroupRecord | None = None

    def as_of(self, moment: datetime) -> Case:
        """Return the case as it was known at a moment; what the file claims of the whole course was not known then."""
        group = self.group and replace(
            self.group,
            sessions=tuple(session for session in self.group.sessions if session.recorded_at <= moment),
            entries=tuple(entry for entry in self.group.entries if entry.recorded_at <= moment),
        )
        return replace(self, records=tuple(one.as_of(moment) for one in self.records), claims=(), about={}, group=group)
