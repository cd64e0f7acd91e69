"""What a second person confirms: who answers for a service, its hours, and whether one clinician works alone."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import Model

from openipt.accounts.changes import DONE, TAKEN_BACK, Change
from openipt.accounts.governing import ANSWERING, MayNot, ask_to_confirm, ask_to_put_forward, may_change, ruling_on
from openipt.accounts.keeping_changes import Act, What, keep, put, settle
from openipt.accounts.models import Account, Organisation
from openipt.accounts.staffing import Term, put_role_forward, term_held
from openipt.policy import Actor
from openipt.therapy.course.promise import DAYS, OFFICE

PROMISE, SOLO, ROLE = "promise", "solo", "role"
WAITS = (PROMISE, SOLO, ROLE)  # what may be put forward
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class SettledAlready(ValueError):  # noqa: N818
    """Somebody confirmed this, or took it back."""


class StandsOtherwise(ValueError):  # noqa: N818
    """What this was to change has been changed meanwhile."""


class NoHours(ValueError):  # noqa: N818
    """Hours that a service cannot promise. Holds the words by day."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__("; ".join(wrong.values()))
        self.wrong = wrong


def promised(organisation: Organisation) -> dict[str, Any]:
    """Return hours and duty as they stand; office hours where nothing was said."""
    said = organisation.promise
    hours = {day: list(span) for day, span in (said.get("hours") or OFFICE).items() if span}
    return {"hours": hours, "duty": bool(said.get("duty"))}


def checked_hours(typed: dict[str, tuple[str, str]]) -> dict[str, list[str]]:
    """Return the hours of each open day.

    Raises:
        NoHours: a day with half a span, a closing time that is no later, or no open day at all.
    """
    wrong: dict[str, str] = {}
    hours: dict[str, list[str]] = {}
    for day in DAYS:
        opens, closes = typed.get(day, ("", ""))
        if not opens and not closes:
            continue
        if not (_TIME.fullmatch(opens) and _TIME.fullmatch(closes)):
            wrong[day] = f"{day.capitalize()}: an opening and a closing time such as 09:00 and 17:00, or both empty."
        elif opens >= closes:
            wrong[day] = f"{day.capitalize()}: {closes} does not come after {opens}."
        hours[day] = [opens, closes]
    if not hours:
        wrong[DAYS[0]] = "Every day is closed. At least one day has to have hours: deadlines are made from them."
    if wrong:
        raise NoHours(wrong)
    return hours


@transaction.atomic
def put_promise_forward(act: Act, by: Actor, *, hours: dict[str, list[str]], duty: bool) -> None:
    """Put other hours forward. Deadlines go on being made from the old ones until a second person confirms.

    Raises:
        MayNot: the table says no.
    """
    ask_to_put_forward(by)
    stood = promised(act.organisation)
    put(act, What(PROMISE, None, {"hours": hours, "duty": duty}, stood))


@transaction.atomic
def switch_solo(act: Act, by: Actor, *, solo: bool) -> None:
    """Say whether one clinician works alone. On waits for a second person; off is the safe side, and stands at once.

    Raises:
        MayNot: the table says no.
    """
    ask_to_put_forward(by)
    what = What(SOLO, None, {"solo": solo}, {"solo": act.organisation.solo})
    if solo:
        put(act, what)
    else:
        keep(act, what, _apply(act, what.what, what.says, None))


@transaction.atomic
def put_lead_forward(act: Act, by: Actor, account: Account, term: Term) -> None:
    """Put forward a role that answers for the service, or one for oneself.

    Raises:
        MayNot: the table says no.
        RoleRefusedError: the role cannot be held like that.
    """
    ask_to_put_forward(by)
    put_role_forward(act, account, term)


@transaction.atomic
def confirm(act: Act, by: Actor, change: Change) -> None:
    """Confirm what somebody else put forward; from now on it stands.

    Raises:
        MayNot, TakesAnother, TooEarly: who may confirm, and when.
        SettledAlready: somebody was faster.
        StandsOtherwise: what it was to change is not what it was.
        RoleRefusedError: the role cannot be held any more.
    """
    ask_to_confirm(by, change, act.at)
    _is_open(change)
    confirm_without_asking(act, change)


def confirm_without_asking(act: Act, change: Change) -> None:
    """Let a change stand where who asks was settled elsewhere: on the command line. Part of a larger act."""
    current = Organisation.objects.select_for_update().get(id=act.organisation.id)
    stands: dict[str, Any] = {PROMISE: promised(current), SOLO: {"solo": current.solo}}
    if change.what in stands and stands[change.what] != change.stood:
        raise StandsOtherwise("this was changed meanwhile; look at it again and put it forward anew")
    settle(act, change, DONE, _apply(act, change.what, change.says, change.account))


@transaction.atomic
def take_back(act: Act, by: Actor, change: Change) -> None:
    """Let a change that waits never stand. Whoever may confirm it, or put it forward, may take it back."""
    if not may_change(by, ANSWERING):
        raise MayNot(ruling_on(by, ANSWERING, "write"))
    _is_open(change)
    settle(act, change, TAKEN_BACK)


def _is_open(change: Change) -> None:
    if Change.objects.filter(id=change.id, end__isnull=False).exists():
        raise SettledAlready("somebody has settled this")


def _apply(act: Act, what: str, says: dict[str, Any], account: Account | None) -> list[Model]:
    """Let a change stand; return the rows it wrote."""
    if what == ROLE and account is not None:
        return [term_held(account, Term.of(says), act.at)]
    current = Organisation.objects.select_for_update().get(id=act.organisation.id)
    if what == PROMISE:
        current.promise = {**current.promise, **says}
        current.save(update_fields=["promise"])
    elif what == SOLO:
        current.solo = bool(says["solo"])
        current.save(update_fields=["solo"])
    return [current]


def waiting(organisation: Organisation) -> list[Change]:
    """Return what waits for a second person, the longest waiting first."""
    found = Change.objects.filter(organisation=organisation, end=None).select_related("account", "by")
    return list(found.order_by("at"))


def one_change(organisation: Organisation, change: Any) -> Change | None:
    """Return one change of a service."""
    found = Change.objects.filter(organisation=organisation, id=change)
    return found.select_related("account", "by", "end", "end__by").first()
