"""What goes along with mood, as one actor may see it: made after each change, only read here. One query a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openipt.casebook.models import Fit
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.visible import looked_up, rule
from openipt.policy import Actor, Ruling
from openipt.tables.asking import Question
from openipt.therapy.insight import DEFAULT, Belief, Insight, of_plain

KIND = "insight"
MODULE = "insight"  # its place in what a service promises: {"on", "read_by", "read_on"}


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of one course.

    Attributes:
        ruling: Whether this actor may read it; where not, nothing else is told.
        on: Whether the service has switched the module on.
        found: What was found when it was last made; None where nothing is stored.
        made_at: When that was.
    """

    ruling: Ruling
    on: bool = False
    found: Insight | None = None
    made_at: datetime | None = None


def stored_fit(actor: Actor, label: str, at: datetime) -> Stored:
    """Return what is stored of a course, as far as the actor may read it. Whoever asks has opened the course already.

    Args:
        actor: Who asks.
        label: The course's label.
        at: The moment: who is tied to a course changes.
    """
    enrolment, ties = looked_up(actor, label, at)
    tied = ties - {"programme"}  # a role opens no insight
    ruling = rule(actor, tied, KIND, "read")
    if not ruling.allowed or not tied or enrolment is None:
        return Stored(ruling)
    if not is_on(enrolment.organisation.promise):
        return Stored(ruling)
    fit = _OF_ENROLMENT.first(enrolment=enrolment.id)
    if fit is None:
        return Stored(ruling, True)
    return Stored(ruling, True, read_fit(fit.scope, enrolment.id, fit.body), fit.made_at)


_OF_ENROLMENT = Question(lambda enrolment: Fit.objects.filter(enrolment=enrolment))


def read_fit(scope: UUID, enrolment: UUID, body: bytes) -> Insight | None:
    """Unseal an insight that was kept; None where an older version of the model kept it."""
    try:
        return of_plain(read_body(scope, "fit", enrolment, bytes(body)))
    except (TypeError, KeyError):
        return None


def is_on(promise: Mapping[str, Any]) -> bool:
    """Whether a service has switched the module on: after reading its intended use, and saying who read it."""
    said = promise.get(MODULE) or {}
    return bool(said.get("on") and said.get("read_by") and said.get("read_on"))


def belief_of(promise: Mapping[str, Any]) -> Belief:
    """Return what a service learned from earlier clients; the defaults where it has not."""
    kept = (promise.get(MODULE) or {}).get("belief")
    return Belief(**kept) if kept else DEFAULT
