"""Doors to what the service promises: its hours, who answers outside them, and whether one clinician works alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openipt.accounts.answering import (
    PROMISE,
    SOLO,
    NoHours,
    checked_hours,
    promised,
    put_promise_forward,
    switch_solo,
    waiting,
)
from openipt.accounts.governing import ANSWERING, may_put_forward
from openipt.rooms.programme.desk import Desk, lasting, open_desk
from openipt.rooms.programme.sentences import told_change
from openipt.rooms.programme.typed import Typed
from openipt.therapy.course import deadline
from openipt.therapy.course import promise as read_promise
from openipt.therapy.course.promise import DAYS
from openipt.therapy.words import catalogue

EXAMPLES = {  # rules whose deadline is made from the hours
    "R1": "Thoughts of death or self-harm on some days",
    "R2": "The same on more than half the days, or more than last time",
}


def hours_said(hours: Mapping[str, Any]) -> list[str]:
    """Say hours in few words: days in a row with the same hours stand together."""
    runs: list[tuple[str, str, list[str]]] = []
    for day in DAYS:
        span = hours.get(day)
        if runs and span and runs[-1][2] == span and DAYS.index(runs[-1][1]) == DAYS.index(day) - 1:
            runs[-1] = (runs[-1][0], day, span)
        elif span:
            runs.append((day, day, span))
    return [f"{_days(first, last)}, {span[0]} to {span[1]}" for first, last, span in runs]


def _days(first: str, last: str) -> str:
    return first.capitalize() if first == last else f"{first.capitalize()} to {last.capitalize()}"


@lasting("answering", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest) -> HttpResponse:
    """Show what can be promised, and what follows from it; put other hours forward."""
    desk = open_desk(request, ANSWERING)
    stands = promised(desk.organisation)
    said = desk.typed(_as_typed(stands))
    if request.method != "POST":
        return _page(desk, said, stands)
    if not may_put_forward(desk.actor):
        return _page(desk, said, stands, 403)
    act = desk.act(said.id(), said.text("why", "Write why, for the second person."))
    if act.was_done:
        return redirect("service-change", act.id)
    duty = said.one_of("duty", ("yes", "no"), "Say whether somebody is on duty outside the hours.") == "yes"
    try:
        hours = checked_hours({day: (said.clock(f"{day}-opens"), said.clock(f"{day}-closes")) for day in DAYS})
    except NoHours as refused:
        said.wrong |= {f"{day}-opens": words for day, words in refused.wrong.items()}
        hours = {}
    if not said.wrong and {"hours": hours, "duty": duty} == stands:
        said.wrong["monday-opens"] = "These are the hours as they stand. Nothing has to be changed."
    if said.wrong:
        return _page(desk, said, stands)
    put_promise_forward(act, desk.actor, hours=hours, duty=duty)
    return redirect("service-change", act.id)


def _as_typed(stands: Mapping[str, Any]) -> dict[str, str]:
    typed = {"duty": "yes" if stands["duty"] else "no"}
    for day, (opens, closes) in stands["hours"].items():
        typed |= {f"{day}-opens": opens, f"{day}-closes": closes}
    return typed


def _page(desk: Desk, said: Typed, stands: Mapping[str, Any], status: int = 0) -> HttpResponse:
    waits = [told_change(one, desk.zone) for one in waiting(desk.organisation) if one.what in (PROMISE, SOLO)]
    return desk.show(
        "promise",
        said,
        status,
        tab="promise",
        days=DAYS,
        hours=hours_said(stands["hours"]),
        duty=stands["duty"],
        follows=list(_follows(desk, stands)),
        waits=waits,
        can=may_put_forward(desk.actor),
    )


def _follows(desk: Desk, stands: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say by when somebody would have to answer if an answer came in now."""
    given = read_promise(stands, desk.organisation.zone)
    for rule, words in EXAMPLES.items():
        yield words, _moment(deadline(rule, desk.now, given).astimezone(desk.zone))


def _moment(at: datetime) -> str:
    return f"{catalogue().spell(at.date(), 'weekday')}, {at:%H:%M}"


@lasting("answering", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def solo(request: HttpRequest) -> HttpResponse:
    """Say whether one clinician works here alone. On waits for a second person; off stands at once."""
    desk = open_desk(request, ANSWERING)
    now = desk.organisation.solo
    said = desk.typed()
    if request.method == "POST":
        if not may_put_forward(desk.actor):
            return desk.show("solo", said, 403, tab="promise", alone=now, can=False)
        wanted = said.one_of("to", ("alone", "more"), "Say which it is.") == "alone"
        act = desk.act(said.id(), said.text("why", "Write why." if wanted else ""))
        if act.was_done or (not said.wrong and wanted is now):
            return redirect("service-promise")
        if not said.wrong:
            switch_solo(act, desk.actor, solo=wanted)
            return redirect("service-change", act.id)
    return desk.show("solo", said, tab="promise", alone=now, can=may_put_forward(desk.actor))
