"""Acts around entries: begin a person, goal, step or event; retract what was wrong; note that something is no more."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from openipt.casebook.models import Entry, Mark, Thing
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.fitting import refit_later
from openipt.casebook.operations.flagging import write_step
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of, kind_of_thing
from openipt.therapy.forms import open_form

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}")  # it stands in a column that is not sealed


def begin_thing(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    kind: str,
    label: str | None = None,
    id: UUID | None = None,  # noqa: A002
) -> str:
    """Let a person, goal, step, event, session or decision begin; return the label answers call it by.

    The same label twice is one thing: sending again changes nothing.
    """
    if kind not in Thing.KINDS:
        raise ValueError(f"{kind!r} is no kind of thing; expected one of {', '.join(Thing.KINDS)}")
    seen = find_enrolment(by, enrolment, kind_of_thing(kind), "write", at)
    if label is not None and not LABEL.fullmatch(label):
        raise ValueError(f"a label is up to 40 letters, digits, dots and hyphens; got {len(label)} letters")
    made = id or uuid7()
    name = label or str(made)
    if Thing.objects.filter(enrolment=seen.enrolment, kind=kind, label=name).exists():
        return name
    with act("begin_thing", by=by.id, at=at, owner=seen.enrolment) as it:
        it.add(
            Thing(
                id=made,
                organisation_id=seen.enrolment.organisation_id,
                enrolment=seen.enrolment,
                kind=kind,
                label=name,
                seq=it.next_seq(),
                created_at=at,
                by=UUID(by.id),
            )
        )
        restate(it, record(seen.enrolment, naming=False), at)
    return name


def retract(*, by: Actor, at: datetime, entry: UUID, why: str) -> None:
    """Take an entry out of what the record says, and keep it. Its open flags are closed with the same words.

    Args:
        by: Who retracts.
        at: The server's time.
        entry: The entry's id.
        why: The reason, in words.
    """
    if not why.strip():
        raise ValueError("an entry is retracted with a reason: say why it is wrong")
    found = (
        Entry.objects.filter(id=entry, organisation_id=by.organisation, enrolment__isnull=False)
        .select_related("enrolment__client", "enrolment__organisation")
        .first()
    )
    if found is None or found.enrolment is None:
        raise NotVisible(str(entry))
    form = open_form(found.form, found.version)
    seen = find_enrolment(by, found.enrolment.label, kind_of(form.id, form.kind, found.visibility), "write", at)
    if Mark.objects.filter(target=entry, what="retracted").exists():
        return
    with act("retract", by=by.id, at=at, owner=seen.enrolment) as it:
        write_mark(it, entry, "retracted", UUID(by.id), why.strip())
        for flag in found.flags.exclude(steps__kind="outcome"):
            said = {"words": why.strip(), "assessed": False}
            write_step(it, flag, "outcome", by=UUID(by.id), said=said, state="closed")
        known = record(seen.enrolment, naming=False)
        restate(it, known, at)
        refit_later(seen.enrolment, known, form.id, at)


def write_mark(it: Act, target: UUID, what: str, by: UUID, why: str) -> Mark:
    """Write what is said later about a row."""
    made = uuid7()
    scope = it.owner.client.scope if hasattr(it.owner, "client") else it.owner.scope
    return it.add(
        Mark(
            id=made,
            target=target,
            what=what,
            at=it.at,
            by=by,
            scope=scope,
            why=seal_body(scope, "mark", made, why),
            **it.whose,
        )
    )
