"""The door to the diary: mood, who, what, how it felt, in half a minute; up to three days late, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from openipt.casebook.queries.own import Own
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.portal.hall.doors import own_door
from openipt.rooms.portal.hall.taking import Sheet, open_sheet, show, take
from openipt.therapy.record import Entry
from openipt.therapy.vocabulary import label, words_of
from openipt.therapy.words import catalogue

FORM = "mood-diary"
WHEN = "_when"
MOST_LATE = 3  # days; further back nobody remembers how it was
NOON = time(12)
FIRST_KINDS = ("supported", "closeness", "shared_fun", "conflict", "ignored", "criticised", "lonely", "mastery")
FELT = (
    ("-3", "Very bad"),
    ("-2", "Bad"),
    ("-1", "A bit bad"),
    ("0", "In between"),
    ("1", "A bit good"),
    ("2", "Good"),
    ("3", "Very good"),
)
PRIVATE = "client_private"
SHOWN = 10
TOLD = {"sent": "Noted. Thank you.", "again": "This was noted before. It is there once."}


@dataclass(frozen=True, slots=True)
class Noted:
    """One note of the diary, as its writer reads it again."""

    on: str
    mood: str
    words: str
    late: bool
    private: bool


@own_door("diary", "write")
def diary(request: HttpRequest, own: Own) -> HttpResponse:
    """Note how it is; below it stand the last notes, where they may be read here."""
    sheet = Sheet(FORM, "diary", tab="diary", more=_choices(request, own))
    if request.method != "POST":
        return open_sheet(request, own, sheet)
    said = dict(typed_in(request))
    day = _day(own, said.get(WHEN, "0"))
    if day is None:
        wrong = [Wrong(WHEN, f"A note can be up to {MOST_LATE} days late.")]
        return show(request, own, sheet, typed_in(request), status=422, wrong=wrong)
    here = own.at.astimezone(own.zone).replace(second=0, microsecond=0)
    moment = here if day == own.today else datetime.combine(day, NOON, own.zone)
    return take(
        request,
        own,
        sheet,
        happened_at=min(moment, own.at),
        given={"at": f"{moment:%Y-%m-%dT%H:%M}"},
        visibility=PRIVATE if said.get("_only_me") else None,
        loose=("at",),
        done="portal-diary",
    )


def _day(own: Own, ago: str) -> date | None:
    """Return the day that is meant; None where it lies too far back, or is none."""
    known = {str(n): own.today - timedelta(days=n) for n in range(MOST_LATE + 1)}
    return known.get(ago)


def _choices(request: HttpRequest, own: Own) -> dict[str, Any]:
    kinds = words_of("event_kinds")
    first = [(name, kinds[name]) for name in FIRST_KINDS if name in kinds]
    days = [("0", "Now"), ("1", "Yesterday")]
    days += [(str(n), catalogue().weekdays[(own.today - timedelta(days=n)).weekday()]) for n in (2, 3)]
    return {
        "days": days,
        "scale": range(11),
        "people": own.names,
        "kinds": first,
        "more_kinds": [(name, words) for name, words in kinds.items() if name not in FIRST_KINDS],
        "felt": FELT,
        "notes": list(_noted(own)) if own.reads else (),
        "told": TOLD.get(request.GET.get("told", "")),
    }


def _noted(own: Own) -> Iterator[Noted]:
    for one in reversed(own.record.of(FORM)[-SHOWN:]):
        mood = one.answers.get("mood")
        yield Noted(
            on=catalogue().spell(one.happened_at, "short"),
            mood="" if mood is None else f"{mood:g}",
            words=" ".join(_parts(own, one)),
            late=one.recorded_at.date() > one.happened_at.date(),
            private=one.visibility == PRIVATE,
        )


def _parts(own: Own, one: Entry) -> Iterator[str]:
    for met in one.answers.get("interactions") or ():
        who = own.names.get(str(met.get("person")), str(met.get("person") or ""))
        kinds = ", ".join(label("event_kinds", str(kind)) for kind in met.get("kinds") or ())
        yield f"{': '.join(part for part in (who, kinds) if part)}."
    if one.answers.get("note"):
        yield str(one.answers["note"])
