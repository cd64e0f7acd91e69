"""Make what goes along with mood anew after its inputs changed, so that no page has to. A cache, no record."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from openipt.accounts.actors import actor_of
from openipt.accounts.models import Account, Organisation
from openipt.audit.writing import wrote
from openipt.casebook.models import Enrolment, Fit, Standing
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.acting import THE_SERVICE, hold
from openipt.casebook.operations.leaving_out import take_back
from openipt.casebook.queries.fits import MODULE, belief_of, is_on, read_fit
from openipt.casebook.queries.modules import may_switch, ruling_on_modules
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.sealing import KeyGone
from openipt.policy import Actor
from openipt.therapy.insight import (
    MODEL_VERSION,
    Insight,
    as_plain,
    diary_entries,
    hidden_people,
    look,
    violence_stands,
)
from openipt.therapy.insight.entries import window
from openipt.therapy.insight.hiding import INVENTORY, names_any
from openipt.therapy.insight.looking import hash_of
from openipt.therapy.record import Record

FEEDS = frozenset({"mood-diary", "session-record", "violence-check", "interpersonal-inventory"})

_log = logging.getLogger(__name__)


def refit_later(enrolment: Enrolment, known: Record, form: str, at: datetime) -> None:
    """Have the fit made anew once this act stands. Inside an act; does nothing for a form that feeds no fit.

    Where a violence fact stands the stored fit goes with the very act that recorded the fact. So does one that speaks
    of somebody who is left out from now on, and every sentence about them that the client was given.

    Args:
        enrolment: The course, with its organisation.
        known: Its record as the act leaves it.
        form: The form that was saved or retracted.
        at: The server's time.
    """
    if form == INVENTORY:
        take_back(enrolment, known, at)
    if form not in FEEDS or not is_on(enrolment.organisation.promise):
        return
    if violence_stands(known):
        Fit.objects.filter(enrolment=enrolment).delete()
        return
    if form == INVENTORY:
        _forget_hidden(enrolment, known)
    transaction.on_commit(partial(_refit_quietly, enrolment, at))


def _forget_hidden(enrolment: Enrolment, known: Record) -> None:
    """Throw away a fit that says anything about somebody who is left out now: it is made anew after the commit."""
    row = Fit.objects.filter(enrolment=enrolment).first()
    hidden = hidden_people(known) if row else frozenset()
    if row and hidden:
        found = read_fit(row.scope, enrolment.id, bytes(row.body))
        if found is None or names_any(found, hidden):
            row.delete()


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
    take_back(enrolment, known, at)
    if not is_on(enrolment.organisation.promise) or violence_stands(known):
        Fit.objects.filter(enrolment=enrolment).delete()
        return False
    belief = belief_of(enrolment.organisation.promise)
    entries, hidden = diary_entries(known), hidden_people(known)
    wanted = hash_of(window(entries), belief, hidden)
    if Fit.objects.filter(enrolment=enrolment, inputs_hash=wanted, model_version=MODEL_VERSION).exists():
        return True
    found = look(entries, belief=belief, hidden=hidden)
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


def switch(
    *, organisation: Organisation, on: bool, read_by: UUID | None, read_on: date, at: datetime, by: str | None = None
) -> bool:
    """Switch the module on or off for a service; return whether that changed anything. Off, nothing of it is kept.

    Args:
        organisation: The service.
        on: Whether it is on from now.
        read_by: Who read what it is for (`insight.switch`) and decides. Whoever runs the server may switch it off
            without anybody: it is the safe side.
        read_on: The day they read it.
        at: The server's time.
        by: Who carries it out, where that is not who decides.

    Raises:
        NotAllowed: who is to have read it does not decide about it, or nobody is named for switching it on.
    """
    _ask_policy(organisation, read_by, on, at)
    if is_on(organisation.promise) is on:
        return False
    said: dict[str, Any] = {**organisation.promise.get(MODULE, {}), "on": on, "read_on": read_on.isoformat()}
    if read_by:
        said["read_by"] = str(read_by)
    with transaction.atomic():
        organisation.promise = {**organisation.promise, MODULE: said}
        organisation.save(update_fields=["promise"])
        if not on:
            Fit.objects.filter(organisation=organisation).delete()
        who, why = by or str(read_by or THE_SERVICE), "on" if on else "off"
        wrote(act="switch_insight", by=who, at=at, organisation=str(organisation.id), client=None, rows=(), why=why)
    return True


def _ask_policy(organisation: Organisation, read_by: UUID | None, on: bool, at: datetime) -> None:
    """Ask whether somebody decides for this service. Their roles are those of this moment."""
    if read_by is None and not on:
        return
    reader = Account.objects.filter(id=read_by, organisation=organisation).first() if read_by else None
    actor = actor_of(reader, at) if reader else Actor("", str(organisation.id), frozenset())
    if not may_switch(actor):
        raise NotAllowed(ruling_on_modules(actor, "write"))
