"""Days that cannot lie ahead: dates and moments of what has happened already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openipt.therapy.forms.items import DateItem, GroupItem, MomentItem
from openipt.therapy.forms.result import Trouble
from openipt.therapy.words import say

Way = tuple[str, ...]


def past_of(items: Iterable[Any], before: Way = ()) -> list[Way]:
    """Find every item marked `past`, by its way through the groups."""
    found: list[Way] = []
    for item in items:
        if isinstance(item, GroupItem):
            found += past_of(item.items, (*before, item.id))
        elif isinstance(item, (DateItem, MomentItem)) and item.past:
            found.append((*before, item.id))
    return found


def too_late(ways: Sequence[Way], answers: Mapping[str, Any], today: str) -> list[Trouble]:
    """Return the answers that lie after today. A month or a year is taken from its first day on."""
    return [
        Trouble(path, say("answer.range", item=path, low="…", high=today[:10], value=repr(value)))
        for way in ways
        for path, value in _answers(answers, way, "")
        if value[:10] > today[: len(value[:10])]
    ]


def _answers(sheet: Mapping[str, Any], way: Way, before: str) -> Iterator[tuple[str, str]]:
    first, *rest = way
    path, value = f"{before}{first}", sheet.get(first)
    if not rest:
        if value is not None:
            yield path, value
    elif isinstance(value, Mapping):
        yield from _answers(value, tuple(rest), f"{path}.")
    else:
        for place, row in enumerate(value or ()):
            yield from _answers(row, tuple(rest), f"{path}[{place}].")
