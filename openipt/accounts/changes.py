"""What was changed about a service, by whom, from what to what: only ever added, so that nobody rewrites who did it.

A change that a second person has to confirm stands without an end until somebody settles it.
"""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Account, Organisation

DONE, TAKEN_BACK = "done", "taken_back"


class Change(models.Model):
    """One change about a service or somebody who works there, as it was put forward."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=24)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="changes"
    )  # whom it is about
    stood = models.JSONField(default=dict)  # what stood before
    says = models.JSONField(default=dict)  # what is to stand
    why = models.TextField(blank=True)  # about the service, never about a client
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")  # None: the command line
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["organisation", "at"], name="change_by_service"),)

    def __str__(self) -> str:
        return f"{self.what} {self.id}"


class Settled(models.Model):
    """What became of a change: it was done, or taken back before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    change = models.OneToOneField(Change, on_delete=models.PROTECT, related_name="end")
    how = models.CharField(max_length=12, choices=[(DONE, DONE), (TAKEN_BACK, TAKEN_BACK)])
    why = models.TextField(blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.how} {self.id}"


APPEND_ONLY = (Change, Settled)
