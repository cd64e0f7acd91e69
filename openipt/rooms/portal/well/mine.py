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
from openipt.rooms.portal.questions.curve import newest
from openipt.therapy.words import Sentence, say

SENTENCES = "released-sentence"
WEEKS = timedelta(days=28)
SIGNING_IN = frozenset(
    {"account", "client-access", "invite_client", "recovery-code", "role", "second-factor", "sign-in", "slip"}
)
OF_CAREGIVERS = "caregiver-"  # acts about their accounts
BY_THE_CLINIC = frozenset({"caregiver-access.make", "caregiver-account.close", "caregiver-slip.give"})
COPIES = {"record.export": "copied", "record.print": "printed"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day on which somebody looked."""

    on: date
    told: tuple[Sentence, ...]


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
        curve=newest(own) if own.reads else (),
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

    How often, at what time and on which page stays out: a page that somebody else may read over a shoulder must not
    tell that something was asked alone.
    """
    others = [one for one in found.looks if one.by != found.client and one.purpose != "own"]
    for on, several in groupby(others, key=lambda one: one.at.date()):
        told = dict.fromkeys((_name(found, one.by), _way(one)) for one in several)
        ordered = sorted(told, key=lambda one: (str(one[0]), one[1]))
        yield Day(on, tuple(say(f"portal.looked.{way}", who=who) for who, way in ordered))


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


def _name(found: Looked, by: str) -> str | Sentence:
    try:
        account = UUID(by)
    except ValueError:
        return say("portal.looked.service")
    return found.names.get(account.hex) or say("portal.looked.gone")
