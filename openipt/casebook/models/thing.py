"""Things with a life of their own: a person, goal, step, life event, session or decision. Only identity stands here."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation
from openipt.casebook.models.whose import Enrolment, Group


class Thing(models.Model):
    """Whose it is, when it began, what it is called in answers. All it says of itself is in entries (RULINGS 1)."""

    KINDS = ("person", "goal", "step", "event", "session", "decision")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="things", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="things", db_index=False)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    label = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    created_at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enrolment", "kind", "label"], name="thing_once_in_enrolment"),
            models.UniqueConstraint(fields=["group", "kind", "label"], name="thing_once_in_group"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
