"""Door to placing people on the circle: by hand and by keys where the page moves, as a plain list where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.exchange.drawing import circles
from openipt.pictures.circle_values import Person, angles
from openipt.pictures.seats import Ground
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.rings import ring_words
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sheet import id_of, unknown
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.people.known import CIRCLE, Someone, everybody, ring_for
from openipt.rooms.workspace.people.lasting import lasting, notice
from openipt.therapy.forms import open_form, score
from openipt.therapy.record import Record

NEWEST = "_newest"  # the circle that the page was made from
SIDE = 360.0  # of the board, in its own units
NOBODY = "Nobody stands on the circle yet. Place one person, or say below that there are few people, or none."
MARKED = "This page had been saved with other places. Both are kept; what is below has not been saved yet."


@dataclass(frozen=True, slots=True)
class Place:
    """One person's line on the page."""

    number: int
    id: str
    name: str
    relation: str
    ring: str
    wished: str
    angle: str
    state: str  # how things stand, where that is worth a word
    wrong: tuple[str, ...] = ()


@lasting("goals_homework", "write")
def circle(request: HttpRequest, pairs: Pairs | None, course_id: str) -> HttpResponse:
    """Place everybody, or take the circle in: each that is saved is a new one, and the earlier ones stay."""
    now, actor = timezone.now(), who(request)
    find_enrolment(actor, course_id, "goals_homework", "write", now)
    find_enrolment(actor, course_id, "inventory", "read", now)
    one = find_course(request, course_id)
    if request.method != "POST":
        return _show(request, one, pairs, above=notice(request, pairs))
    form = open_form(CIRCLE)
    root, strange = plant(pairs or [])
    found = read(form, root)
    wrong = [*found.wrong, *unknown([*strange, *found.strange]), *_strangers(found.answers, one.record)]
    wrong += in_words(score(form, found.answers).errors, found, root)
    answers = _answers(found.answers, one.record)
    if not answers.get("places") and not answers.get("few_or_none"):
        wrong.append(Wrong("places", NOBODY))
    made = id_of(pairs or [])
    if wrong or made is None:
        return _show(request, one, pairs, wrong=wrong, status=422)
    how: dict[str, Any] = {"by": actor, "at": now, "enrolment": course_id, "zone": zone_of(actor.organisation)}
    try:
        saved = save_entry(form=CIRCLE, answers=answers, id=made, **how)
    except Invalid as refused:
        return _show(request, one, pairs, wrong=in_words(refused.troubles, found, root), status=422)
    except (SameIdOtherBody, Replaced):
        again = [pair for pair in pairs or [] if pair[0] != "_id"]
        return _show(request, one, again, above=MARKED, status=409)
    drawn = circles(one.record)
    moved = bool(drawn) and drawn[-1].id != dict(pairs or []).get(NEWEST, "")
    word = "again" if not saved.made else "placed_beside" if moved else "placed"
    answer = redirect(f"{reverse('people', args=[course_id])}?told={word}#h-circle")
    answer.status_code = 303
    return answer


def _strangers(answers: Mapping[str, Any], record: Record) -> Iterator[Wrong]:
    """Name whoever is not a person of this record: a place belongs to somebody."""
    known = {thing.id for thing in record.people}
    for number, row in enumerate(answers.get("places") or ()):
        if row.get("person") not in known:
            yield Wrong(f"places.{number}", f"“{str(row.get('person', ''))[:40]}” is nobody of this circle.")


def _answers(given: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """Return what is stored: whoever the page did not show keeps their place, and who is out of touch is marked so."""
    drawn = circles(record)
    before = drawn[-1].answers if drawn else {}
    shown = {row.get("person") for row in given.get("places") or ()}
    kept = [row for row in before.get("places") or () if row.get("person") not in shown]
    rows = [*(row for row in given.get("places") or () if row.get("ring")), *kept]
    out = _out_of_touch(record, before.get("lost_or_out") or (), {row.get("person") for row in rows})
    more = {name: given[name] for name in ("few_or_none", "note") if given.get(name)}
    return {**({"places": rows} if rows else {}), **({"lost_or_out": out} if out else {}), **more}


def _out_of_touch(record: Record, before: Iterable[str], placed: set[Any]) -> list[str]:
    """Return who is lost or out of touch: who was, unless their sheet says they are back, and who is by their sheet."""
    everyone = {one.id: one for one in everybody(record)}
    still = [who for who in before if who not in everyone or everyone[who].said.get("status") != "current"]
    return list(dict.fromkeys([*still, *(one.id for one in everyone.values() if one.gone and one.id in placed)]))


def _show(
    request: HttpRequest,
    one: Course,
    pairs: Pairs | None,
    *,
    wrong: Iterable[Wrong] = (),
    above: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the board and the list, with what was typed, else as the newest circle stands."""
    off = by_name(wrong)
    said = dict(pairs or [])
    drawn = circles(one.record)
    ground = Ground(SIDE, 0.0)
    page = {
        "here": "caseload",
        "tab": "people",
        "all": one,
        "places": list(_places(one.record, said, pairs is not None, off)),
        "rings": list(ring_words().items()),
        "wrong": [(name, words) for name, several in off.items() for words in several],
        "note": said.get("note", ""),
        "few": said.get("few_or_none") == "yes",
        "notice": above,
        "new_id": id_of(pairs or []) or uuid4(),
        "newest": said.get(NEWEST, drawn[-1].id if drawn else ""),
        "side": int(SIDE),
        "middle": ground.middle,
        "radii": [ground.radius(ring) for ring in ring_words()],
        "ring_names": list(ring_words().values()),
        "made_for": made_for(who(request).id, request.path),
    }
    return render(request, "workspace/people/circle.html", page, status=status)


def _places(
    record: Record, said: Mapping[str, str], typed: bool, off: Mapping[str, tuple[str, ...]] | Any
) -> Iterator[Place]:
    """Yield a line for everybody, those who are gone only where they stand on the circle."""
    first = not circles(record)
    everyone = [one for one in everybody(record) if not one.gone or one.ring]
    turned = _turned(record, everyone)
    numbers = {text: name.split(".")[1] for name, text in said.items() if name.endswith(".person")}
    for number, one in enumerate(everyone):
        row = f"places.{numbers.get(one.id, number)}"
        stands = _proposed(one) if first else (one.ring, one.wished)
        ring, wished = (str(value or "") for value in stands)
        angle = f"{turned.get(one.id, 0.0):g}"
        if typed:
            ring, wished = said.get(f"{row}.ring", ""), said.get(f"{row}.wished_ring", "")
            angle = said.get(f"{row}.angle") or angle
        words = tuple(text for name, several in off.items() if name.startswith(f"{row}.") for text in several)
        yield Place(number, one.id, one.name, one.relation, ring, wished, angle, one.status if one.gone else "", words)


def _proposed(one: Someone) -> tuple[int | None, int | None]:
    """Propose places for the very first circle from how close somebody feels, and how close they are wished."""
    ring = one.said.get("ring") or ring_for(one.said.get("closeness"))
    return (ring if not one.gone else None), ring_for(one.said.get("wished_closeness"))


def _turned(record: Record, everyone: Iterable[Someone]) -> dict[str, float]:
    """Return everybody's angle as the picture shows it, so that nobody jumps when the page opens."""
    drawn = circles(record)
    rows = drawn[-1].answers.get("places") or () if drawn else ()
    placed = [Person(row["person"], "", row.get("ring"), angle=row.get("angle")) for row in rows if row.get("person")]
    known = {person.key for person in placed}
    others = [Person(one.id, "", None) for one in everyone if one.id not in known]
    return {key: round(angle % 360.0, 1) for key, angle in angles([*placed, *others]).items()}
