"""A sentence before it is put into a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something the mind has to say: the id of a catalogue line and the values it needs. Never finished text."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.id, tuple(sorted((key, repr(value)) for key, value in self.values.items()))))


def say(line: str, /, **values: Any) -> Sentence:
    """Make a sentence: `say("state.ask.sessions", n=2)`."""
    return Sentence(line, MappingProxyType(values))


def plain(value: Any) -> Any:
    """Turn a sentence, or a value inside one, into what JSON can hold; `from_plain` turns it back."""
    if isinstance(value, Sentence):
        return {"say": value.id, "with": {key: plain(part) for key, part in value.values.items()}}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def from_plain(value: Any) -> Any:
    """Turn what `plain` made back into a sentence or value."""
    if isinstance(value, list):
        return tuple(from_plain(part) for part in value)
    if not isinstance(value, dict):
        return value
    if "say" in value:
        return say(value["say"], **{key: from_plain(part) for key, part in value["with"].items()})
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"])
