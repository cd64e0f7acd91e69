"""Flags: a person needs a person. Raised by rules, owned, timed, closed only by a clinician with words."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation
from openipt.casebook.models.entry import Entry
from openipt.casebook.models.whose import Enrolment


class Flag(models.Model):
    """One flag as it was raised. What became of it is told by its steps."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="flags", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="flags")
    label = models.CharField(max_length=64, blank=True)
    rule = models.CharField(max_length=8)
    item = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8)  # as it was raised: new, or known and the plan is current
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # from "what we can promise", counted from receipt
    owner = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=["enrolment", "recorded_at"], name="flag_by_enrolment"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.id}"


class FlagStep(models.Model):
    """Something that happened to a flag: seen, handed over, passed on by the tick, an outcome in words."""

    KINDS = ("seen", "handed_over", "passed_on", "outcome")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = models.BigIntegerField()
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="steps")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="flag_steps", db_index=False)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    state = models.CharField(max_length=8, blank=True)  # of the flag from now on
    at = models.DateTimeField()  # when it was done, as told
    recorded_at = models.DateTimeField()
    by = models.UUIDField(null=True)  # nobody, where the tick did it
    to = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    scope = models.UUIDField()
    body = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=["enrolment", "seq"], name="flag_step_by_enrolment"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
