"""Take in a questionnaire that a client answered through a link of the service, without a name and a secret.

The link was made for one course and one questionnaire, and opens nothing else: nothing is read through it. The table is
asked what a client may do in their own course.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.models.sealed import fingerprint
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.fitting import refit_later
from openipt.casebook.operations.flagging import raise_flags
from openipt.casebook.operations.saving import Invalid, Saved, write_entry
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.own import OWN
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed, NotVisible, rule
from openipt.policy import Actor, kind_of
from openipt.therapy.forms import Form, Result, open_form, score


def answer_by_link(
    *, at: datetime, enrolment: UUID, link: UUID, form: str, answers: Mapping[str, Any], zone: str
) -> Saved:
    """Write one questionnaire. Sent twice it is one; sent again with other answers, both are kept.

    Args:
        at: The server's time.
        enrolment: The course for which the link was made.
        link: The id of what the link stands for; the entry is named after it.
        form: The questionnaire for which it was made.
        answers: The answers.
        zone: Where the clock hung.

    Raises:
        NotVisible: there is no such course.
        NotAllowed: a client may not send such a sheet.
        Invalid: answers that cannot be taken; nothing was stored.
    """
    owner = Enrolment.objects.select_related("client", "organisation").filter(id=enrolment).first()
    if owner is None:
        raise NotVisible(str(enrolment))
    found = open_form(form)
    account = _ask_policy(owner, found)
    result = score(found, answers)
    if not result.valid:
        raise Invalid(result.errors)
    sheet = Sheet(found.id, answers, at, uuid5(link, "answer"), zone=zone)
    with act("answer_by_link", by=str(account) if account else None, at=at, owner=owner, why="link") as it:
        name = _name(owner, sheet)
        if Entry.objects.filter(id=name).exists():
            return Saved(name, False, result, ())
        return _write(it, owner, found, Sheet(found.id, answers, at, name, zone=zone), account, result)


def _ask_policy(owner: Enrolment, form: Form) -> UUID | None:
    """Ask the table in the name of the client; return their account, where they have one."""
    account = Account.objects.filter(client=owner.client_id).values_list("id", flat=True).first()
    client = str(owner.client_id)
    actor = Actor(str(account or client), str(owner.organisation_id), frozenset({"client"}), client=client)
    ruling = rule(actor, OWN, kind_of(form.id, form.kind, form.visibility), "write")
    if not ruling.allowed:
        raise NotAllowed(ruling)
    return account


def _name(owner: Enrolment, sheet: Sheet) -> UUID:
    """Return the id of what was sent: of the link for the first answers; its own for others that came after them."""
    known = Entry.objects.filter(id=sheet.id).first()
    mark = fingerprint(owner.client.scope, sheet.body)
    return sheet.id if known is None or bytes(known.mark) == mark else uuid5(sheet.id, mark.hex())


def _write(it: Any, owner: Enrolment, form: Form, sheet: Sheet, account: UUID | None, result: Result) -> Saved:
    entry = write_entry(it, form, sheet, account, owner, result)
    now = record(owner, naming=False)
    flags = raise_flags(it, now, it.at, entry=entry.id)
    restate(it, now, it.at)
    refit_later(owner, now, form.id, it.at)
    return Saved(entry.id, True, result, tuple(flag.rule for flag in flags))
