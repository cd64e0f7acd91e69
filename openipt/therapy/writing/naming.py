"""Names: people of the client's life stay unnamed in what is written, unless a person asks for their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from openipt.therapy.manuals import open_task, open_technique
from openipt.therapy.record import Record, alias
from openipt.therapy.vocabulary import label

UNNAMED = "[…]"


def told(record: Record, text: Any, people: bool) -> str:
    """Return free text that ends well inside a sentence; without `people` the names of the circle are left out."""
    said = str(text or "").strip()
    return (said if people else unnamed(record, said)).rstrip(".")


def unnamed(record: Record, text: str) -> str:
    """Leave out the names of the client's people: `Ask […] to come on Sunday`."""
    names = _names(record)
    return names.sub(UNNAMED, text) if names else text


def names_of(record: Record, people: Iterable[str]) -> tuple[str, ...]:
    """Return what people of the circle are called, each once."""
    return tuple(dict.fromkeys(name for one in people if (name := alias(record, one))))


def names(text: str, name: str) -> bool:
    """Whether a text names somebody: `Ms Berg` is named in `a call of Ms Berg`, Ann is not in `Anna`."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _names(record: Record) -> re.Pattern[str] | None:
    return record.remember(("names",), lambda: _pattern(record))


def _pattern(record: Record) -> re.Pattern[str] | None:
    """Every name a person was ever known by, the longest first, so that `Ms Berg` is not left as `Ms […]`."""
    known = {alias(record, thing.id) or thing.id for thing in record.people}
    known |= {str(entry.answers.get("alias") or "") for entry in record.of("interpersonal-inventory")}
    names = sorted((name.strip() for name in known if name.strip()), key=len, reverse=True)
    if not names:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", re.IGNORECASE)


def task_name(task: str) -> str:
    """Return what a task is called; of one that has left the catalogue the vocabulary still knows the words."""
    try:
        return open_task(task).name
    except (KeyError, ValueError):
        return str(label("tasks", task))


def task_noted(task: str) -> str:
    """Return how a note says that a task was done: its own phrase, else its name as it stands inside a sentence."""
    try:
        own = open_task(task).noted
    except (KeyError, ValueError):
        own = None
    name = task_name(task).rstrip(".?")
    return own or (name if name[1:2].isupper() else name[:1].lower() + name[1:])


def technique_name(technique: str) -> str:
    """Return what a technique is called; the id itself where the shelf does not hold it."""
    try:
        return open_technique(technique).name
    except KeyError:
        return technique
