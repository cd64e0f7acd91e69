"""People who sign in, for tests: a service, its staff, a client with a slip, and what a telephone would show."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from openipt.accounts.making import Access, make_client_access, make_organisation, make_staff
from openipt.accounts.models import Account, Organisation

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PASSWORD = "seven quiet herons"  # noqa: S105  of invented people
WRONG = "a wrong secret one"
CHEAP_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  of an invented telephone


def a_service(*, synthetic: bool = False, at: datetime = NOON) -> Organisation:
    return make_organisation(name="Hill Road clinic", zone="Europe/London", by=None, at=at, synthetic=synthetic)


def somebody(
    organisation: Organisation, username: str = "m.okoye", *roles: str, at: datetime = NOON, **more: str | None
) -> Account:
    given = {"name": "Dr Mira Okoye", "email": "mira@clinic.example", "password": PASSWORD, **more}
    return make_staff(
        username=username, organisation=organisation, roles=roles or ("therapist",), by=None, at=at, **given
    )


def a_client_with_a_slip(organisation: Organisation, at: datetime = NOON) -> Access:
    return make_client_access(client=uuid4(), organisation=organisation, by="00000000", at=at)


def with_telephone(account: Account) -> list[str]:
    """Set up a second factor, and return the recovery codes."""
    TOTP.activate(account, SECRET)
    return RecoveryCodes.activate(account).generate_codes()


def shown_code(secret: str = SECRET, later: int = 0) -> str:
    """What the telephone shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def browser(**said: object) -> Client:
    """A browser."""
    return Client(HTTP_HOST="localhost", **said)


def sign_in(visitor: Client, username: str = "m.okoye", password: str = PASSWORD, **more: str):
    return visitor.post("/sign-in/", {"login": username, "password": password, **more})


def words_of(response) -> str:
    """The words of a page, without its marks."""
    page = re.sub(r"<(style|script)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
