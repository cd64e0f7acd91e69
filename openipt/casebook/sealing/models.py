"""The one table of the key store."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

KINDS = ("client", "group", "author")


class ScopeKey(models.Model):
    """The data key of one scope, wrapped by a key-encryption key. Wrapped anew, erased once, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8)
    wrapped = models.BinaryField(null=True)  # null: erased, for good
    kek_id = models.CharField(max_length=16)  # of the key-encryption key that wraps it, or did
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        indexes = [models.Index(fields=["kek_id", "id"], name="sealing_by_kek")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="sealing_kind_known"),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, erased_at__isnull=True)
                | models.Q(wrapped__isnull=True, erased_at__isnull=False),
                name="sealing_wrapped_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
