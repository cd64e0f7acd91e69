"""What a service can promise, as its operator writes it: hours of each day, and whether somebody is on duty outside.

hours:
  monday: ["09:00", "17:00"]
  friday: ["09:00", "13:00"]
duty: false
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from openipt.therapy.course.promise import DAYS, OFFICE
from openipt.therapy.shelf import Page, Problem, Refused, read_page

DEFAULT: dict[str, Any] = {"hours": OFFICE, "duty": False}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SPAN = re.compile(rf"({_TIME.pattern})\s*(?:-|–|to)\s*({_TIME.pattern})")


def read_promise(path: Path) -> dict[str, Any]:
    """Read what a service can promise from a YAML file.

    Raises:
        Refused: File, line, what is wrong and what was expected.
    """
    page = read_page(path)
    if not isinstance(page.data, dict) or not isinstance(page.data.get("hours"), dict):
        raise Refused(page.problem((), "no hours", "hours with a line for each open day, and duty: true or false"))
    wrong = [*_unknown(page), *_hours(page)]
    duty = page.data.get("duty", False)
    if not isinstance(duty, bool):
        wrong.append(page.problem(("duty",), f"{duty!r} is neither yes nor no", "true or false"))
    if wrong:
        raise Refused(*wrong)
    return {"hours": {day: list(span) for day, span in page.data["hours"].items() if span}, "duty": duty}


def office_hours(text: str) -> dict[str, list[str]]:
    """Return the same hours for Monday to Friday, from a text such as `09:00-17:00`.

    Raises:
        ValueError: What is wrong, and what was expected.
    """
    found = _SPAN.fullmatch(text.strip())
    if not found or found[1] >= found[3]:
        raise ValueError(f"{text!r} are no hours; expected an opening and a later closing time, such as 09:00-17:00")
    return {day: [found[1], found[3]] for day in OFFICE}


def _unknown(page: Page) -> list[Problem]:
    other = [name for name in page.data if name not in ("hours", "duty")]
    return [page.problem((name,), f"{name!r} is not known here", "hours or duty") for name in other]


def _hours(page: Page) -> list[Problem]:
    hours: dict[str, Any] = page.data["hours"]
    wrong = [
        page.problem(
            ("hours", day), f"{span!r} are no hours", 'an opening and a later closing time: ["09:00", "17:00"]'
        )
        for day, span in hours.items()
        if day in DAYS and span and not _is_span(span)
    ]
    wrong += [page.problem(("hours", day), f"{day!r} is no day", ", ".join(DAYS)) for day in hours if day not in DAYS]
    if not any(hours.values()):
        wrong.append(page.problem(("hours",), "every day is closed", "at least one day on which somebody answers"))
    return wrong


def _is_span(span: Any) -> bool:
    times = isinstance(span, list) and len(span) == 2
    return times and all(isinstance(one, str) and _TIME.fullmatch(one) for one in span) and span[0] < span[1]
