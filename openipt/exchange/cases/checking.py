"""Check a case file: against its schema, and the facts no schema can say (sums, references, order of dates)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from openipt.exchange.cases.facts import untrue
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
        problems = list(untrue(page))
    if problems:
        raise Refused(*sorted(problems, key=lambda problem: problem.line))


def _schema_problem(page: Page, error: Any) -> Problem:
    if error.validator == "oneOf" and all(set(one) == {"required"} for one in error.validator_value):
        names = [" with ".join(map(repr, one["required"])) for one in error.validator_value]
        found = [one for one in error.validator_value if set(one["required"]) <= set(error.instance)]
        wrong = f"{' and '.join(names)} stand together" if found else f"the key {names[0]} is missing"
        return page.problem(tuple(error.absolute_path), wrong, "one of " + " or ".join(names))
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
