"""What was made of a course's diary: a cache beside the record, made anew after its inputs change."""

from __future__ import annotations

from django.db import models

from openipt.accounts.models import Organisation
from openipt.casebook.models.whose import Enrolment


class Fit(models.Model):
    """One row per enrolment, read by every page and made by none. `body` is sealed: it names people and events.

    No row stands where the service has not switched this on, or where a violence fact stands.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, primary_key=True, related_name="fit")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    scope = models.UUIDField()
    inputs_hash = models.CharField(max_length=64)  # of the entries used, what was believed, and the model's version
    model_version = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    body = models.BinaryField()

    def __str__(self) -> str:
        return str(self.enrolment_id)
