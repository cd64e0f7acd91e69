"""Builds of the real service, each weakened in one way. A check that does not report its saboteur proves nothing.

| Saboteur | Reported as |
|---|---|
| `audit_after_commit` | audit (kills) |
| `flag_after_commit` | danger without flag (kills) |
| `standing_after_commit` | standing (kills) |
| `acknowledged_before_commit` | lost (kills) |
| `synchronous_normal` | lost (power cuts) |
| `durability.saboteurs.deferred_without_lock` | database is locked (editors) |
| `replaced_without_asking` | overwritten (editors) |
| `flag_after_commit` | answer without flag (phones) |
| `flag_dropped_on_resend` | answer without flag (phones) |
| `flag_again_on_resend` | flagged twice (phones) |
| `deadline_from_the_phone` | not due from receipt (phones) |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import transaction
from durability import power, saboteurs
from evidence.saving import save

from openipt.casebook.models import Flag
from openipt.casebook.operations import acting, by_link, saving
from openipt.casebook.operations.acting import act


def hold_the_shadow() -> None:
    """No saboteur: keep what shadows the disk in a power cut. Nobody else does, and the collector takes it away."""
    honest = power.Shadow
    power.Shadow = lambda *how: _held.append(honest(*how))


def synchronous_normal() -> None:
    """Acknowledge before the disk has it."""
    hold_the_shadow()
    saboteurs.synchronous_normal()


_held: list[Any] = []


def audit_after_commit() -> None:
    """Write the event when the act is over, in a transaction of its own."""
    _later(acting, "wrote")


def flag_after_commit() -> None:
    """Raise flags when the act is over, in an act of their own."""
    honest = saving.raise_flags

    def late(it: Any, known: Any, at: Any, entry: Any = None) -> list[Any]:
        def now() -> None:
            with act("raise_flags", by=None, at=at, owner=it.owner) as own:
                honest(own, known, at, entry=entry)

        transaction.on_commit(now)
        return []

    saving.raise_flags = by_link.raise_flags = late


def standing_after_commit() -> None:
    """Make the row of the caseload anew when the act is over."""
    _later(saving, "restate")


def everything_after_commit() -> None:
    """All three of these."""
    audit_after_commit()
    flag_after_commit()
    standing_after_commit()


def replaced_without_asking() -> None:
    """Take every new version, whoever else has replaced the same one meanwhile."""
    saving._newer = lambda *_asked: None


def acknowledged_before_commit(worker: int, number: int) -> str:
    """Save three sheets in one transaction, and say that each is saved before the transaction ends."""
    if number % 3 == 0:
        _open.append(transaction.atomic())
        _open[-1].__enter__()
    elif not _open:
        return save(worker, number)
    key = save(worker, number)
    if number % 3 == 2:
        _open.pop().__exit__(None, None, None)
    return key


_open: list[Any] = []


def _later(module: Any, name: str) -> None:
    honest: Callable[..., Any] = getattr(module, name)

    def late(*arguments: Any, **named: Any) -> None:
        def now() -> None:
            with transaction.atomic():
                honest(*arguments, **named)

        transaction.on_commit(now)

    setattr(module, name, late)


# ---- of answers about danger (evidence/phones.py)


def flags_of_all_ways(change: Callable[[Callable[..., list[Any]]], Callable[..., list[Any]]]) -> None:
    """Change how flags are raised, on every way an answer comes in."""
    honest = saving.raise_flags
    saving.raise_flags = by_link.raise_flags = change(honest)


def deadline_from_the_phone() -> None:
    """Reckon from when it was on the clock of the phone, not from when it came in."""

    def change(honest: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        def early(it: Any, known: Any, at: Any, entry: Any = None) -> list[Any]:
            said = next((one.happened_at for one in known.entries if one.id == str(entry)), at)
            return honest(it, known, said, entry=entry)

        return early

    flags_of_all_ways(change)


def flag_dropped_on_resend() -> None:
    """Remember outside the record that a flag was raised: what is sent again after a crash raises none."""
    told: set[Any] = set()

    def change(honest: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        def once(it: Any, known: Any, at: Any, entry: Any = None) -> list[Any]:
            if entry in told:
                return []
            told.add(entry)
            return honest(it, known, at, entry=entry)

        return once

    flags_of_all_ways(change)


def flag_again_on_resend() -> None:
    """Call once more for an answer that was there already."""
    honest = saving._beside

    def again(by: Any, at: Any, enrolment: Any, form: Any, sheet: Any, result: Any, known: Any) -> Any:
        for flag in Flag.objects.filter(entry=known):
            flag.id, flag._state.adding = uuid4(), True
            flag.save(force_insert=True)
        return honest(by, at, enrolment, form, sheet, result, known)

    saving._beside = again
