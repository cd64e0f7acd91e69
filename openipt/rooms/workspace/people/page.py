"""Door to the people of the client's life: the circle, everybody on one page, and somebody new in two taps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openipt.exchange.drawing import circle_label, circles_by_day, draw_one_circle, tie_rows
from openipt.pictures import Picture
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write
from openipt.rooms.filling.rings import ring_words
from openipt.rooms.filling.sheet import ID, id_of
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.courses import Course, evening, who, zone_here
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.people.changes import changes, tie_words
from openipt.rooms.workspace.people.known import ROLES, SHEET, Someone, everybody, named
from openipt.rooms.workspace.people.lasting import told
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.record import Entry, Record
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say

FIRST_RELATIONS = ("partner", "parent", "child", "sibling", "friend", "colleague", "neighbour", "ex")
NAMED = 5  # so many names fit a sentence
FEW = 2  # fewer people than this in a life are said, as a finding


@door("inventory", "read")
def people(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the people of the client's life, as they are or as they were known on a day."""
    one = find_course(request, course_id)
    text = request.GET.get("on", "")
    day = _day(text)
    if text and day is None:
        why = f"“{text[:40]}” is not a day of this record. Write it as 2025-10-27."
        return render(request, "ui/refused.html", {"why": why}, status=400)
    return show(request, one, day=day)


def show(
    request: HttpRequest,
    one: Course,
    *,
    day: date | None = None,
    pairs: Pairs | None = None,
    wrong: Mapping[str, Iterable[str]] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the page, with somebody who is being added as they were typed."""
    known = one.as_of(evening(day, zone_here(request))) if day else one
    everyone = everybody(known.record)
    typed = dict(pairs or [])
    may = day is None and may_write(who(request), one.id, open_form(SHEET), timezone.now())
    drawn = circles_by_day(known.record)
    page = {
        "here": "caseload",
        "tab": "people",
        "all": one,
        "day": day,
        "on": day.isoformat() if day else "",
        "latest": known.newest,
        "may_write": may,
        "told": told(request, named(everyone)),
        "people": [person for person in everyone if not person.gone],
        "gone": [person for person in everyone if person.gone],
        "circle": _circle(known.record, drawn),
        "moved": _moved(known.record, drawn, everyone),
        "lines": _lines(everyone, drawn),
        "ties": [tie_words(tie, named(everyone)) for tie in tie_rows(known.record)],
        "days": len(drawn),
        "roles": roles(known.record),
        "rings": ring_words(),
        "relations": _relations(typed.get("relation", "")),
        "typed": typed,
        "wrong": wrong or {},
        "notice": notice,
        "new_id": id_of(pairs or []) or uuid4(),
        "id_name": ID,
        "made_for": made_for(who(request).id, f"{request.path.removesuffix('add/')}add/"),
    }
    return render(request, "workspace/people/people.html", page, status=status)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1900, 1, 8) <= day <= date(2199, 12, 24) else None


def _circle(record: Record, drawn: tuple[Entry, ...]) -> Picture | None:
    """Draw the circle as it stands."""
    return draw_one_circle(record, drawn[-1], circle_label(record, drawn[-1]), "circle") if drawn else None


def _moved(record: Record, drawn: tuple[Entry, ...], everyone: Iterable[Someone]) -> list[Sentence]:
    """Say what moved since the first circle."""
    return changes(record, drawn[0], drawn[-1], named(everyone)) if len(drawn) > 1 else []


def _lines(everyone: list[Someone], drawn: tuple[Entry, ...]) -> list[Sentence]:
    """Say what the circle shows, before it is shown."""
    here = [one for one in everyone if not one.gone]
    lines = [say("people.few", n=len(here))] if 0 < len(here) < FEW else []
    if drawn:
        placed = [one for one in everyone if one.ring]
        near = tuple(one.name for one in placed if one.ring and one.ring <= 2)
        line = "people.near" if 0 < len(near) <= NAMED else "people.many_near" if near else "people.nobody_near"
        lines.append(say(line, who=near, n=len(near), of=len(placed)))
        nearer = tuple(one.name for one in placed if one.ring and one.wished and one.wished < one.ring)
        lines += [say("people.wished_nearer", who=nearer, n=len(nearer))] if nearer else []
    return lines


def _relations(marked: str) -> dict[str, list[tuple[str, str, bool]]]:
    """Return who somebody can be: those told of most often first."""
    words = vocabulary()["relations"]
    chips = {name: (name, str(text).split(",")[0], name == marked) for name, text in words.items()}
    first = [*FIRST_RELATIONS, *([marked] if marked in words and marked not in FIRST_RELATIONS else [])]
    return {
        "first": [chips[name] for name in first],
        "more": [chip for name, chip in chips.items() if name not in first],
    }


def roles(record: Record) -> list[dict[str, Any]]:
    """Return the roles of the newest card in words."""
    form = open_form(ROLES)
    items = {item.id: item for item in form.items[0].items}  # type: ignore[union-attr]
    words = {name: dict(choices_of(form, items[name])) for name in ("role", "wanted")}  # type: ignore[arg-type]
    return [
        {
            "role": words["role"].get(row.get("role"), row.get("role") or ""),
            "wanted": words["wanted"].get(row.get("wanted"), ""),
            "going": row.get("going"),
            "changed": row.get("how_changed") or ("Yes" if row.get("changed") else ""),
        }
        for row in record.says(ROLES).get("roles") or ()
    ]
