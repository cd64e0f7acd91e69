"""Make what goes along with mood anew after its inputs changed, so that no page has to. A cache, no record."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from openipt.accounts.models import Organisation
from openipt.audit.writing import wrote
from openipt.casebook.models import Enrolment, Fit, Standing
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.acting import hold
from openipt.casebook.queries.fits import MODULE, belief_of, is_on
from openipt.casebook.queries.record import record
from openipt.casebook.sealing import KeyGone
from openipt.therapy.insight import MODEL_VERSION, Insight, as_plain, diary_entries, look, violence_stands
from openipt.therapy.insight.entries import inputs_hash, window
from openipt.therapy.record import Record

FEEDS = frozenset({"mood-diary", "session-record", "violence-check", "interpersonal-inventory"})

_log = logging.getLogger(__name__)


def refit_later(enrolment: Enrolment, known: Record, form: str, at: datetime) -> None:
    """Have the fit made anew once this act stands. Inside an act; does nothing for a form that feeds no fit.

    Where a violence fact stands the stored fit goes with the very act that recorded the fact.

    Args:
        enrolment: The course, with its organisation.
        known: Its record as the act leaves it.
        form: The form that was saved or retracted.
        at: The server's time.
    """
    if form not in FEEDS or not is_on(enrolment.organisation.promise):
        return
    if violence_stands(known):
        Fit.objects.filter(enrolment=enrolment).delete()
        return
    transaction.on_commit(partial(_refit_quietly, enrolment, at))


def _refit_quietly(enrolment: Enrolment, at: datetime) -> None:
    """Make a fit where what was saved stands already: a failure here must not look like a failure to save."""
    try:
        refit(enrolment, at)
    except Exception as problem:  # told to the operator, with no word of the client's
        _log.error("no fit was made of enrolment %s (%s)", enrolment.id, type(problem).__name__)


def refit(enrolment: Enrolment, at: datetime) -> bool:
    """Make the fit of a course anew from its record; return whether one is stored now.

    The statistics run outside any transaction: nobody waits for them. Facts that came meanwhile are noticed: then
    whoever wrote them makes the fit.
    """
    seq = _seq(enrolment)
    known = record(enrolment, naming=False)
    if not is_on(enrolment.organisation.promise) or violence_stands(known):
        Fit.objects.filter(enrolment=enrolment).delete()
        return False
    belief = belief_of(enrolment.organisation.promise)
    entries = diary_entries(known)
    wanted = inputs_hash(window(entries), MODEL_VERSION, belief)
    if Fit.objects.filter(enrolment=enrolment, inputs_hash=wanted, model_version=MODEL_VERSION).exists():
        return True
    found = look(entries, belief=belief)
    with transaction.atomic():
        hold(enrolment)
        if _seq(enrolment) != seq:
            return False
        _store(enrolment, found, at)
    return True


def _seq(enrolment: Enrolment) -> int | None:
    return Standing.objects.filter(enrolment=enrolment).values_list("seq", flat=True).first()


def _store(enrolment: Enrolment, found: Insight, at: datetime) -> None:
    scope = enrolment.client.scope
    Fit.objects.update_or_create(
        enrolment=enrolment,
        defaults={
            "organisation_id": enrolment.organisation_id,
            "scope": scope,
            "inputs_hash": found.inputs_hash,
            "model_version": found.model_version,
            "made_at": at,
            "body": seal_body(scope, "fit", enrolment.id, as_plain(found)),
        },
    )


def rebuild(organisation: UUID, at: datetime, enrolments: Iterable[UUID] | None = None) -> Iterator[tuple[UUID, bool]]:
    """Make every fit of a service anew where its inputs changed; yield each course and whether a fit is stored now.

    Args:
        organisation: The service.
        at: The server's time.
        enrolments: Only these courses.
    """
    asked = Enrolment.objects.filter(organisation_id=organisation).select_related("client", "organisation")
    if enrolments is not None:
        asked = asked.filter(id__in=list(enrolments))
    for one in asked.order_by("id"):
        try:
            yield one.id, refit(one, at)
        except KeyGone:  # erased: nothing can be read, and nothing is kept
            Fit.objects.filter(enrolment=one).delete()
            yield one.id, False


def switch(*, organisation: Organisation, on: bool, read_by: UUID, read_on: date, at: datetime) -> None:
    """Switch the module on or off for a service. Switched off, nothing of it is kept.

    Args:
        organisation: The service.
        on: Whether it is on from now.
        read_by: Who read its intended use (`insight.page.intended`).
        read_on: The day they read it.
        at: The server's time.
    """
    said: dict[str, Any] = {**organisation.promise.get(MODULE, {})}
    said |= {"on": on, "read_by": str(read_by), "read_on": read_on.isoformat()}
    with transaction.atomic():
        organisation.promise = {**organisation.promise, MODULE: said}
        organisation.save(update_fields=["promise"])
        if not on:
            Fit.objects.filter(organisation=organisation).delete()
        wrote(act="switch_insight", by=str(read_by), at=at, organisation=str(organisation.id), client=None, rows=())
