"""Several sheets that are one clinical act: written whole, in one transaction with one audit event, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from openipt.casebook.models import Draft, Enrolment, Entry, Mark, Thing
from openipt.casebook.models.sealed import fingerprint, seal_body
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.drafting import drop_drafts
from openipt.casebook.operations.fitting import refit_later
from openipt.casebook.operations.flagging import raise_flags
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, Saved, write_entry
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.therapy.forms import open_form, score
from openipt.therapy.record import Entry as Known
from openipt.therapy.record import Record

InItsPlace = Callable[[Record], Known | None]  # what stands in the record where the first sheet would stand


class _Conflict(Exception):  # noqa: N818 - undoes an act: something else stands in this place
    def __init__(self, known: Entry) -> None:
        super().__init__(str(known.id))
        self.known = known


class _Arrived(Exception):  # noqa: N818 - undoes an act: the same had come before
    pass


def write_together(
    name: str,
    sheets: Sequence[Sheet],
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    in_its_place: InItsPlace | None = None,
    then: Callable[[Act], None] | None = None,
    facts: Sequence[str] = (),
) -> Saved:
    """Write sheets as one act.

    Args:
        name: Of the act, as the audit notes it.
        sheets: What is written; the first one's id is that of the page, so that sent twice it is one.
        by: Who writes. Every form of the sheets must be theirs to write.
        at: The server's time.
        enrolment: The enrolment's label.
        in_its_place: What the first sheet would stand beside; it must be what the sheet replaces, or nothing.
        then: What else belongs to the act.
        facts: What is true of the sheets, in the words of the policy's table (`author`).

    Raises:
        NotVisible, NotAllowed: as policy rules.
        Invalid: answers that cannot be taken; nothing was stored.
        SameIdOtherBody, Replaced: somebody was faster. That stands; the first sheet waits as a draft of its author.
    """
    first = sheets[0]
    seen = _may_write(by, at, enrolment, sheets, facts)
    try:
        with act(name, by=by.id, at=at, owner=seen) as it:
            _ask_whether_it_came(first, seen)
            _ask_who_was_first(sheets, seen, in_its_place)
            for sheet in sheets:
                write_sheet(it, sheet, by)
            if then is not None:
                then(it)
            drop_drafts(by, [first.id])
            flags = _afterwards(it, seen, at, first.form)
    except _Arrived:
        return Saved(first.id, False, None, ())
    except _Conflict as other:
        draft = keep_beside(by, at, seen, first, other.known)
        kind = SameIdOtherBody if other.known.id == first.id else Replaced
        raise kind(other.known.id, draft) from None
    return Saved(first.id, True, None, flags)


def write_sheet(it: Act, sheet: Sheet, by: Actor) -> Entry:
    """Check and write one sheet inside an act; raise Invalid where an answer cannot be taken."""
    form = open_form(sheet.form)
    if not isinstance(it.owner, Enrolment):
        raise TypeError("a sheet of a client belongs to an enrolment")
    result = score(form, sheet.answers)
    if not result.valid:
        raise Invalid(result.errors)
    return write_entry(it, form, sheet, UUID(by.id), it.owner, result)


def begin_thing_in(it: Act, kind: str, made: UUID, label: str, by: Actor) -> Thing:
    """Let a thing begin inside an act."""
    return it.add(
        Thing(
            id=made,
            organisation_id=it.owner.organisation_id,
            kind=kind,
            label=label,
            seq=it.next_seq(),
            created_at=it.at,
            by=UUID(by.id),
            **it.whose,
        )
    )


def _may_write(by: Actor, at: datetime, enrolment: str, sheets: Sequence[Sheet], facts: Sequence[str]) -> Enrolment:
    forms = [open_form(sheet.form) for sheet in sheets]
    kinds = dict.fromkeys(kind_of(form.id, form.kind, form.visibility) for form in forms)
    seen = [find_enrolment(by, enrolment, kind, "write", at, facts) for kind in kinds]
    return seen[0].enrolment


def _ask_whether_it_came(sheet: Sheet, seen: Enrolment) -> None:
    known = Entry.objects.filter(id=sheet.id).first()
    if known is None:
        return
    if known.enrolment_id == seen.id and bytes(known.mark) == fingerprint(known.scope, sheet.body):
        raise _Arrived
    raise _Conflict(known)


def _ask_who_was_first(sheets: Sequence[Sheet], seen: Enrolment, in_its_place: InItsPlace | None) -> None:
    for sheet in sheets:
        if sheet.replaces is not None:
            gone = Mark.objects.filter(what="retracted", enrolment=seen)
            newer = Entry.objects.filter(replaces_id=sheet.replaces, enrolment=seen)
            newer = newer.exclude(id__in=gone.values("target")).order_by("seq")
            if (found := newer.last()) is not None:
                raise _Conflict(found)
    stands = in_its_place(record(seen, naming=False)) if in_its_place else None
    if stands is not None and stands.id != str(sheets[0].replaces or ""):
        raise _Conflict(Entry.objects.get(id=stands.id))


def _afterwards(it: Act, seen: Enrolment, at: datetime, form: str) -> tuple[str, ...]:
    now = record(seen, naming=False)
    flags = raise_flags(it, now, at)
    restate(it, now, at)
    refit_later(seen, now, form, at)
    return tuple(flag.rule for flag in flags)


def keep_beside(by: Actor, at: datetime, seen: Enrolment, sheet: Sheet, known: Entry, why: str = "came_second") -> UUID:
    """Keep what came second as a draft of its author, and return its id; sent again it is the same draft."""
    scope = seen.client.scope
    draft = uuid5(sheet.id, fingerprint(scope, sheet.body).hex())
    whose: dict[str, Any] = {"enrolment": seen, "author": UUID(by.id), "scope": scope}
    with act("keep_conflict", by=by.id, at=at, owner=seen, why=why):
        if not Draft.objects.filter(id=draft).exists():
            Draft(
                id=draft,
                form=sheet.form,
                about=sheet.about or "",
                body=seal_body(scope, "draft", draft, sheet.body),
                saved_at=at,
                started_at=at,
                conflicts_with=known if known.enrolment_id == seen.id else None,
                **whose,
            ).save(force_insert=True)
    return draft
