"""Signing in by one click, to look around: only where nobody real can be met and nobody else can come (RULINGS 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from openipt.accounts.models import Account, Membership, Organisation, Slip
from openipt.accounts.roles import OF_CLIENTS, PROXY

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_CF_")
OF_PHONES = OF_CLIENTS | {PROXY}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as: account, name, roles."""

    id: UUID
    name: str
    roles: tuple[str, ...]


def is_open(request: HttpRequest) -> bool:
    """Whether this door exists: every condition by itself can close it, and a closed one looks like no door at all."""
    return (
        settings.LOOPBACK_ONLY
        and _comes_from_here(request)
        and not _was_forwarded(request)
        and _names_this_machine(request)
        and _all_invented()
    )


def people(at: datetime) -> list[Person]:
    """Return whom one can sign in as: staff of the invented service with a role now, in the order they came; clients.

    A client who still holds a slip has not come in yet, and is none of them.
    """
    held = Membership.objects.live(at).filter(account__is_active=True, organisation__synthetic=True)
    rows = held.exclude(role__in=OF_PHONES).order_by("account_id", "role")
    found: dict[UUID, Person] = {}
    for account, name, role in rows.values_list("account", "account__name", "role"):
        known = found.get(account)
        found[account] = Person(account, name, (*known.roles, role) if known else (role,))
    return [*list(found.values())[:SHOWN], *_clients(at)]


def _clients(at: datetime) -> list[Person]:
    held = Membership.objects.live(at).filter(account__is_active=True, organisation__synthetic=True, role__in=OF_PHONES)
    waiting = Slip.objects.filter(redeemed_at=None, withdrawn_at=None).values("account")
    rows = held.exclude(account__in=waiting).order_by("account_id").values_list("account", "account__username", "role")
    return [
        Person(account, f"{'Caregiver' if role == PROXY else 'Client'} {name}", (role,))
        for account, name, role in rows[:SHOWN]
    ]


def person(account_id: str, at: datetime) -> Account | None:
    """Return the account of one of these people, or None."""
    if account_id not in {str(one.id) for one in people(at)}:
        return None
    return Account.objects.get(pk=account_id)


def _comes_from_here(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _was_forwarded(request: HttpRequest) -> bool:
    return any(name.startswith(FORWARDED) for name in request.META)


def _names_this_machine(request: HttpRequest) -> bool:
    """A proxy, or a page elsewhere that plays tricks with names, asks for this machine under another name."""
    return split_domain_port(request.get_host())[0] in THIS_MACHINE


def _all_invented() -> bool:
    return set(Organisation.objects.values_list("synthetic", flat=True)) == {True}
