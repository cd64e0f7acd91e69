"""The crisis numbers of this service: who answers when somebody is in danger, where, and when that was last tried out.

They stand in `crisis-numbers.yaml` in the service's home. A line that is wrong hides no other line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openipt.therapy.shelf import Refused, read_page

NAME = "crisis-numbers.yaml"
HOLDS = timedelta(days=180)  # after so long a number has to be rung again
TAG = "openipt-crisis-numbers"
ALWAYS = ("day and night", "24 hours", "24/7", "always")  # as hours are written where somebody answers at any time
_SPAN = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)(?: to |-|–)((?:[01]\d|2[0-3]):[0-5]\d)")
EMERGENCY = 3  # digits of an emergency number, at most

Stands = Literal["open", "said", "closed"]
STANDS: tuple[Stands, ...] = ("open", "said", "closed")


class Number(BaseModel):
    """One number, as the service wrote it down."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=120)
    call: str = Field(pattern=r"^\+?[0-9][0-9 ()/-]{1,30}$")
    hours: str = Field(min_length=1, max_length=120)
    region: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1, max_length=200)
    checked_on: date
    demonstration: bool = False  # written down for invented people: nobody has rung it, and no page may say so

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.call if sign.isdigit() or sign == "+")

    @property
    def is_emergency(self) -> bool:
        """Whether it is the emergency number of a country."""
        return len(self.dial) <= EMERGENCY

    @property
    def span(self) -> tuple[time, time] | None:
        """From when to when somebody answers each day; None where the hours say it in other words."""
        found = _SPAN.fullmatch(self.hours.strip())
        return (time.fromisoformat(found[1]), time.fromisoformat(found[2])) if found else None

    @property
    def opens(self) -> time | None:
        """When somebody answers again."""
        return self.span[0] if self.span else None

    def stands(self, here: datetime | None) -> Stands:
        """Say whether somebody answers at a moment; `said` where only the words of the hours can tell.

        Args:
            here: The moment in the zone of the service; None where nobody knows the zone.
        """
        if self.hours.strip().lower() in ALWAYS:
            return "open"
        if self.span is None or here is None:
            return "said"
        opens, closes = self.span
        now = here.time()
        is_open = opens <= now < closes if opens < closes else now >= opens or now < closes
        return "open" if is_open else "closed"

    def is_old(self, today: date) -> bool:
        """Whether it has to be rung again before anybody is sent there."""
        return today - self.checked_on > HOLDS


@dataclass(frozen=True, slots=True)
class Numbers:
    """The page of numbers: those that can be shown, and what is wrong with the rest, in words for staff."""

    every: tuple[Number, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def by_region(self) -> list[tuple[str, list[Number]]]:
        """The numbers under the region they are for, in the order of the page."""
        regions = dict.fromkeys(one.region for one in self.every)
        return [(region, [one for one in self.every if one.region == region]) for region in regions]

    def ordered(self, here: datetime | None) -> list[tuple[Number, Stands]]:
        """Return the numbers as they help at a moment: emergency first, then who answers now, last who does not."""
        told = [(one, one.stands(here)) for one in self.every]
        return sorted(told, key=lambda one: (STANDS.index(one[1]), not one[0].is_emergency))

    def old(self, today: date) -> list[Number]:
        """Return the numbers that have to be rung again."""
        return [one for one in self.every if one.is_old(today)]


def crisis_numbers(path: Path | None = None) -> Numbers:
    """Read the service's own page. It is read each time: a mended number stands on the next page anybody opens.

    Args:
        path: Another page than that of this service.
    """
    place = path or Path(getattr(settings, "CRISIS_NUMBERS", "") or settings.HOME.path / NAME)
    try:
        data: Any = read_page(place).data
    except Refused as problem:
        return Numbers(wrong=(str(problem),) if place.exists() else ())
    rows = data.get("numbers") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        return Numbers(wrong=(f"{place.name} has no list of numbers.",))
    read = [_read(n, row) for n, row in enumerate(rows, 1)]
    return Numbers(
        tuple(one for one in read if isinstance(one, Number)), tuple(one for one in read if isinstance(one, str))
    )


def _read(n: int, row: Any) -> Number | str:
    try:
        return Number.model_validate(_with_day(row))
    except ValidationError as problem:
        fields = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) or "the line" for one in problem.errors()))
        return f"Number {n} is not shown: look at {fields}."


def _with_day(row: Any) -> Any:
    """Read the day of the last check where it came as text."""
    if isinstance(row, dict) and isinstance(row.get("checked_on"), str):
        try:
            return {**row, "checked_on": date.fromisoformat(row["checked_on"])}
        except ValueError:
            return row
    return row


def faults(numbers: Numbers, today: date) -> Iterator[str]:
    """Say in words what whoever runs the service has to do about its numbers."""
    yield from numbers.wrong
    if not numbers.every:
        yield (
            "No crisis number of this service is written down yet. Whoever runs it rings each number first, "
            f"then writes it into {NAME}."
        )
    for one in numbers.old(today):
        yield f"{one.name} was last rung on {one.checked_on}, more than {HOLDS.days} days ago. Ring it again."


@register(TAG, deploy=True)
def numbers_are_fresh(app_configs: Any, **_: Any) -> Iterable[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Warn before a service is put to work with numbers that nobody rang for half a year, or with none."""
    today = timezone.now().date()
    return [CheckWarning(words, id="openipt.W180") for words in faults(crisis_numbers(), today)]
