"""What goes along with mood, as one actor may see it: made after each change, only read here. One query a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openipt.casebook.models import Tie
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.visible import live, rule
from openipt.policy import Actor, Ruling
from openipt.therapy.insight import DEFAULT, Belief, Insight, of_plain

KIND = "insight"
MODULE = "insight"  # its place in what a service promises: {"on", "read_by", "read_on"}
_FIT = ("inputs_hash", "scope", "enrolment_id", "made_at", "body")


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
    asked = Tie.objects.filter(
        live(at), account_id=actor.id, enrolment__organisation_id=actor.organisation, enrolment__label=label
    )
    columns = ("kind", "enrolment__organisation__promise", *(f"enrolment__fit__{name}" for name in _FIT))
    rows = list(asked.values_list(*columns))
    ruling = rule(actor, {row[0] for row in rows}, KIND, "read")
    if not ruling.allowed or not rows:
        return Stored(ruling)
    _, promise, inputs_hash, scope, enrolment, made_at, body = rows[0]
    if not is_on(promise) or inputs_hash is None:
        return Stored(ruling, is_on(promise))
    return Stored(ruling, True, read_fit(scope, enrolment, body), made_at)


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
