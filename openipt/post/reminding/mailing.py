"""The mail of a reminder: that there is a note, and where. No name, no clinic, no word of what it is about."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing

from openipt.post.mailing import mail_out
from openipt.post.models import Reminder
from openipt.post.reminding.planning import FOLLOW_UP, QUESTIONS

SUBJECT = "You have a note"
BODY = """You have a note.
{where}
This mail says no more on purpose. Nobody reads an answer to it.
"""
ROOM, LINK = "/my/", "/n/{token}/"
SALT = "openipt.post.reminding"
BY_LINK = (QUESTIONS, FOLLOW_UP)


def write_to(address: str, one: Reminder, *, link: bool) -> None:
    """Send a reminder.

    Args:
        address: Where the client agreed to be written to.
        one: The reminder.
        link: Whether the mail may lead straight to the questions, without a name and a secret.

    Raises:
        NoMailServer: None is set up.
        OSError: The server did not take it.
    """
    straight = link and bool(one.form) and one.kind in BY_LINK
    way = LINK.format(token=token_of(one.id)) if straight else ROOM
    base = getattr(settings, "SERVICE_ADDRESS", "").rstrip("/")
    where = f"\nYou can read it here: {base}{way}\n" if base else ""
    mail_out(SUBJECT, BODY.format(where=where), address, one.id)


def token_of(reminder: UUID) -> str:
    """Return what stands for a reminder in a link. Only this service can make one, and it says nothing by itself."""
    return signing.Signer(salt=SALT).sign(reminder.hex).replace(":", ".")


def reminder_of(token: str) -> UUID | None:
    """Return the reminder of a link; None where this service did not make it."""
    name, _, mark = token.partition(".")
    try:
        return UUID(signing.Signer(salt=SALT).unsign(f"{name}:{mark}"))
    except (signing.BadSignature, ValueError):
        return None
