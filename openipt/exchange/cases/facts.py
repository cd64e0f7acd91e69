"""Facts of a case file that no schema can say: sums, references, real days, order of days, ids that stand once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from openipt.exchange.cases.book import asked_by
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.shelf import Page, Problem
from openipt.therapy.vocabulary import vocabulary

Way = tuple[str | int, ...]

_DATED = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?(T\d{2}:\d{2})?")
_DATES = {"date", "start", "planned_end", "until", "review_by", "next_contact", "when", "at", "since", "date_of_death"}
_DATES |= {"onset_approx", "check_in_dates"}
FIRST_YEAR, LAST_YEAR = 1850, 2199
_TO_PEOPLE = {
    "person",
    "with_person",
    "who_helps",
    "people",
    "told",
    "joint_with",
    "lost_or_out",
    "about",
    "rings",
}
_TO_MEMBERS = {"member", "in_depth", "accepted_by"}
_NOBODY = {"self", "all_current", "client"}
_ONCE = ("inventory", "goals", "members", "decision_points")


def untrue(page: Page) -> Iterator[Problem]:
    """Yield every fact of a file that cannot be so."""
    data = page.data
    people = {entry["id"] for entry in _inventory(data)}
    members = {member["id"] for member in data.get("members", [])}
    events = {event["id"] for event in data.get("timeline", {}).get("events", [])}
    known = {"person of the inventory": people, "member of the group": members, "event of the timeline": events}
    for way, key, part in _places(data, ()):
        yield from _reference(page, way, key, part, known)
        yield from _day(page, way, key, part)
        if isinstance(part, dict):
            yield from _sum(page, way, key, part)
            yield from _rewrite(page, way, part)
    for n, row in enumerate(data["sessions"]):
        for place, flag in enumerate(row.get("flags_private", [])):
            if "member" not in flag:
                yield page.problem(("sessions", n, "flags_private", place), "a flag of nobody", "the key 'member'")
    yield from _twice(page, data)
    yield from _order(page, data["sessions"], ("sessions",))
    yield from _order(page, data.get("maintenance", {}).get("sessions", []), ("maintenance", "sessions"))


def _inventory(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [*data.get("inventory", []), *(entry for member in data.get("members", []) for entry in member["inventory"])]


def _places(value: Any, way: Way, key: str = "") -> Iterator[tuple[Way, str, Any]]:
    """Yield every place of a file with the key it stands under; the parts of a list stand under the list's key."""
    yield way, key, value
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _places(part, (*way, name), name)
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _places(part, (*way, n), key)


def _sum(page: Page, way: Way, key: str, part: dict[str, Any]) -> Iterator[Problem]:
    items = part.get("items")
    if not isinstance(items, list) or "total" not in part:
        return
    if sum(items) != part["total"]:
        wrong = f"the items add up to {sum(items)}, the total says {part['total']}"
        yield page.problem((*way, "total"), wrong, "the sum of the items")
    form = vocabulary()["measure_aliases"].get(key)
    asked = len(asked_by(open_form(form))) if form and has_form(form) else 0
    if asked and len(items) != asked:
        yield page.problem((*way, "items"), f"{len(items)} answers", f"{asked} answers, in the order of the form")


def _rewrite(page: Page, way: Way, part: dict[str, Any]) -> Iterator[Problem]:
    if "lines" not in part or "rewrite" not in part:
        return
    for n, row in enumerate(part["rewrite"]):
        if row["line"] >= len(part["lines"]):
            wrong = f"line {row['line']} of {len(part['lines'])} lines (counted from 0)"
            yield page.problem((*way, "rewrite", n, "line"), wrong, "a line of this incident")


def _reference(page: Page, way: Way, key: str, part: Any, known: dict[str, set[str]]) -> Iterator[Problem]:
    if key in _TO_PEOPLE or key == "consented_by" or (key == "scope" and way[0] == "goals"):
        kind = "person of the inventory"
    elif key in _TO_MEMBERS:
        kind = "member of the group"
    elif key == "precipitants":
        kind = "event of the timeline"
    elif key in vocabulary()["measure_aliases"] and way[0] == "follow_up" and isinstance(part, dict):
        kind, part = "member of the group", {name: 0 for name in part if name not in ("items", "total", *_SCORE_WORDS)}
    else:
        return
    named = list(part) if isinstance(part, dict) and (key == "rings" or kind == "member of the group") else [part]
    for name in named:
        if isinstance(name, str) and name not in known[kind] and name not in _NOBODY:
            yield page.problem(way, f"{name!r} is no {kind}", f"one of {', '.join(sorted(known[kind]))}")


_SCORE_WORDS = ("cutoff", "interpretation")


def _day(page: Page, way: Way, key: str, part: Any) -> Iterator[Problem]:
    if key not in _DATES or not isinstance(part, str) or not (found := _DATED.fullmatch(part)):
        return
    try:
        day = date.fromisoformat(found[1] + (found[2] or "-01") + (found[3] or "-01"))
        datetime.fromisoformat(f"{day}{found[4] or ''}")
    except ValueError:
        yield page.problem(way, f"{part!r} is no day of the calendar", "a day (or month, or moment) that exists")
        return
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield page.problem(way, f"the year {day.year}", f"a year from {FIRST_YEAR} to {LAST_YEAR}")


def _twice(page: Page, data: dict[str, Any]) -> Iterator[Problem]:
    lists: list[tuple[Way, list[dict[str, Any]]]] = [((name,), data.get(name, [])) for name in _ONCE]
    lists.append((("timeline", "events"), data.get("timeline", {}).get("events", [])))
    lists += [(("members", n, "inventory"), member["inventory"]) for n, member in enumerate(data.get("members", []))]
    for way, rows in lists:
        seen: set[str] = set()
        for n, row in enumerate(rows):
            if row["id"] in seen:
                yield page.problem((*way, n, "id"), f"{row['id']!r} stands twice", "an id of its own")
            seen.add(row["id"])


def _order(page: Page, sessions: list[dict[str, Any]], way: Way) -> Iterator[Problem]:
    for n, (before, after) in enumerate(pairwise(sessions), 1):
        if after["date"] < before["date"]:
            wrong = f"{after['date']} lies before {before['date']}"
            yield page.problem((*way, n, "date"), wrong, "sessions in order of date")
        if _number(after["n"]) <= _number(before["n"]):
            yield page.problem((*way, n, "n"), f"{after['n']} after {before['n']}", "rising session numbers")


def _number(n: int | str) -> int:
    return n if isinstance(n, int) else int(n[1:])
