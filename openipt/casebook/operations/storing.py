"""Store many facts of one owner at once, with the times they already have: a worked case, a simulated course."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from openipt.casebook.models import Enrolment, Entry, Flag, FlagStep, Score, Thing
from openipt.casebook.models.sealed import fingerprint, seal_body
from openipt.casebook.operations.acting import Act
from openipt.casebook.operations.defining import keep_definition
from openipt.casebook.operations.saving import scores_of
from openipt.casebook.operations.sheet import Sheet
from openipt.therapy import record as facts
from openipt.therapy.course import deadline, promise
from openipt.therapy.course.flags import SELF_HARM_RULES
from openipt.therapy.forms import has_form, open_form, score


@dataclass(frozen=True)
class Facts:
    """Facts of one enrolment or group on their way in, in the order they became known."""

    entries: Sequence[facts.Entry] = ()
    things: Mapping[str, Sequence[facts.Thing]] = field(default_factory=dict)
    flags: Sequence[facts.Flag] = ()
    in_charge: UUID | None = None  # whose task a flag is that nobody has answered yet


@dataclass(frozen=True)
class Naming:
    """How names in the facts become ids: rows by their path, staff by their label."""

    row: Callable[[str], UUID]
    account: Callable[[str | None], UUID | None]


def store(it: Act, told: Facts, scope: UUID, naming: Naming) -> int:
    """Store every fact that is not there yet; return how many were new."""
    before = len(it.rows)
    _things(it, told.things, naming)
    _entries(it, told.entries, scope, naming)
    if isinstance(it.owner, Enrolment):
        _flags(it, it.owner, told, scope, naming)
    return len(it.rows) - before


def _things(it: Act, told: Mapping[str, Sequence[facts.Thing]], naming: Naming) -> None:
    known = set(Thing.objects.filter(**it.whose).values_list("id", flat=True))
    it.add_all(
        [
            Thing(
                id=row_id,
                organisation_id=it.owner.organisation_id,
                kind=kind,
                label=thing.id,
                seq=it.next_seq(),
                created_at=thing.created_at,
                by=None,
                **it.whose,
            )
            for kind, things in told.items()
            for thing in things
            if (row_id := naming.row(f"{kind}/{thing.id}")) not in known
        ]
    )


def _entries(it: Act, told: Iterable[facts.Entry], scope: UUID, naming: Naming) -> None:
    known = set(Entry.objects.filter(**it.whose).values_list("id", flat=True))
    new = [(naming.row(f"entry/{one.id}"), one) for one in told]
    rows = [_entry(it, row_id, one, scope, naming) for row_id, one in new if row_id not in known]
    it.add_all(rows)
    sheets = dict(new)
    if isinstance(it.owner, Enrolment):
        it.add_all([number for row in rows for number in _scores(row, sheets[row.id])])


def _entry(it: Act, row_id: UUID, told: facts.Entry, scope: UUID, naming: Naming) -> Entry:
    form = open_form(told.form, told.version) if has_form(told.form) else None
    sheet = Sheet(told.form, told.answers, told.happened_at, row_id, kind=told.kind, total=told.total)
    owner = it.owner
    return Entry(
        id=row_id,
        seq=it.next_seq(),
        organisation_id=owner.organisation_id,
        client_id=owner.client_id if isinstance(owner, Enrolment) else None,
        scope=scope,
        form=told.form,
        version=told.version or "",
        definition_id=keep_definition(form, it.at) if form else None,
        kind=told.kind,
        about=told.about or "",
        happened_at=told.happened_at,
        recorded_at=told.recorded_at,
        by=naming.account(told.by),
        visibility=told.visibility,
        replaces_id=naming.row(f"entry/{told.replaces}") if told.replaces else None,
        body=seal_body(scope, "entry", row_id, sheet.body),
        mark=fingerprint(scope, sheet.body),
        **it.whose,
    )


def _scores(row: Entry, told: facts.Entry) -> Iterable[Score]:
    """The plain numbers of an entry. A sheet that no form can read has none, and is kept as it came."""
    if not row.definition_id or told.kind == "without_content":
        return ()
    form = open_form(told.form, told.version)
    result = score(form, told.answers) if told.kind == "answers" else None
    if result is not None and not result.valid:
        return ()
    sheet = Sheet(told.form, told.answers, told.happened_at, row.id, kind=told.kind, total=told.total)
    return scores_of(row, form, sheet, result)


def _flags(it: Act, owner: Enrolment, told: Facts, scope: UUID, naming: Naming) -> None:
    known = set(Flag.objects.filter(enrolment=owner).values_list("id", flat=True))
    new = [(naming.row(f"flag/{one.id}"), one) for one in told.flags]
    new = [(row_id, one) for row_id, one in new if row_id not in known]
    it.add_all([_flag(owner, row_id, one, naming, told) for row_id, one in new])
    it.add_all([step for row_id, one in new for step in _steps(it, owner, row_id, one, scope, naming)])


def _flag(owner: Enrolment, row_id: UUID, told: facts.Flag, naming: Naming, among: Facts) -> Flag:
    waits = told.state == "new" and not told.outcomes
    return Flag(
        id=row_id,
        organisation_id=owner.organisation_id,
        enrolment=owner,
        entry_id=naming.row(f"entry/{told.entry}") if told.entry else None,
        label=told.id,
        rule=told.rule,
        item=told.item or "",
        state="new" if told.outcomes else told.state,
        answered_at=told.answered_at,
        received_at=told.received_at,
        recorded_at=told.received_at,
        due_at=_due(owner, told, among) if waits else None,
        owner=among.in_charge if waits else None,
    )


def _due(owner: Enrolment, told: facts.Flag, among: Facts) -> datetime:
    """Return by when a flag that waits is to be answered; one for a minor's caregivers, with the answer it is about."""
    given = promise(owner.organisation.promise, owner.organisation.zone)
    rules = [one.rule for one in among.flags if one.entry == told.entry and one.rule in SELF_HARM_RULES]
    about = rules if told.rule == "R12" and rules else [told.rule]
    return min(deadline(rule, told.received_at, given) for rule in about)


def _steps(it: Act, owner: Enrolment, flag: UUID, told: facts.Flag, scope: UUID, naming: Naming) -> Iterator[FlagStep]:
    if told.seen_at:
        yield _step(it, owner, flag, "seen", f"{told.id}/seen", naming, scope, at=told.seen_at)
    for n, outcome in enumerate(told.outcomes, 1):
        said = {
            "words": outcome.words,
            "assessed": outcome.assessed,
            "handed_to": outcome.handed_to,
            "supervisor_informed": outcome.supervisor_informed,
            "next_contact": outcome.next_contact.isoformat() if outcome.next_contact else None,
        }
        by, state = naming.account(outcome.by), told.state
        name = f"{told.id}/outcome-{n}"
        yield _step(it, owner, flag, "outcome", name, naming, scope, at=outcome.at, said=said, by=by, state=state)


def _step(
    it: Act,
    owner: Enrolment,
    flag: UUID,
    kind: str,
    name: str,
    naming: Naming,
    scope: UUID,
    *,
    at: datetime,
    **more: Any,
) -> FlagStep:
    row_id = naming.row(f"step/{name}")
    said = more.pop("said", {})
    return FlagStep(
        id=row_id,
        seq=it.next_seq(),
        flag_id=flag,
        enrolment=owner,
        kind=kind,
        at=at,
        recorded_at=at,
        scope=scope,
        body=seal_body(scope, "flagstep", row_id, said),
        **more,
    )
