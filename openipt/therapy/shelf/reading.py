"""A page of the shelf: its text, its data with the line of every value, and how it becomes a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Way = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 2_000_000  # the largest page we ship is below 200 kB; beyond this it is no definition any more


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong on a page: where, what, and what was expected."""

    file: str
    line: int
    key: str
    wrong: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key + ': ' if self.key else ''}{self.wrong}; expected {self.expected}"


class Refused(ValueError):  # noqa: N818 - a page is refused, that is no fault of the program
    """A page that cannot be used. `problems` lists each reason; nothing of the page was taken."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: its data as plain dicts, lists and scalars, and the line of every place in it."""

    file: str
    data: Any
    lines: Mapping[Way, int] = field(repr=False)

    def line(self, way: Way) -> int:
        """Return the line (1-based) of a place; of its nearest known surrounding where the place itself is absent."""
        while way and way not in self.lines:
            way = way[:-1]
        return self.lines.get(way, 1)

    def problem(self, way: Way, wrong: str, expected: str) -> Problem:
        """Describe a problem at a place of this page."""
        return Problem(self.file, self.line(way), spell(way), wrong, expected)


def spell(way: Way) -> str:
    """Write a place as people read it: `items[3].id`."""
    text = ""
    for part in way:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def text_of(path: Path, name: str) -> str:
    """Return the text of a page; raise Refused where it cannot be read."""
    try:
        raw = _bytes_of(path, name)
    except OSError as error:
        raise Refused(Problem(name, 0, "", f"cannot be opened ({error.strerror})", "a readable file")) from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start} is not UTF-8"
        raise Refused(Problem(name, 0, "", wrong, "text in UTF-8")) from error


def _bytes_of(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused(too_long(name))
    return raw


def too_long(name: str) -> Problem:
    """Say that a page is larger than any page is."""
    return Problem(name, 0, "", f"longer than {MOST_BYTES:,} bytes", "a page of a size that people write")


def to_model(page: Page, model: type[Model]) -> Model:
    """Turn a page into a frozen model; raise Refused naming file, line, key, what is wrong and what was expected."""
    try:
        # Through JSON, because only there strict typing still takes a list for a tuple.
        return model.model_validate_json(json.dumps(page.data))
    except ValidationError as error:
        raise Refused(*_explain(page, error)) from error


def _explain(page: Page, error: ValidationError) -> list[Problem]:
    problems = []
    faults = error.errors(include_url=False)
    for fault in faults:
        if fault["type"] == "too_short" and fault["input"] and any(_inside(other, fault) for other in faults):
            continue  # a list is not too short because one of its parts was refused
        way = _known_way(page, fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            key = fault["loc"][-1]
            beside = ", ".join(sorted(map(str, _siblings(page.data, way, key))))
            wrong, expected = f"the key {key!r} is not known here", f"a key of this grammar (beside it stand: {beside})"
        elif fault["type"] == "missing":
            missing = fault["loc"][-1]
            wrong, expected = f"the key {missing!r} is missing", f"a value for {missing!r}"
        elif fault["type"] == "value_error":
            wrong, _, expected = message.partition("; expected ")
        else:
            message = message.removeprefix("Input should be ")
            wrong, expected = f"{_short(fault['input'])} does not fit", message[0].lower() + message[1:]
        problems.append(page.problem(way, wrong, expected or "a value that fits"))
    return problems


def _inside(fault: Any, other: Any) -> bool:
    return len(fault["loc"]) > len(other["loc"]) and fault["loc"][: len(other["loc"])] == other["loc"]


def _known_way(page: Page, loc: tuple[int | str, ...]) -> Way:
    """Drop the tags that pydantic puts into a location for unions: keep what is a place on the page."""
    way: Way = ()
    for part in loc:
        if (*way, part) in page.lines:
            way = (*way, part)
        elif isinstance(part, str) and part.isdigit() and (*way, int(part)) in page.lines:
            way = (*way, int(part))
    return way


def _siblings(data: Any, way: Way, key: int | str) -> list[Any]:
    for part in way[:-1] if way and str(way[-1]) == str(key) else way:
        data = data[part]
    return [other for other in data if str(other) != str(key)] if isinstance(data, dict) else []


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
