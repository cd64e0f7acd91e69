"""A questionnaire that a client began: kept between its questions, and looked at with each answer (RULINGS 5).

An answer about danger does not wait for the last question. What was answered so far becomes an entry with its flag at
once; whatever is answered after it is a newer version of that entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from openipt.casebook.models import Draft, Entry
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.drafting import drop_drafts, open_drafts
from openipt.casebook.operations.saving import Saved, save_entry
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.therapy.course.danger import danger
from openipt.therapy.forms import open_form


@dataclass(frozen=True, slots=True)
class Begun:
    """A questionnaire as far as it is answered.

    Attributes:
        id: What the entry will be called.
        answers: What was answered.
        passed: Questions that were looked at and left, by their ids: the client would rather not say.
        replaces: The entry that was written on the way, because of an answer about danger.
        told: The answers about danger that stand in it.
    """

    id: UUID
    answers: Mapping[str, Any] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    replaces: UUID | None = None
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """What is sealed."""
        older = str(self.replaces) if self.replaces else None
        return {"answers": dict(self.answers), "passed": list(self.passed), "replaces": older, "told": dict(self.told)}


def begun(*, by: Actor, at: datetime, enrolment: str, form: str) -> Begun | None:
    """Return a questionnaire that somebody began and did not send; None where there is none."""
    for one in open_drafts(by=by, at=at, enrolment=enrolment, form=form):
        if "answers" in one.body:
            said = one.body
            older = UUID(said["replaces"]) if said.get("replaces") else None
            return Begun(one.id, said["answers"], tuple(said.get("passed") or ()), older, said.get("told") or {})
    return None


def keep_answers(*, by: Actor, at: datetime, enrolment: str, form: str, sheet: Begun, zone: str) -> Begun:
    """Keep what was answered so far; where it speaks of danger, write it with its flag first.

    Returns:
        The questionnaire as it goes on from here.

    Raises:
        NotVisible, NotAllowed: as for saving the sheet itself.
        Invalid, SameIdOtherBody, Replaced: as `save_entry`.
    """
    found = open_form(form)
    grave = danger(found, sheet.answers)
    if grave and grave != dict(sheet.told):
        hand_in(by=by, at=at, enrolment=enrolment, form=form, sheet=sheet, zone=zone)
        sheet = Begun(uuid5(sheet.id, "rest"), sheet.answers, sheet.passed, sheet.id, grave)
    _store(by, at, enrolment, form, sheet)
    return sheet


def hand_in(*, by: Actor, at: datetime, enrolment: str, form: str, sheet: Begun, zone: str) -> Saved:
    """Send a questionnaire: one entry, with its flag if it asks for a person; the draft goes.

    Raises:
        NotVisible, NotAllowed, Invalid, SameIdOtherBody, Replaced: as `save_entry`.
    """
    saved = save_entry(
        by=by,
        at=at,
        enrolment=enrolment,
        form=form,
        answers={name: value for name, value in sheet.answers.items() if value is not None},
        id=sheet.id,
        replaces=sheet.replaces,
        zone=zone,
    )
    drop_drafts(by, [sheet.id])
    return saved


def _store(by: Actor, at: datetime, enrolment: str, form: str, sheet: Begun) -> None:
    found = open_form(form)
    seen = find_enrolment(by, enrolment, kind_of(found.id, found.kind, found.visibility), "write", at)
    scope = seen.enrolment.client.scope
    blob = seal_body(scope, "draft", sheet.id, sheet.body)
    with transaction.atomic():
        if Entry.objects.filter(id=sheet.id).exists():
            return
        mine = Draft.objects.filter(id=sheet.id, author=by.id, enrolment=seen.enrolment, conflicts_with=None)
        if mine.update(body=blob, saved_at=at):
            return
        whose: dict[str, Any] = {"enrolment": seen.enrolment, "author": UUID(by.id), "scope": scope}
        try:
            with transaction.atomic():
                Draft(id=sheet.id, form=found.id, about="", body=blob, saved_at=at, started_at=at, **whose).save(
                    force_insert=True
                )
        except IntegrityError:
            raise NotVisible(str(sheet.id)) from None
