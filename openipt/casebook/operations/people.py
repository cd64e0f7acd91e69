"""Acts around the people of a client's life: somebody is added and placed; somebody is no longer part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import Replaced, SameIdOtherBody, Saved, save_entry
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.pictures.circle_values import roomiest
from openipt.policy import Actor, kind_of_thing
from openipt.therapy.record import Record

SHEET, CIRCLE = "interpersonal-inventory", "closeness-circle"


def add_person(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    answers: Mapping[str, Any],
    id: UUID,  # noqa: A002 - the word of the field
    ring: int | None = None,
    zone: str = "UTC",
) -> Saved:
    """Add somebody to a client's life: the person begins, the first sheet is written, the circle shows them.

    Args:
        by: Who writes.
        at: The server's time.
        enrolment: The enrolment's label.
        answers: The first answers of the inventory about this person.
        id: Of the sheet, made with the page: sent twice, it is one person.
        ring: Where they stand; None where they have no place yet.
        zone: Of the service.

    Raises:
        NotVisible, NotAllowed, Invalid, SameIdOtherBody: as `save_entry`. Nobody has begun then.
    """
    about = str(uuid5(id, "person"))
    how: dict[str, Any] = {"by": by, "at": at, "enrolment": enrolment, "zone": zone}
    first = {**answers, **({"ring": ring} if ring is not None else {})}

    def write() -> Saved:
        begin_thing(by=by, at=at, enrolment=enrolment, kind="person", label=about, id=UUID(about))
        return save_entry(form=SHEET, answers=first, about=about, id=id, **how)

    def place() -> None:
        if ring is not None:
            circle = _circle(by, enrolment, at)
            rows = circle.get("places") or []
            angle = roomiest([row["angle"] for row in rows if row.get("angle") is not None])
            rows = [*rows, {"person": about, "ring": ring, "angle": angle}]
            save_entry(form=CIRCLE, answers={**circle, "places": rows}, id=uuid5(id, "circle"), **how)

    return _together(write, place)


def end_person(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    person: str,
    answers: Mapping[str, Any],
    id: UUID,  # noqa: A002 - the word of the field
    replaces: UUID | None,
    zone: str = "UTC",
) -> Saved:
    """Write that somebody died or was lost touch with: a new version of their sheet, and of the circle they stand on.

    Nothing of them is taken away, and a newer version can say that they are back.

    Args:
        by: Who writes.
        at: The server's time.
        enrolment: The enrolment's label.
        person: Who.
        answers: The whole sheet as it reads from now on, `status` among its answers.
        id: Of the sheet, made with the page.
        replaces: The sheet as it was on the page; None where there was none.
        zone: Of the service.

    Raises:
        NotVisible: also where there is no such person.
        NotAllowed, Invalid, SameIdOtherBody, Replaced: as `save_entry`.
    """
    how: dict[str, Any] = {"by": by, "at": at, "enrolment": enrolment, "zone": zone}
    if person not in {thing.id for thing in _known(by, enrolment, at).people}:
        raise NotVisible(person)

    def write() -> Saved:
        return save_entry(form=SHEET, answers=answers, about=person, id=id, replaces=replaces, **how)

    def mark() -> None:
        circle = _circle(by, enrolment, at)
        out = list(circle.get("lost_or_out") or ())
        if person in {row.get("person") for row in circle.get("places") or ()} and person not in out:
            answers = {**circle, "lost_or_out": [*out, person]}
            save_entry(form=CIRCLE, answers=answers, id=uuid5(id, "circle"), **how)

    return _together(write, mark)


def _together(write: Callable[[], Saved], then: Callable[[], None]) -> Saved:
    """Do both in one transaction; what had come before is not done again."""
    try:
        with transaction.atomic():
            saved = write()
            if saved.made:
                then()
            return saved
    except (SameIdOtherBody, Replaced):
        return write()  # the draft that keeps what came second went with the transaction: kept anew, and said


def _circle(by: Actor, enrolment: str, at: datetime) -> dict[str, Any]:
    """Return the newest circle: who stands where, and who is out of touch; its own remark belongs to its own day."""
    said = _known(by, enrolment, at).says(CIRCLE)
    return {name: said[name] for name in ("places", "lost_or_out") if said.get(name)}


def _known(by: Actor, enrolment: str, at: datetime) -> Record:
    return record(find_enrolment(by, enrolment, kind_of_thing("person"), "write", at).enrolment, naming=False)
