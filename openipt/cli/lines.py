"""Read sheets of answers from JSON lines: strictly, one at a time, and never stopping at a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

MOST_BYTES = 16_000_000  # of one line; no sheet comes near it


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the sheet on it, or what is wrong with it. `size` is its length in bytes."""

    number: int
    size: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""


class _BadLineError(ValueError):
    """A line that holds no sheet; says what is wrong and what was expected."""


def read_lines(stream: BinaryIO, own_items: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Read one sheet a line; blank lines are skipped, a bad line is given back with its reason.

    Args:
        stream: What to read, in UTF-8.
        own_items: The items of the form. A form that asks an item called `answers` is read as plain answers.
    """
    number = 0
    while raw := stream.readline(MOST_BYTES + 1):
        number += 1
        size = len(raw)
        whole = size <= MOST_BYTES
        while not whole and not raw.endswith(b"\n") and (raw := stream.readline(MOST_BYTES)):
            size += len(raw)
        if whole and not raw.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        try:
            if not whole:
                raise _BadLineError(f"is {size:,} bytes long; expected at most {MOST_BYTES:,}")
            answers, context = _sheet(_value(raw), "answers" in own_items)
            yield Line(number, size, answers, context)
        except _BadLineError as error:
            yield Line(number, size, wrong=f"line {number} {error}")


def _value(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once_each)
    except _BadLineError:
        raise
    except UnicodeDecodeError as error:
        raise _BadLineError(f"is not UTF-8 at byte {error.start + 1}; expected JSON in UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"{error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}"
        raise _BadLineError(f"is not JSON ({place}); expected one JSON object a line") from error
    except RecursionError as error:
        raise _BadLineError("is nested too deep; expected one JSON object of answers") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _BadLineError("holds a number that is too long; expected the numbers of the form") from error


def _no_constant(word: str) -> Any:
    raise _BadLineError(f"holds {word}, which is not JSON; expected a number, or null for a blank")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise _BadLineError(f"names {double[:60]!a} twice; expected each name once")
    return found


def _sheet(value: Any, asks_answers: bool) -> tuple[dict[str, Any], dict[str, str]]:
    if not isinstance(value, dict):
        raise _BadLineError(f"holds {_kind(value)}; expected one JSON object of answers")
    if "answers" not in value or (asks_answers and not isinstance(value["answers"], dict)):
        return value, {}
    answers, context = value["answers"], value.get("context")
    if not isinstance(answers, dict):
        raise _BadLineError(f"holds {_kind(answers)} under 'answers'; expected one JSON object of answers")
    other = [name for name in value if name not in ("answers", "context")]
    if other:
        raise _BadLineError(f"holds {other[0][:60]!a} beside 'answers'; expected only 'context' there")
    if context is None:
        return answers, {}
    if not isinstance(context, dict) or not all(isinstance(one, str) for one in context.values()):
        raise _BadLineError('holds no texts by name under \'context\'; expected an object such as {"sex": "female"}')
    return answers, context


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
