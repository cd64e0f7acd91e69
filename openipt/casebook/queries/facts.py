"""Rows as facts: what the tables hold of enrolments or groups, turned into the values the mind works with.

Each function asks once for all owners it is given, so that one course and a hundred cost the same number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cache, partial
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet

from openipt.accounts.models import Account
from openipt.casebook import models
from openipt.casebook.models.sealed import Answers, read_body
from openipt.casebook.queries.reading import bare_id, full_id, moment, rows
from openipt.tables.asking import Question
from openipt.therapy.record import Entry, Flag, Outcome, Session, Thing
from openipt.therapy.record.by_the_hundred import entry as made
from openipt.therapy.record.views import day_of

COURSE, SESSION, GROUP = "course-sheet", "session-sheet", "group-sheet"
PROCESS_NOTE = "process_note"  # sealed for its author alone: no part of the record that others open
SHEETS = (COURSE, SESSION, GROUP)  # what identities say of themselves: they become attributes, not entries

Names = Mapping[str, str]  # account, 32 hex digits -> name
Marks = Mapping[str, tuple[datetime, str]]  # target, 32 hex digits -> when, why


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose rows are asked for: enrolments, or groups."""

    column: Literal["enrolment_id", "group_id"]
    ids: Collection[UUID]
    zone: tzinfo  # of the service: a day is a day there

    def here(self, value: Any) -> datetime:
        """Return a stored moment as the clock of the service showed it."""
        return moment(value, self.zone)


class Rows:
    """Rows of one table that belong to owners. For a single one, as nearly always, the question is written once."""

    def __init__(self, model: type[Any], *columns: str, only: Callable[..., QuerySet[Any]] = lambda rows: rows) -> None:
        self._model, self._columns, self._only = model, columns, only
        self._of_one = {column: Question(partial(self._asked, column)) for column in ("enrolment_id", "group_id")}

    def of(self, whose: Owners, **more: datetime) -> Iterable[tuple[Any, ...]]:
        """Return the owner of each row and its columns, as the driver gives them; `more` goes to `only`."""
        if len(whose.ids) == 1:
            return self._of_one[whose.column].ask(owner=next(iter(whose.ids)), **more)
        asked = self._model.objects.filter(**{f"{whose.column}__in": whose.ids})
        return rows(self._only(asked, **more), whose.column, *self._columns)

    def _asked(self, column: str, owner: UUID, **more: datetime) -> QuerySet[Any, Any]:
        return self._only(self._model.objects.filter(**{column: owner}), **more).values_list(column, *self._columns)


def entries(
    whose: Owners, as_of: datetime | None, marks: Marks, names: Names, without: Collection[str] = ()
) -> dict[str, list[Entry]]:
    """Return the entries of each owner in the server's order, their answers still sealed."""
    asked = _entry_rows(tuple(without))
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in asked.of(whose, until=as_of) if as_of else asked.of(whose):
        found[bare_id(row[0])].append(_entry(row, whose, marks, names))
    return found


@cache
def _entry_rows(without: tuple[str, ...]) -> Rows:
    def only(asked: QuerySet[Any], until: datetime | None = None) -> QuerySet[Any]:
        asked = asked.exclude(visibility=PROCESS_NOTE).exclude(form__in=without)
        return (asked if until is None else asked.filter(recorded_at__lte=until)).order_by("seq")

    columns = ("id", "form", "version", "kind", "about", "happened_at", "recorded_at", "by", "visibility")
    return Rows(models.Entry, "scope", "body", "replaces_id", *columns, only=only)


def _entry(row: tuple[Any, ...], whose: Owners, marks: Marks, names: Names) -> Entry:
    _, scope, body, replaces, row_id, form, version, kind, about, happened_at, recorded_at, by, visibility = row
    bare, whole = row_id, scope
    if row_id.__class__ is not str:  # a record has a hundred: no call is made that is not needed
        bare, whole = row_id.hex, scope.hex
    retracted_at, why = marks.get(bare, (None, None)) if marks else (None, None)
    received = moment(recorded_at, whose.zone)
    return made(
        full_id(row_id),
        form,
        # A device's clock may be ahead. What happened "tomorrow" would raise no flag today, and none tomorrow.
        received if happened_at == recorded_at else min(moment(happened_at, whose.zone), received),
        received,
        Answers(whole, bare, body),
        names.get(bare_id(by)) if by else None,
        about or None,
        kind,
        read_body(whole, "entry", bare, body)["total"] if kind == "total_only" else None,
        version or None,
        visibility,
        full_id(replaces) if replaces else None,
        retracted_at,
        why,
    )


def marks(whose: Owners) -> dict[str, tuple[datetime, str]]:
    """Return what was said later about rows: target -> (when, why)."""
    return {
        bare_id(target): (whose.here(at), read_body(bare_id(scope), "mark", bare_id(row), why))
        for _, row, target, at, scope, why in _MARKS.of(whose)
    }


_MARKS = Rows(models.Mark, "id", "target", "at", "scope", "why")


def things(whose: Owners, said_later: Marks) -> dict[str, dict[str, list[Thing]]]:
    """Return the things of each owner by kind, in the order they began."""
    found: dict[str, dict[str, list[Thing]]] = defaultdict(lambda: defaultdict(list))
    for owner, row_id, kind, label, created_at in _THINGS.of(whose):
        ended = said_later.get(bare_id(row_id))
        found[bare_id(owner)][kind].append(Thing(label, whose.here(created_at), ended[0] if ended else None))
    return found


_THINGS = Rows(models.Thing, "id", "kind", "label", "created_at", only=lambda asked: asked.order_by("seq"))


def sessions(known: Iterable[Thing], sheets: Iterable[Entry]) -> tuple[Session, ...]:
    """Return the sessions of a record: each as its newest sheet says."""
    newest = {sheet.about: sheet for sheet in sheets if sheet.retracted_at is None}
    return tuple(_session(thing, newest[thing.id]) for thing in known if thing.id in newest)


def _session(thing: Thing, sheet: Entry) -> Session:
    said = sheet.answers
    return Session(
        id=thing.id,
        number=said["number"],
        kind=said["kind"],
        happened_at=sheet.happened_at,
        recorded_at=thing.created_at,
        minutes=said.get("minutes"),
        modality=said.get("modality"),
        uses=said["uses"],
        attended=said["attended"],
        with_people=tuple(said.get("with_people") or ()),
    )


def flags(whose: Owners, names: Names) -> dict[str, list[Flag]]:
    """Return the flags of each enrolment with what became of each."""
    raised = {bare_id(row[1]): (bare_id(row[0]), _flag(row, whose)) for row in _FLAGS.of(whose)}
    if raised:
        _tell_steps(raised, whose, names)
    found: dict[str, list[Flag]] = defaultdict(list)
    for owner, flag in raised.values():
        found[owner].append(flag)
    return found


_FLAGS = Rows(
    models.Flag,
    *("id", "label", "rule", "state", "answered_at", "received_at", "entry_id", "item"),
    only=lambda asked: asked.order_by("recorded_at", "id"),
)


def _flag(row: tuple[Any, ...], whose: Owners) -> Flag:
    _, row_id, label, rule, state, answered_at, received_at, entry, item = row
    return Flag(
        id=label or full_id(row_id),
        rule=rule,
        state=state,
        answered_at=whose.here(answered_at),
        received_at=whose.here(received_at),
        entry=full_id(entry) if entry else None,
        item=item or None,
    )


def _tell_steps(raised: dict[str, tuple[str, Flag]], whose: Owners, names: Names) -> None:
    for _, row_id, flag_id, kind, state, at, by, scope, body in _STEPS.of(whose):
        owner, flag = raised[bare_id(flag_id)]
        by_a_person = kind != "passed_on"  # the tick has seen nothing
        seen = flag.seen_at or (whose.here(at) if by_a_person else None)
        flag = replace(flag, seen_at=seen, state=state or flag.state)
        if kind == "outcome":
            said = read_body(bare_id(scope), "flagstep", bare_id(row_id), body)
            name = names.get(bare_id(by), "") if by else ""
            flag = replace(flag, outcomes=(*flag.outcomes, _outcome(whose.here(at), name, said)))
        raised[bare_id(flag_id)] = (owner, flag)


_STEPS = Rows(
    models.FlagStep,
    *("id", "flag_id", "kind", "state", "at", "by", "scope", "body"),
    only=lambda asked: asked.order_by("seq"),
)


def _outcome(at: datetime, by: str, said: dict[str, Any]) -> Outcome:
    return Outcome(
        at=at,
        by=by,
        words=said["words"],
        assessed=said.get("assessed", True),
        handed_to=said.get("handed_to"),
        supervisor_informed=said.get("supervisor_informed", False),
        next_contact=day_of(said.get("next_contact")),
    )


def staff_names(organisation: UUID) -> Names:
    """Return account -> the name colleagues see. Accounts of clients have none."""
    return {bare_id(row_id): name for row_id, name in _NAMED.ask(organisation=organisation)}


_NAMED = Question(
    lambda organisation: Account.objects.filter(organisation_id=organisation).exclude(name="").values_list("id", "name")
)
