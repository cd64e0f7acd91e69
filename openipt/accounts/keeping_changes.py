"""Keep one change about a service: the row that says it, its end, and the audit event, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from openipt.accounts.changes import DONE, Change, Settled
from openipt.accounts.models import Account, Organisation
from openipt.audit.writing import wrote

COMMAND_LINE = "command-line"  # who acts there: whoever has the key file in hand
Rows = Sequence[Model]


@dataclass(frozen=True, slots=True)
class Act:
    """What every act here is told: who does it, when, why, and the id that was made with the page."""

    by: str
    at: datetime
    organisation: Organisation
    why: str = ""
    id: UUID | None = None

    @property
    def account(self) -> UUID | None:
        """The account that acts; None for the command line."""
        return None if self.by == COMMAND_LINE else UUID(self.by)

    @property
    def was_done(self) -> bool:
        """Whether the same page was sent before."""
        return self.id is not None and Change.objects.filter(id=self.id).exists()


@dataclass(frozen=True, slots=True)
class What:
    """What is changed: a word for it, whom it is about, what stood and what is to stand."""

    what: str
    account: Account | None = None
    says: dict[str, Any] = field(default_factory=dict)
    stood: dict[str, Any] = field(default_factory=dict)


def keep(act: Act, what: What, rows: Rows = ()) -> Change:
    """Keep a change that is done with this act; `rows` are the other rows it wrote."""
    change = _written(act, what)
    end = _ended(act, change, DONE, "")
    _note(act, DONE, (change, end, *rows))
    return change


def put(act: Act, what: What) -> Change:
    """Keep a change that is put forward: nothing of it stands yet."""
    change = _written(act, what)
    _note(act, "put_forward", (change,))
    return change


def settle(act: Act, change: Change, how: str, rows: Rows = ()) -> None:
    """Keep what became of a change that was put forward."""
    _note(act, how, (_ended(act, change, how, act.why), *rows))


def _written(act: Act, what: What) -> Change:
    change = Change(
        organisation=act.organisation,
        what=what.what,
        account=what.account,
        stood=what.stood,
        says=what.says,
        why=act.why,
        by_id=act.account,
        at=act.at,
    )
    if act.id:
        change.id = act.id
    change.save(force_insert=True)
    return change


def _ended(act: Act, change: Change, how: str, why: str) -> Settled:
    end = Settled(change=change, how=how, why=why, by_id=act.account, at=act.at)
    end.save(force_insert=True)
    return end


def _note(act: Act, how: str, rows: Rows) -> None:
    wrote(act=f"service.{how}", by=act.by, at=act.at, organisation=str(act.organisation.id), client=None, rows=rows)
