"""Let a client in: an account with a slip, tied to the client's own course; a new slip ends what the old one gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession

from openipt.accounts.knowing import Place, sign_out_everywhere
from openipt.accounts.knowing import places as places_of
from openipt.accounts.locking import take_off_lock
from openipt.accounts.making import Access, give_slip, make_client_access
from openipt.accounts.models import Account, Slip
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """How a client can come in now.

    Attributes:
        account: The client's account; None where there is none yet.
        open_until: Until when a slip that nobody used is good; None where none is out.
        came_in: Whether the client has a secret of their own.
        seen_at: When the account was last used.
        places: In how many browsers it is signed in.
        devices: The phones and computers in which the client came in, the newest first.
        locked: Whether the client chose a PIN.
    """

    account: UUID | None = None
    open_until: datetime | None = None
    came_in: bool = False
    seen_at: datetime | None = None
    places: int = 0
    devices: tuple[Place, ...] = ()
    locked: bool = False


def way_in(*, by: Actor, at: datetime, enrolment: str) -> Way:
    """Return how the client of a course can come in now.

    Raises:
        NotVisible, NotAllowed: as policy rules for the client's identity.
    """
    seen = find_enrolment(by, enrolment, "identity", "read", at)
    account = Account.objects.filter(client=seen.enrolment.client_id).first()
    if account is None:
        return Way()
    out = Slip.objects.filter(account=account, redeemed_at=None, withdrawn_at=None, expires_at__gt=at)
    used = UserSession.objects.filter(user=account).order_by("last_seen_at")
    places = list(used.values_list("last_seen_at", flat=True))
    return Way(
        account.id,
        out.values_list("expires_at", flat=True).first(),
        account.has_usable_password(),
        places[-1] if places else account.last_login,
        len(places) if account.has_usable_password() else 0,
        tuple(places_of(account)),
        bool(account.lock),
    )


def take_pin_off(*, by: Actor, at: datetime, enrolment: str) -> None:
    """Take off a PIN that the client of a course has forgotten. Whoever does so has made sure who asks.

    Raises:
        NotVisible, NotAllowed: as policy rules for the client's identity.
    """
    account = _account(by, at, enrolment)
    if account is not None and account.lock:
        take_off_lock(account, by=by.id, at=at, why="forgotten")


def sign_client_out(*, by: Actor, at: datetime, enrolment: str) -> None:
    """End every sign-in of the client of a course; name, secret and PIN stay.

    Raises:
        NotVisible, NotAllowed: as policy rules for the client's identity.
    """
    account = _account(by, at, enrolment)
    if account is not None:
        sign_out_everywhere(account, at, by.id)


def _account(by: Actor, at: datetime, enrolment: str) -> Account | None:
    seen = find_enrolment(by, enrolment, "identity", "write", at)
    return Account.objects.filter(client=seen.enrolment.client_id).first()


def invite(*, by: Actor, at: datetime, enrolment: str) -> Access:
    """Make the slip with which the client of a course comes in. What an earlier one gave ends now, on every device.

    The code is returned once and kept nowhere: whoever asks again gets another slip.

    Raises:
        NotVisible, NotAllowed: as policy rules for the client's identity.
    """
    seen = find_enrolment(by, enrolment, "identity", "write", at)
    client, organisation = seen.enrolment.client_id, seen.enrolment.organisation
    with act("invite_client", by=by.id, at=at, owner=seen.enrolment) as it:
        account = Account.objects.filter(client=client).first()
        access = (
            give_slip(account=account, by=by.id, at=at)
            if account
            else make_client_access(client=client, organisation=organisation, by=by.id, at=at)
        )
        take_charge(seen.enrolment, access.account.id, "own", at, it=it)
    return access
