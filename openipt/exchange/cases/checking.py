"""Check a case file: against its schema, and the facts no schema can say (sums, references, order of dates)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from openipt.therapy import shelf
from openipt.therapy.shelf import Page, Problem, Refused


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    path = next(place / "case.schema.json" for place in shelf.shelves() if (place / "case.schema.json").is_file())
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def check(page: Page) -> None:
    """Raise Refused with every problem of a case file: file, line, key, what was expected."""
    if not isinstance(page.data, dict):
        raise Refused(page.problem((), f"a {type(page.data).__name__}", "a mapping with `case` and its course"))
    problems = [_schema_problem(page, error) for error in _validator().iter_errors(page.data)]
    if not problems:
        problems = list(_facts(page))
    if problems:
        raise Refused(*sorted(problems, key=lambda problem: problem.line))


def _schema_problem(page: Page, error: Any) -> Problem:
    while error.context:  # go down to the innermost reason
        error = min(error.context, key=lambda one: -len(one.absolute_path))
    way = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = set(error.schema.get("properties", {}))
        unknown = [key for key in error.instance if key not in known and not _matches(error.schema, key)]
        if unknown:
            expected = f"one of {', '.join(sorted(known))}" if known else "a key of this map's pattern"
            return page.problem((*way, unknown[0]), f"the key {unknown[0]!r} is not known here", expected)
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return page.problem(way, f"the key {missing[0]!r} is missing", f"a value for {missing[0]!r}")
    if error.validator == "enum":
        return page.problem(
            way, f"{error.instance!r} is not known", "one of " + ", ".join(map(str, error.validator_value))
        )
    return page.problem(
        way, f"{_short(error.instance)} does not fit", f"{error.validator} {_short(error.validator_value)}"
    )


def _matches(schema: dict[str, Any], key: str) -> bool:
    import re

    return any(re.search(pattern, key) for pattern in schema.get("patternProperties", {}))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _facts(page: Page) -> Iterator[Problem]:
    people = {entry["id"] for entry in _inventory(page.data)}
    events = {event["id"] for event in page.data.get("timeline", {}).get("events", [])}
    yield from _walk(page, page.data, (), people, events)
    yield from _in_order(page, page.data["sessions"])


def _inventory(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [*data.get("inventory", []), *(entry for member in data.get("members", []) for entry in member["inventory"])]


def _walk(page: Page, value: Any, way: tuple[str | int, ...], people: set[str], events: set[str]) -> Iterator[Problem]:
    if isinstance(value, dict):
        if "items" in value and "total" in value and sum(value["items"]) != value["total"]:
            wrong = f"the items add up to {sum(value['items'])}, the total says {value['total']}"
            yield page.problem((*way, "total"), wrong, "the sum of the items")
        if "lines" in value and "rewrite" in value:
            for n, row in enumerate(value["rewrite"]):
                if row["line"] >= len(value["lines"]):
                    wrong = f"line {row['line']} of {len(value['lines'])} lines (counted from 0)"
                    yield page.problem((*way, "rewrite", n, "line"), wrong, "a line of this incident")
        for key, part in value.items():
            yield from _reference(page, key, part, (*way, key), people, events)
            yield from _walk(page, part, (*way, key), people, events)
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _walk(page, part, (*way, n), people, events)


_TO_PERSON = {"person", "with_person", "who_helps"}
_TO_PEOPLE = {"people", "told", "joint_with", "lost_or_out"}


def _reference(
    page: Page, key: str, part: Any, way: tuple[str | int, ...], people: set[str], events: set[str]
) -> Iterator[Problem]:
    named = [part] if key in _TO_PERSON else part if key in _TO_PEOPLE else part if key == "precipitants" else []
    if key == "about" and isinstance(part, list):
        named = part
    known = events if key == "precipitants" else people
    for name in named if isinstance(named, list) else []:
        if isinstance(name, str) and name not in known:
            kind = "event of the timeline" if key == "precipitants" else "person of the inventory"
            yield page.problem(way, f"{name!r} is no {kind}", f"one of {', '.join(sorted(known))}")


def _in_order(page: Page, sessions: list[dict[str, Any]]) -> Iterator[Problem]:
    for n, (before, after) in enumerate(zip(sessions, sessions[1:], strict=False), 1):
        if after["date"] < before["date"]:
            yield page.problem(
                ("sessions", n, "date"), f"{after['date']} lies before {before['date']}", "sessions in order of date"
            )
        if after["n"] <= before["n"]:
            yield page.problem(("sessions", n, "n"), f"{after['n']} after {before['n']}", "rising session numbers")
