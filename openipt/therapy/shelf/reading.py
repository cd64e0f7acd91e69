"""Read a YAML page strictly: YAML 1.2, no duplicate keys, no aliases, dates left as text, every value with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Way = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 2_000_000  # the largest page we ship is below 200 kB; beyond this it is no definition any more
DEEPEST = 24

# Longer rows of digits are a code or a mistake, and stay text: no definition counts that far.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_EXPONENT = r"[eE][-+]?[0-9]{1,2}"
_FLOAT = re.compile(rf"[-+]?(0|[1-9][0-9]{{0,17}})?\.[0-9]{{1,18}}({_EXPONENT})?\Z|[-+]?[0-9]{{1,18}}{_EXPONENT}\Z")
_OPENING = re.compile(rf"[\[\]{{}}]|^ *(?:[-?] +){{{DEEPEST},}}", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, Any] = {"": None, "null": None, "~": None, "true": True, "false": False}


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
    lines: dict[Way, int] = field(repr=False)

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


def read_page(path: Path, name: str | None = None) -> Page:
    """Read a YAML file strictly; raise Refused with file, line, and what was expected."""
    name = name or str(path)
    try:
        raw = _bytes_of(path, name)
    except OSError as error:
        raise Refused(Problem(name, 0, "", f"cannot be opened ({error.strerror})", "a readable file")) from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start} is not UTF-8"
        raise Refused(Problem(name, 0, "", wrong, "text in UTF-8")) from error
    return read_text(text, name)


def _bytes_of(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused(_too_long(name))
    return raw


def _too_long(name: str) -> Problem:
    return Problem(name, 0, "", f"longer than {MOST_BYTES:,} bytes", "a page of a size that people write")


def read_text(text: str, name: str) -> Page:
    """Read YAML text strictly; `name` stands for the file in every problem."""
    if len(text) > MOST_BYTES:
        raise Refused(_too_long(name))
    text = text.removeprefix("\ufeff")
    if line := _deep_line(text):
        raise Refused(Problem(name, line, "", f"nested deeper than {DEEPEST}", "a flatter page"))
    # "safe" only chooses the plain scanner, because the other one puts marks into folded text.
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False  # every anchor is refused below, with its line
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise Refused(Problem(name, line, "", (error.problem or "not YAML").strip(), "well-formed YAML 1.2")) from error
    except ReaderError as error:
        line, found = text.count("\n", 0, error.position) + 1, f"the character {chr(error.character)!a}"
        raise Refused(Problem(name, line, "", found, "characters that people can read")) from error
    except (YAMLError, RecursionError) as error:
        raise Refused(Problem(name, 0, "", f"cannot be parsed ({type(error).__name__})", "YAML 1.2")) from error
    if root is None:
        raise Refused(Problem(name, 1, "", "the page is empty", "a mapping"))
    reader = _Reader(name, text)
    data = reader.build(root, ())
    if reader.problems:
        raise Refused(*reader.problems)
    return Page(name, data, reader.lines)


def _deep_line(text: str) -> int:
    """Return the line on which brackets or dashes run so deep that a parser would labour over them; 0 for none.

    Brackets in words count too, so the limit is far above what any page opens; what is left is found with its place.
    """
    depth = 0
    for found in _OPENING.finditer(text):
        depth = depth + 1 if found[0] in "[{" else depth if len(found[0]) > 1 else max(0, depth - 1)
        if depth > 10 * DEEPEST or len(found[0]) > 1:
            return text.count("\n", 0, found.start()) + 1
    return 0


class _Reader:
    """Walks the node tree once, building plain values and remembering the line of each."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines: dict[Way, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def build(self, node: Node, way: Way) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(way, line)
        if id(node) in self.seen:
            return self.refuse(self.lines[way], way, "an alias (*name)", "the value written out: pages use no aliases")
        self.seen.add(id(node))
        if len(way) > DEEPEST:
            return self.refuse(line, way, f"nested deeper than {DEEPEST}", "a flatter page")
        if node.anchor or self.text[node.start_mark.index : node.start_mark.index + 1] == "!":
            return self.refuse(line, way, "an anchor (&name) or a tag (!name)", "the value alone")
        if isinstance(node, ScalarNode):
            if _SURROGATE.search(node.value):
                return self.refuse(line, way, "half of a character pair", "text that can be stored")
            return scalar(node.value) if node.style is None else node.value
        if isinstance(node, SequenceNode):
            return [self.build(child, (*way, place)) for place, child in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return dict(self.pairs(node, way))
        return self.refuse(line, way, f"a {type(node).__name__}", "a mapping, a list or a plain value")

    def pairs(self, node: MappingNode, way: Way) -> Iterator[tuple[Any, Any]]:
        first: dict[str, int] = {}  # by spelling, because 1 and "1" are one key once the page is a model
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.refuse(line, way, "a key that is not a plain word", "a word, a number or quoted text")
                continue
            key = scalar(key_node.value) if key_node.style is None else key_node.value
            if isinstance(key, (bool, float)) or key is None:
                self.refuse(line, way, f"the key {key_node.value!r} is not text", "quotes around it, or a word")
                continue
            if str(key) in first:
                wrong = f"the key {key!r} stands twice (first on line {first[str(key)]})"
                self.refuse(line, (*way, key), wrong, "each key once")
                continue
            first[str(key)] = line
            self.lines[(*way, key)] = line
            yield key, self.build(value_node, (*way, key))

    def refuse(self, line: int, way: Way, wrong: str, expected: str) -> None:
        self.problems.append(Problem(self.name, line, spell(way), wrong, expected))


def scalar(text: str) -> Any:
    """Give an unquoted scalar its YAML 1.2 core meaning; dates, times, `yes` and `no` stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text


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
