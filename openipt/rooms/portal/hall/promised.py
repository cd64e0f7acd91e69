"""When a person will see what a client sent: said from what the service can promise, and honestly."""

from __future__ import annotations

from datetime import datetime, timedelta

from openipt.casebook.queries.own import Own
from openipt.therapy.course.promise import Promise, promise
from openipt.therapy.words import Sentence, catalogue, say

AT_ONCE = timedelta(minutes=5)


def when_seen(own: Own, due: datetime | None) -> tuple[Sentence, ...]:
    """Say when somebody reads what a client sent.

    Args:
        own: Whose course.
        due: By when it must be answered; the end of the working day where nothing was raised.
    """
    given = _promise(own)
    return said_of(given, own.at, due or given.closes(own.at))


def said_of(given: Promise, at: datetime, due: datetime) -> tuple[Sentence, ...]:
    """Say when somebody reads what was sent at a moment and must be answered by another."""
    return (_first(given, at, due), *(() if given.duty else (say("portal.seen.no_duty"),)))


def _first(given: Promise, at: datetime, due: datetime) -> Sentence:
    if given.is_open(at):
        by = due.astimezone(given.zone)
        if due - at <= AT_ONCE:
            return say("portal.seen.at_once")
        return say(
            "portal.seen.today" if by.date() == at.astimezone(given.zone).date() else "portal.seen.open", **_at(by)
        )
    if given.duty:
        return say("portal.seen.on_call")
    opens = given.opens(at)
    return say("portal.seen.closed", **_at(opens)) if opens else say("portal.seen.no_hours")


def _at(moment: datetime) -> dict[str, str]:
    return {"clock": f"{moment:%H:%M}", "day": catalogue().weekdays[moment.weekday()]}


def _promise(own: Own) -> Promise:
    return promise(own.enrolment.organisation.promise, own.enrolment.organisation.zone)


def read_hours(own: Own) -> Sentence:
    """Say on which days somebody reads what clients send."""
    given = _promise(own)
    names = catalogue().weekdays
    days = tuple(names[n] for n, hours in enumerate(given.hours) if hours is not None)
    workdays = tuple(names[:5])
    if not days:
        return say("portal.seen.no_hours")
    return say("portal.read.workdays") if days == workdays else say("portal.read.days", days=days)


def asks_for_call(own: Own) -> Sentence | None:
    """Say for which day a client can ask for a call, where nobody is there now; None where somebody is."""
    given = _promise(own)
    opens = given.opens(own.at)
    if given.is_open(own.at) or given.duty or opens is None:
        return None
    return say("portal.seen.ask_call", **_at(opens))
