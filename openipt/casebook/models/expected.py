"""What a service may expect of its courses, learned from its finished ones: numbers about many, none about one."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation


class ExpectedCourse(models.Model):
    """One estimate for a manual and a measure. A later one stands beside it: each day is judged by that day's own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    manual = models.CharField(max_length=80)
    form = models.CharField(max_length=80)
    since = models.DateField()  # the day from which courses are judged by it
    learned_at = models.DateTimeField()
    courses = models.IntegerField()  # finished courses behind it; 0 where it was given up
    version = models.CharField(max_length=64)
    inputs_hash = models.CharField(max_length=64)  # of the weekly scores it was learned from
    body = models.TextField()  # mean and covariance by week, as canonical JSON

    def __str__(self) -> str:
        return f"{self.manual} {self.form} {self.version}"
