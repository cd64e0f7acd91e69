"""The controlled vocabulary: stable ids of areas, tasks, feelings, gates, rules, each defined once on the shelf."""

from __future__ import annotations

from functools import cache
from typing import Any

from openipt.therapy import shelf

__all__ = ["drawings", "label", "vocabulary", "words_of"]


@cache
def vocabulary() -> dict[str, Any]:
    """Return the whole vocabulary as read from `library/vocabulary.yaml`."""
    data: dict[str, Any] = shelf.read("vocabulary.yaml").data
    return data


@cache
def drawings() -> dict[str, str]:
    """Return what there is to see in each drawn face and posture, by its name."""
    data: dict[str, str] = shelf.read("pictures.yaml").data
    return data


def words_of(kind: str) -> dict[str, str]:
    """Return id -> label for one kind (`relations`, `event_kinds`, `feelings` flattened to its 42 words, ...)."""
    return dict(_labels(kind))


@cache
def _labels(kind: str) -> dict[str, str]:
    table = vocabulary()[kind]
    if kind == "feelings":
        return {word: text for family in table.values() for word, text in family["words"].items()}
    return {key: entry["label"] if isinstance(entry, dict) else str(entry) for key, entry in table.items()}


def label(kind: str, key: str) -> str:
    """Return the label of one id; the id itself where the vocabulary does not know it."""
    return _labels(kind).get(key, key)
