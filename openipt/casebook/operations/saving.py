"""Save a filled-in form: checked, scored, sealed, its flags raised and its audit event written, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from openipt.casebook.models import Draft, Enrolment, Entry, Mark, Score
from openipt.casebook.models.sealed import fingerprint, seal_body
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.ahead import as_it_is, look_ahead
from openipt.casebook.operations.defining import keep_definition
from openipt.casebook.operations.fitting import refit_later
from openipt.casebook.operations.flagging import raise_flags
from openipt.casebook.operations.sheet import Sheet, refuse_words
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.addresses import with_address
from openipt.casebook.queries.facts import SHEETS
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.tables.asking import Question
from openipt.therapy.forms import Form, Result, Trouble, open_form, score
from openipt.therapy.words import say


class Invalid(ValueError):  # noqa: N818
    """Answers that cannot be taken: each with its place and why. Nothing was stored."""

    def __init__(self, troubles: tuple[Trouble, ...]) -> None:
        super().__init__(f"{len(troubles)} answers cannot be taken: {', '.join(one.item for one in troubles)}")
        self.troubles = troubles


class SameIdOtherBody(ValueError):  # noqa: N818
    """This id already names another text. Both are kept: the stored one stands, the new one waits as a draft.

    A text with a finding (an answer about danger) is an entry of its own as well, under the same id as the draft.
    """

    def __init__(self, entry: UUID, draft: UUID) -> None:
        super().__init__(f"entry {entry} holds another text; the new one is kept as draft {draft}")
        self.entry, self.draft = entry, draft


class Replaced(ValueError):  # noqa: N818
    """What this was to replace has been replaced or retracted meanwhile. That stands; the new text waits as a draft.

    A text with a finding (an answer about danger) is an entry of its own as well, under the same id as the draft.
    """

    def __init__(self, entry: UUID, draft: UUID) -> None:
        super().__init__(f"entry {entry} came first; the new text is kept as draft {draft}")
        self.entry, self.draft = entry, draft


class _TooLate(Exception):  # noqa: N818 - undoes an act: what `known` says was there first
    def __init__(self, known: Entry) -> None:
        super().__init__(str(known.id))
        self.known = known


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a sheet: `made` is False where the same sheet had arrived before."""

    id: UUID
    made: bool
    result: Result | None
    flags: tuple[str, ...]  # rules that were raised


def save_entry(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    form: str,
    answers: Mapping[str, Any],
    happened_at: datetime | None = None,
    id: UUID | None = None,  # noqa: A002 - the word of the field
    **more: Any,
) -> Saved:
    """Save one filled-in form in an enrolment.

    Args:
        by: Who fills it in.
        at: The server's time: deadlines run from it.
        enrolment: The enrolment's label.
        form: The form's id.
        answers: The answers as given; wrong ones are refused, all of them, by name.
        happened_at: When it was filled in, as told; `at` if not given.
        id: The entry's id, where it was made before it arrived.
        more: `about`, `kind`, `total`, `replaces`, `visibility`, `zone` of the sheet.

    Raises:
        NotVisible, NotAllowed: as policy rules; also where what it replaces is no such sheet of this enrolment.
        Refused: no such form.
        Invalid: answers that cannot be taken.
        SameIdOtherBody: the id is taken by another text; both are kept.
        Replaced: somebody else was faster with what it replaces; both are kept.
    """
    found = open_form(form)
    seen = find_enrolment(
        by, enrolment, kind_of(found.id, found.kind, more.get("visibility") or found.visibility), "write", at
    )
    answers = with_address(seen, found.id, answers, more.get("replaces"))
    sheet = Sheet(found.id, answers, happened_at or at, id or uuid7(), **more)
    refuse_words(sheet)
    result = _result(found, sheet)
    try:
        return _save(by, at, seen.enrolment, found, sheet, result)
    except _TooLate as late:
        return _beside(by, at, seen.enrolment, found, sheet, result, late.known)


def _save(by: Actor, at: datetime, enrolment: Enrolment, form: Form, sheet: Sheet, result: Result | None) -> Saved:
    ahead = look_ahead(enrolment, form, sheet, at)
    with act("save_entry", by=by.id, at=at, owner=enrolment) as it:
        ask_who_was_first(sheet, enrolment)
        entry = write_entry(it, form, sheet, UUID(by.id), enrolment, result)
        now = as_it_is(enrolment, ahead)
        flags = raise_flags(it, now, at, entry=entry.id)
        restate(it, now, at)
        refit_later(enrolment, now, form.id, at)
    return Saved(entry.id, True, result, tuple(flag.rule for flag in flags))


def ask_who_was_first(sheet: Sheet, enrolment: Enrolment) -> None:
    """Ask, under the lock of the enrolment, whether this id or this replacement is there already."""
    known = _BY_ID.first(entry=sheet.id)
    if known is None and sheet.replaces is not None:
        known = _newer(sheet, sheet.replaces, enrolment)
    if known is not None:
        raise _TooLate(known)


_BY_ID = Question(lambda entry: Entry.objects.filter(id=entry))


def _newer(sheet: Sheet, replaces: UUID, enrolment: Enrolment) -> Entry | None:
    """Return what stands in the place of the entry that a sheet replaces: a newer version, or itself if retracted."""
    older = Entry.objects.filter(id=replaces, enrolment=enrolment, form=sheet.form).first()
    if older is None:
        raise NotVisible(str(replaces))
    retracted = Mark.objects.filter(what="retracted", enrolment=enrolment)
    newer = Entry.objects.filter(replaces=older).exclude(id__in=retracted.values("target")).order_by("seq").last()
    return newer or (older if retracted.filter(target=older.id).exists() else None)


def _result(form: Form, sheet: Sheet) -> Result | None:
    """Score a sheet; a reported total holds no answers to score."""
    if sheet.kind != "answers":
        if sheet.answers:  # nobody would look at them, and an answer about danger would raise no flag
            raise ValueError(f"a sheet of kind {sheet.kind!r} holds no answers; send them as kind 'answers'")
        return None
    result = score(form, sheet.answers)
    if not result.valid:
        raise Invalid(result.errors)
    if form.id in SHEETS and result.missing.items:  # courses and sessions are read from it: half of it is none
        raise Invalid(tuple(Trouble(item, say("answer.needed", item=item)) for item in result.missing.items))
    return result


def write_entry(
    it: Act, form: Form, sheet: Sheet, by: UUID | None, enrolment: Enrolment, result: Result | None
) -> Entry:
    """Write the entry and its plain scores inside an act."""
    scope = enrolment.client.scope
    entry = it.add(
        Entry(
            id=sheet.id,
            seq=it.next_seq(),
            organisation_id=enrolment.organisation_id,
            enrolment=enrolment,
            client_id=enrolment.client_id,
            scope=scope,
            form=form.id,
            version=form.version,
            definition_id=keep_definition(form, it.at),
            kind=sheet.kind,
            about=sheet.about or "",
            happened_at=sheet.happened_at,
            zone=sheet.zone,
            recorded_at=it.at,
            by=by,
            visibility=sheet.visibility or form.visibility,
            replaces_id=sheet.replaces,
            body=seal_body(scope, "entry", sheet.id, sheet.body),
            mark=fingerprint(scope, sheet.body),
        )
    )
    it.add_all(list(scores_of(entry, form, sheet, result)))
    return entry


def scores_of(entry: Entry, form: Form, sheet: Sheet, result: Result | None) -> list[Score]:
    """Return the plain numbers of a sheet: what could be scored, or the total as it was reported."""
    values = dict(result.scores) if result else {}
    if sheet.kind == "total_only" and form.primary:
        values = {form.primary: sheet.total}
    prorated = result is not None and result.missing.prorated
    return [
        Score(entry=entry, enrolment=entry.enrolment, form=form.id, name=name, value=value, prorated=prorated)
        for name, value in values.items()
        if value is not None
    ]


def _beside(
    by: Actor, at: datetime, enrolment: Enrolment, form: Form, sheet: Sheet, result: Result | None, known: Entry
) -> Saved:
    """Answer a sheet that came second: the same text is answered as before, another one is kept beside it.

    Nobody is called to a draft. What says something about danger becomes an entry of its own too, with its flag.
    """
    print_of = fingerprint(enrolment.client.scope, sheet.body)
    same_id = known.id == sheet.id
    same_sheet = (known.form, known.about) == (sheet.form, sheet.about or "")
    if same_id and same_sheet and known.enrolment_id == enrolment.id and bytes(known.mark) == print_of:
        return Saved(known.id, False, result, ())
    own = uuid5(sheet.id, print_of.hex())  # the same text, sent again, is kept once
    alone = replace(sheet, id=own, replaces=None)
    if result is not None and result.findings:
        with suppress(_TooLate):
            _save(by, at, enrolment, form, alone, result)
    _keep_draft(by, at, enrolment, alone, known)
    raise SameIdOtherBody(known.id, own) if same_id else Replaced(known.id, own)


def _keep_draft(by: Actor, at: datetime, enrolment: Enrolment, sheet: Sheet, known: Entry) -> None:
    scope = enrolment.client.scope
    with act("keep_conflict", by=by.id, at=at, owner=enrolment, why="came_second"):
        if not Draft.objects.filter(id=sheet.id).exists():
            Draft(
                id=sheet.id,
                enrolment=enrolment,
                author=UUID(by.id),
                scope=scope,
                form=sheet.form,
                about=sheet.about or "",
                body=seal_body(scope, "draft", sheet.id, sheet.body),
                saved_at=at,
                started_at=at,
                conflicts_with=known,
            ).save(force_insert=True)
