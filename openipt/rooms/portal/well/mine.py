"""Doors to what is the client's: sentences that were given, scores in words, and who looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from openipt.audit.reading import Look
from openipt.casebook.queries.caregiving import PURPOSE, seen_at_home
from openipt.casebook.queries.looked import Looked, looked, with_caregivers
from openipt.casebook.queries.own import Own
from openipt.rooms.portal.caregiver.young import concerns
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.questions.curve import danger_today, newest
from openipt.therapy.words import Sentence, say

SENTENCES = "released-sentence"
WEEKS = timedelta(days=28)
SIGNING_IN = frozenset(
    {"account", "client-access", "invite_client", "recovery-code", "role", "second-factor", "sign-in", "slip"}
)
OF_CAREGIVERS = "caregiver-"  # acts about their accounts
BY_THE_CLINIC = frozenset({"caregiver-access.make", "caregiver-account.close", "caregiver-slip.give"})
UNTOLD = frozenset({"pass_on_flag"})  # that an answer waited for somebody may have been asked alone
COPIES = {"record.export": "copied", "record.print": "printed"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day on which somebody looked."""

    on: date
    told: tuple[Sentence, ...]
    quiet: tuple[Sentence, ...] = ()  # what no person did


@own_door("goals_homework", "read", on_paper=True)
def mine(request: HttpRequest, own: Own) -> HttpResponse:
    """Show what is the client's own, and the ways to change how the clinic reaches them."""
    return page(
        request,
        own,
        "mine",
        tab="mine",
        sentences=[str(one.answers.get("sentence") or "") for one in reversed(own.record.of(SENTENCES))]
        if own.reads
        else (),
        curve=newest(own) if own.reads and not danger_today(own) else (),
        is_young=concerns(own),
    )


@own_door("audit_trail", "read")
def looked_at(request: HttpRequest, own: Own) -> HttpResponse:
    """Show who looked at the client's notes, in sentences: the last four weeks, or everything."""
    every = "all" in request.GET
    found = looked(own.actor, own.label, own.at, None if every else own.at - WEEKS) if own.reads else None
    found = with_caregivers(found, seen_at_home(own)) if found else None
    return page(request, own, "looked", tab="mine", days=list(days(found)) if found else (), every=every)


def days(found: Looked) -> Iterator[Day]:
    """Fold looks by day: each person once for each way of looking.

    The time is that of the first look in each way. How often, when again and on which page stays out: a page that
    somebody else may read over a shoulder must not tell that something was asked alone.
    """
    others = [one for one in found.looks if one.by != found.client and one.purpose != "own" and one.act not in UNTOLD]
    for on, several in groupby(others, key=lambda one: one.at.date()):
        of_day = sorted(several, key=lambda one: one.at)
        first: dict[tuple[str, str], Look] = {}
        for one in of_day:
            if _is_person(one):
                first.setdefault((one.by, _way(one)), one)
        told = sorted(first.values(), key=lambda one: (found.names.get(one.by.replace("-", ""), "~"), _way(one)))
        quiet = dict.fromkeys(_did(one) for one in of_day if not _is_person(one))
        yield Day(on, tuple(_told(found, one) for one in told), tuple(say(f"portal.looked.did.{did}") for did in quiet))


def _told(found: Looked, look: Look) -> Sentence:
    return say(f"portal.looked.{_way(look)}", who=_who(found, look), clock=f"{look.at:%H:%M}")


def _did(look: Look) -> str:
    """Say what the service itself did: never which answer it was about."""
    noun = look.act.partition(".")[0]
    return "slip" if noun == "slip" else "way_in" if noun in SIGNING_IN else "kept"


def _way(look: Look) -> str:
    if look.purpose == PURPOSE:
        return "caregiver"
    if look.act.startswith(OF_CAREGIVERS) and look.act not in BY_THE_CLINIC:
        return "caregiver_in"
    if look.listed:
        return "listed"
    if look.act in COPIES:
        return COPIES[look.act]
    if look.act.partition(".")[0] in SIGNING_IN:
        return "account"
    return "wrote" if look.wrote else "opened"


def _is_person(look: Look) -> bool:
    try:
        UUID(look.by)
    except ValueError:
        return False
    return True


def _who(found: Looked, look: Look) -> Sentence:
    """Name whoever looked, with what they were to the client then."""
    name = found.names.get(UUID(look.by).hex)
    if name is None:
        return say("portal.looked.gone")
    part = found.part_of(look)
    if not part:
        return say("portal.looked.named", name=name)
    return say("portal.looked.with_part", name=name, part=say(f"portal.looked.part.{part}"))
