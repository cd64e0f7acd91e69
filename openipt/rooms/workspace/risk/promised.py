"""What this service can promise, in words: beside every deadline that was made from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from openipt.accounts.models import Organisation
from openipt.therapy.course import promise
from openipt.therapy.course.promise import Promise
from openipt.therapy.words import Sentence, catalogue, say

Hours = tuple[time, time]


def promise_of(organisation: Organisation) -> Promise:
    """Return what a service wrote at set-up."""
    return promise(organisation.promise, organisation.zone)


def in_words(given: Promise) -> tuple[Sentence, ...]:
    """Say when somebody answers, and what there is outside these hours."""
    spans = tuple(_span(first, last, hours) for first, last, hours in _runs(given.hours))
    return (say("promise.hours", days=spans), say("promise.duty" if given.duty else "promise.no_duty"))


def told_closed(given: Promise, received_at: datetime) -> Sentence | None:
    """Say what a client was told whose answer came in while nobody was there; None where somebody was."""
    opens = given.opens(received_at)
    if given.is_open(received_at) or given.duty or opens is None:
        return None
    return say("flag_page.closed", day=catalogue().weekdays[opens.weekday()], clock=f"{opens:%H:%M}")


def _runs(hours: tuple[Hours | None, ...]) -> Iterator[tuple[int, int, Hours]]:
    """Put days with the same hours that follow each other together."""
    day = 0
    while day < len(hours):
        open_then, last = hours[day], day
        while last + 1 < len(hours) and hours[last + 1] == open_then:
            last += 1
        if open_then is not None:
            yield day, last, open_then
        day = last + 1


def _span(first: int, last: int, hours: Hours) -> Sentence:
    names = catalogue().weekdays
    days = names[first] if first == last else say("promise.between", first=names[first], last=names[last])
    return say("promise.span", days=days, opens=f"{hours[0]:%H:%M}", closes=f"{hours[1]:%H:%M}")
