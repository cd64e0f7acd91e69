"""Parse a YAML page strictly: YAML 1.2, no duplicate keys, no aliases, dates left as text, every value with its line.

What this module makes of a text is kept by the hash of the text and of this module (`known_pages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from openipt.therapy.shelf.reading import MOST_BYTES, Page, Problem, Refused, Way, spell, too_long

DEEPEST = 24

# Longer rows of digits are a code or a mistake, and stay text: no definition counts that far.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_EXPONENT = r"[eE][-+]?[0-9]{1,2}"
_FLOAT = re.compile(rf"[-+]?(0|[1-9][0-9]{{0,17}})?\.[0-9]{{1,18}}({_EXPONENT})?\Z|[-+]?[0-9]{{1,18}}{_EXPONENT}\Z")
_OPENING = re.compile(rf"[\[\]{{}}]|^ *(?:[-?] +){{{DEEPEST},}}", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, Any] = {"": None, "null": None, "~": None, "true": True, "false": False}


def parse(text: str, name: str) -> Page:
    """Parse YAML text strictly; `name` stands for the file in every problem."""
    if len(text) > MOST_BYTES:
        raise Refused(too_long(name))
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
