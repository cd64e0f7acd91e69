"""A sentence before it is put into a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
