"""Messages: that somebody is called, and what became of the call. Ids and codes only, never a word about a client."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation

DUE, SENT, FAILED, EXPIRED = STATES = ("due", "sent", "failed", "expired")
FLAG = "flag"


class Message(models.Model):
    """One call to one account. What became of it stands in its steps; the newest is repeated here, for the queue.

    `cause` is what made it: a flag as it was raised, or the step that passed it on. One cause calls one person once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="messages")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=16)  # FLAG
    subject = models.UUIDField()  # the flag
    cause = models.UUIDField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not before
    expires_at = models.DateTimeField()  # not after: then somebody else is on it
    state = models.CharField(max_length=8, choices=[(state, state) for state in STATES], default=DUE)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # of the next try; null: nothing is left to do
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["next_at"], name="message_by_next_try"),
            models.Index(fields=["subject"], name="message_by_subject"),
        )
        constraints = (models.UniqueConstraint(fields=["kind", "cause", "to"], name="message_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class MessageStep(models.Model):
    """What happened to a message, and why: `settled`, `no_address`, `mail_server` ... Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=8, choices=[(state, state) for state in STATES])
    at = models.DateTimeField()
    why = models.CharField(max_length=32, blank=True)  # a code

    class Meta:
        indexes = (models.Index(fields=["message", "at"], name="message_step_by_message"),)

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class LastRun(models.Model):
    """When something that has to happen again and again was last done: `tick`, `backup`."""

    name = models.CharField(primary_key=True, max_length=16)
    at = models.DateTimeField()
    well = models.BooleanField(default=True)  # whether all of it was done

    def __str__(self) -> str:
        return self.name


APPEND_ONLY = (MessageStep,)
