"""What earlier clients of a service say about the next diary: learned by a command, kept as five numbers, dated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from openipt.accounts.models import Organisation
from openipt.audit.writing import wrote
from openipt.casebook.models import Enrolment
from openipt.casebook.operations.acting import THE_SERVICE
from openipt.casebook.queries.fits import MODULE
from openipt.casebook.queries.record import record
from openipt.casebook.sealing import KeyGone
from openipt.therapy.insight import Belief, diary_entries, hidden_people, violence_stands
from openipt.therapy.insight.diary import diary_of
from openipt.therapy.insight.entries import window
from openipt.therapy.record import Record

if TYPE_CHECKING:
    from openipt.therapy.insight import Fit


def learn_belief(organisation: Organisation, at: datetime) -> Belief:
    """Learn from the diaries of clients who agreed to research, and keep what was learned.

    Fits made before keep what was believed then until they are made anew (`rebuild`).

    Args:
        organisation: The service.
        at: The server's time.

    Raises:
        ValueError: fewer than 20 such clients have 14 entries or more; what is believed stays as it is.
    """
    from openipt.therapy.insight import clinic_prior

    belief = clinic_prior(_fits(organisation))
    _keep(organisation, {"belief": asdict(belief), "learned_on": at.date().isoformat()}, at)
    return belief


def forget_belief(organisation: Organisation, at: datetime) -> None:
    """Go back to the defaults."""
    _keep(organisation, {"belief": None, "learned_on": None}, at)


def _keep(organisation: Organisation, learned: dict[str, Any], at: datetime) -> None:
    said = {**organisation.promise.get(MODULE, {}), **learned}
    with transaction.atomic():
        organisation.promise = {
            **organisation.promise,
            MODULE: {name: value for name, value in said.items() if value is not None},
        }
        organisation.save(update_fields=["promise"])
        wrote(act="learn_insight", by=THE_SERVICE, at=at, organisation=str(organisation.id), client=None, rows=())


def _fits(organisation: Organisation) -> Iterator[Fit]:
    from openipt.therapy.insight.looking import fit_people

    for one in Enrolment.objects.filter(organisation=organisation).select_related("client").order_by("id"):
        try:
            known = record(one, naming=False)
        except KeyGone:
            continue
        if _agreed(known) and not violence_stands(known):
            diary = diary_of(window(diary_entries(known)), hidden=hidden_people(known))
            if diary.chosen:
                yield fit_people(diary)[0]


def _agreed(known: Record) -> bool:
    return known.says("consent").get("research") is True
