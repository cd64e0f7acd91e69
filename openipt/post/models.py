"""Messages: that somebody is called, and what became of the call. Ids and codes only, never a word about a client."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation

DUE, SENT, FAILED, EXPIRED = STATES = ("due", "sent", "failed", "expired")
FLAG, DEVICE = "flag", "device"
OPENED, ANSWERED = "opened", "answered"
LIFE = (DUE, SENT, FAILED, OPENED, ANSWERED, EXPIRED)  # of a reminder


class Message(models.Model):
    """One call to one account. What became of it stands in its steps; the newest is repeated here, for the queue.

    `cause` is what made it: a flag as it was raised, or the step that passed it on. One cause calls one person once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="messages")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=16)  # FLAG, DEVICE
    subject = models.UUIDField()  # the flag; the device
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


class Reminder(models.Model):
    """One note to one client. What became of it stands in its steps; the newest is repeated here, for the queue.

    `cause` is what it is about: one session, step, day or device is reminded of once. Where the client can be reached
    is looked up, unsealed, when it goes out; it stands nowhere here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reminders")
    enrolment = models.UUIDField()
    kind = models.CharField(max_length=16)
    cause = models.CharField(max_length=64)
    form = models.CharField(max_length=80, blank=True)  # the questionnaire it asks for
    wall = models.CharField(max_length=16)  # what a clock on the wall shows when it comes
    zone = models.CharField(max_length=64)  # ... and where that clock hangs
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in LIFE], default=DUE)
    why = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)  # by a worker that has not said yet what became of it
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["next_at"], name="reminder_by_next_try"),
            models.Index(fields=["enrolment", "due_at"], name="reminder_by_enrolment"),
            models.Index(fields=["state", "expires_at"], name="reminder_by_state"),
        )
        constraints = (models.UniqueConstraint(fields=["enrolment", "kind", "cause"], name="reminder_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ReminderStep(models.Model):
    """What happened to a reminder, and why: `not_needed`, `no_channel`, `enough_this_week` ... Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=8, choices=[(state, state) for state in LIFE])
    at = models.DateTimeField()
    why = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = (models.Index(fields=["reminder", "at"], name="reminder_step_by_reminder"),)

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class Planned(models.Model):
    """As of which fact, and on which day, the reminders of a course were planned. Its row is their lock, too."""

    enrolment = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.enrolment)


class LastRun(models.Model):
    """When something that has to happen again and again was last done: `tick`, `backup`."""

    name = models.CharField(primary_key=True, max_length=16)
    at = models.DateTimeField()
    well = models.BooleanField(default=True)  # whether all of it was done

    def __str__(self) -> str:
        return self.name


APPEND_ONLY = (MessageStep, ReminderStep)
