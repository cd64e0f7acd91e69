"""The browsers in which a client came in: to these rows are only added."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Account


class Device(models.Model):
    """One browser of one account, as it was first met. Of its own mark only a hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="devices")
    mark = models.CharField(max_length=64)
    looks = models.CharField(max_length=40)  # "Chrome on Android"
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "mark"], name="device_once"),)

    def __str__(self) -> str:
        return str(self.id)


APPEND_ONLY = (Device,)
