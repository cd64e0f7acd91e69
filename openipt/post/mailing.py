"""The one way out: a mail that says nothing but that somebody is needed.

No name, no content, no kind: a mail is read on a locked telephone, and by whoever holds it.
"""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from openipt.post.models import Message

SUBJECT = "Something in OpenIPT needs you"
BODY = """Something in OpenIPT needs you.

Please sign in{where}.

This mail says no more on purpose. Nobody reads an answer to it.
"""
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class NoMailServer(OSError):  # noqa: N818 - that there is none may be meant
    """This service has no mail server in its service file."""


def send(message: Message) -> None:
    """Send a message to the address of the account it is for.

    A second copy, after a crash between sending and noting it, has the same Message-ID: mail programs show it once.

    Raises:
        NoMailServer: None is set up.
        OSError: The server did not take it.
    """
    address = getattr(settings, "SERVICE_ADDRESS", "")
    where = f": {address}" if address else ""
    mail_out(SUBJECT, BODY.format(where=where), message.to.email, message.id)


def mail_out(subject: str, body: str, address: str, row: UUID) -> None:
    """Hand one mail to the mail server, named after the row that it belongs to.

    Raises:
        NoMailServer: None is set up.
        OSError: The server did not take it.
    """
    if settings.EMAIL_BACKEND == SMTP and not settings.EMAIL_HOST:
        raise NoMailServer("no mail server is set up: add `mail` to the service file")
    identity = f"<{row}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>') or 'openipt.invalid'}>"
    EmailMessage(subject, body, None, [address], headers={"Message-ID": identity}).send(fail_silently=False)


def reason(problem: Exception) -> str:
    """Return the code of what went wrong. What a mail server says repeats the address, so only its kind is kept."""
    if isinstance(problem, NoMailServer):
        return "no_mail_server"
    if isinstance(problem, SMTPRecipientsRefused):
        return "address_refused"
    return "mail_server" if isinstance(problem, OSError) else "mail_not_made"
