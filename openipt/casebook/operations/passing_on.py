"""Pass a flag on when its time is over: a person who does not answer must not be the last who knows of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from openipt.accounts.models import Membership
from openipt.casebook.models import Enrolment, Flag, Tie
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.flagging import write_step
from openipt.casebook.queries.visible import live
from openipt.casebook.queries.waiting import Waiting, waiting
from openipt.casebook.sealing import KeyGone
from openipt.therapy.course import deadline, promise

LADDER = ("cover", "assigned", "group", "supervision")  # whoever stands in, whoever is in charge, who supervises
LEAST = timedelta(minutes=15)  # for the next person, also where a rule says "now"


class _NothingToDo(Exception):  # noqa: N818 - undoes an act that turned out to be done already
    pass


def to_pass_on(at: datetime) -> list[Waiting]:
    """Return the flags whose time is over, or that are nobody's task, and for which there is a next person."""
    return [one for one in waiting() if one.is_overdue(at) and next_person(one, at)]


def ladder(enrolment: Enrolment, at: datetime) -> list[UUID]:
    """Return who can be asked about an enrolment now, in this order: cover, in charge, supervisor, lead; each once.

    Whoever cannot sign in, or has no role any more, is passed over.
    """
    working = Membership.objects.live(at).filter(organisation=enrolment.organisation_id, account__is_active=True)
    tied = Tie.objects.filter(live(at), enrolment=enrolment, kind__in=LADDER, account__in=working.values("account"))
    rows = list(tied.order_by("since", "id").values_list("kind", "account"))
    people = [account for kind in LADDER for found, account in rows if found == kind]
    leads = working.filter(role="lead").order_by("since", "id").values_list("account", flat=True)
    return list(dict.fromkeys([*people, *leads]))


def next_person(one: Waiting, at: datetime) -> UUID | None:
    """Return the first on the ladder whose task the flag has not been; None where all have had it."""
    return next((account for account in ladder(one.flag.enrolment, at) if account not in one.had), None)


def pass_on(flag: UUID, at: datetime) -> UUID | None:
    """Pass one overdue flag on to the next person, with a new time; return who that is.

    None where somebody was faster, where everybody has had it, or where the client's key was erased. Asked again under
    the lock of the enrolment: two ticks at once pass a flag on once.

    Args:
        flag: The flag's id.
        at: The server's time.
    """
    found = Flag.objects.select_related("enrolment__client", "enrolment__organisation").filter(id=flag).first()
    if found is None:
        return None
    try:
        with act("pass_on_flag", by=None, at=at, owner=found.enrolment, why="overdue") as it:
            one = next((one for one in waiting(flag) if one.is_overdue(at)), None)
            to = next_person(one, at) if one else None
            if to is None:
                raise _NothingToDo
            write_step(it, found, "passed_on", by=None, said={}, to=to, due_at=new_time(found, at))
    except (_NothingToDo, KeyGone):
        return None
    return to


def new_time(flag: Flag, at: datetime) -> datetime:
    """Return by when the next person must answer: the rule's own span again, counted from now, and never too short."""
    organisation = flag.enrolment.organisation
    due = deadline(flag.rule, at, promise(organisation.promise, organisation.zone))
    if flag.rule == "R12" and flag.due_at:  # it goes with the rule beside which it was raised
        due = at + (flag.due_at - flag.received_at)
    return max(due, at + LEAST)
