"""What the policy answers: allowed or not, how far, with what asked for, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from openipt.policy.cells import Extent
from openipt.policy.table import numbers, table
from openipt.therapy.words import Sentence

# from most to least; a pseudonym shows less of a person than one shared item does
EXTENTS: tuple[Extent, ...] = ("full", "shared", "pseudonymous", "aggregate", "metadata", "none")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. There is no superuser here: rights in the database or the server mean nothing to the policy.

    `client` is whose record it is, where the account is a client's. `solo`: the organisation has one clinician.
    """

    id: str
    organisation: str
    roles: frozenset[str]
    client: str | None = None
    solo: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """An answer. `reason` is the id of a sentence; `needs` and `bounds` bind whoever goes on with it.

    Attributes:
        allowed: Whether it may be done at all. Deny is the default.
        extent: How much is seen: `full`, `shared`, `pseudonymous`, `aggregate`, `metadata`, `none`.
        reason: Id of a line of the catalogue, `policy.through.assigned`, `policy.denied.no_tie`.
        needs: What is asked for before, while or after it (`step_up`, `second_person`, `notice_lead`).
        bounds: How far it goes (`no_address`, `names_masked`): what lies beyond is left out.
    """

    allowed: bool
    extent: Extent
    reason: str
    needs: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()


def denied(why: str) -> Ruling:
    """Return a refusal, with the last part of its sentence's id."""
    return Ruling(False, "none", f"policy.denied.{why}")


def wanting(ruling: Ruling, met: Collection[str] = ()) -> tuple[str, ...]:
    """Return what must be there before the act and is not: empty where an allowed act may go on now."""
    return tuple(need for need in ruling.needs if table().needs[need] == "before" and need not in met)


def both(one: Ruling, other: Ruling) -> Ruling:
    """Return the ruling on something that is two kinds at once: both must allow, the narrower one counts."""
    if not (one.allowed and other.allowed):
        return other if one.allowed else one
    narrow = max((one, other), key=lambda ruling: EXTENTS.index(ruling.extent))
    return Ruling(
        True, narrow.extent, narrow.reason, _joined(one.needs, other.needs), _joined(one.bounds, other.bounds)
    )


def _joined(first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *then)))


def sentences(ruling: Ruling) -> tuple[Sentence, ...]:
    """Say a ruling: its reason, how far it goes, what it asks for."""
    lines = [ruling.reason]
    lines += [f"policy.extent.{ruling.extent}"] if ruling.extent not in ("full", "none") else []
    lines += [f"policy.bound.{bound}" for bound in ruling.bounds]
    lines += [f"policy.need.{need}" for need in ruling.needs]
    values = dict(numbers())
    return tuple(Sentence(line, values) for line in lines)
