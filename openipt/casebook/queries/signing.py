"""Decisions that wait for a second person, and what became of those that did not wait in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openipt.audit.writing import saw
from openipt.casebook import sealing
from openipt.casebook.models import Entry, Mark, Thing
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.visible import NotVisible, Seen, enrolments
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, may, numbers, wanting
from openipt.therapy.record import Entry as Known
from openipt.therapy.record import Record

DECISION, SIGN_OFF, SIGN_OFFS = "decision-record", "sign-off", "sign_offs"
ASKS_FOR_ANOTHER = frozenset({("DP8", "continue_with_reason")})  # PROTOCOLS 1.6


@dataclass(frozen=True, slots=True)
class ToSign:
    """A decision that waits: whose course, what was decided, what was put before the second person.

    `may_from`: the moment from which this actor may sign; None where it takes somebody else.
    """

    course: str
    code: str
    decision: str
    point: str
    action: str
    state: str | None
    asked: str
    since: datetime
    may_from: datetime | None


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands about the sign-off of one decision: asked for, and answered or not yet."""

    asked: Known
    answer: Known | None


def asks_for_another(point: str | None, action: str | None) -> bool:
    """Whether a decision is one that a second person signs."""
    return (point or "", action or "") in ASKS_FOR_ANOTHER


def sign_off_of(record: Record, decision: str) -> Signed | None:
    """Return what was asked and answered about a decision; None where nobody was asked."""
    said = record.of(SIGN_OFF, decision)
    asked = next((one for one in said if one.answers.get("says") == "asked"), None)
    if asked is None:
        return None
    return Signed(asked, next((one for one in reversed(said) if one.answers.get("says") != "asked"), None))


def may_sign_from(actor: Actor, decided_by: UUID | None, recorded_at: datetime) -> datetime | None:
    """Return from when an actor may be the second person; None where it has to be somebody else.

    Where one clinician works alone the table puts a delay and a written reason in place of the second person.
    """
    if decided_by is None or str(decided_by) != actor.id:
        return recorded_at
    return recorded_at + timedelta(hours=dict(numbers())["solo_delay_hours"]) if actor.solo else None


def rules_on(actor: Actor, seen: Seen, met: frozenset[str]) -> tuple[bool, tuple[str, ...]]:
    """Return whether the table lets an actor sign in a course at all, and what would still be wanting."""
    facts = ("group_course",) if "group" in seen.ties else ()
    ruling = may(actor, seen.ties, SIGN_OFFS, "write", met=met, facts=facts)
    return ruling.allowed, wanting(ruling, met)


def to_sign(actor: Actor, at: datetime) -> list[ToSign]:
    """Return every decision that waits for a second person in the courses an actor sees, the longest waiting first."""
    seen = {key: one for key, one in enrolments(actor, SIGN_OFFS, at).items() if rules_on(actor, one, frozenset())[0]}
    gone = Mark.objects.filter(what="ended").values("target")
    waiting = Thing.objects.filter(kind="decision", enrolment__in=seen).exclude(id__in=gone).order_by("created_at")
    things = list(waiting.values_list("enrolment_id", "label"))
    sheets = _sheets([label for _, label in things])
    made = [_to_sign(actor, seen[key], label, sheets) for key, label in things if (DECISION, label) in sheets]
    shown = [str(seen[key].enrolment.client_id) for key, _ in things]
    saw(act="signing.list", by=actor.id, at=at, organisation=actor.organisation, client=None, shown=shown)
    return made


def one_to_sign(actor: Actor, course: str, decision: str, at: datetime) -> ToSign:
    """Return one decision of a course as it is put before a second person; raise NotVisible where nobody was asked."""
    seen = find_enrolment(actor, course, SIGN_OFFS, "read", at)
    known = Thing.objects.filter(enrolment=seen.enrolment, kind="decision", label=decision).exists()
    sheets = _sheets([decision]) if known else {}
    if (DECISION, decision) not in sheets:
        raise NotVisible(decision)
    return _to_sign(actor, seen, decision, sheets)


def _sheets(decisions: list[str]) -> dict[tuple[str, str], Entry]:
    """Return the decisions by their id, and what was put before the second person by the decision it is about."""
    asked = Entry.objects.filter(form=SIGN_OFF, about__in=decisions).order_by("-seq")
    decided = list(Entry.objects.filter(form=DECISION, id__in=[UUID(one) for one in decisions]))
    sealing.load([one.scope for one in decided])
    found = {(SIGN_OFF, one.about): one for one in asked}
    return found | {(DECISION, str(one.id)): one for one in decided}


def _to_sign(actor: Actor, seen: Seen, label: str, sheets: dict[tuple[str, str], Entry]) -> ToSign:
    decided, asked = sheets[DECISION, label], sheets.get((SIGN_OFF, label))
    said = _said(decided)
    return ToSign(
        course=seen.enrolment.label,
        code=seen.enrolment.client.code,
        decision=label,
        point=str(said.get("point") or ""),
        action=str(said.get("action") or ""),
        state=said.get("state"),
        asked=str(_said(asked).get("words") or "") if asked else "",
        since=decided.recorded_at,
        may_from=may_sign_from(actor, decided.by, decided.recorded_at),
    )


def _said(entry: Entry) -> dict[str, Any]:
    answers: dict[str, Any] = read_body(entry.scope, "entry", entry.id, bytes(entry.body))["answers"]
    return answers
