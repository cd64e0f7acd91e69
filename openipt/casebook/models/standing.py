"""Where every course stands: the one cache of the casebook (RULINGS 8)."""

from __future__ import annotations

from django.db import models

from openipt.accounts.models import Organisation
from openipt.casebook.models.whose import Enrolment


class Standing(models.Model):
    """One row per enrolment, made anew inside every operation that touches it. `told` is sealed; the rest are codes."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    scope = models.UUIDField()
    on = models.DateField()  # the day it was reckoned for: time alone can change a row
    seq = models.BigIntegerField()  # of the newest fact in it
    open = models.BooleanField()
    manual = models.CharField(max_length=80)
    manual_version = models.CharField(max_length=32)
    need = models.CharField(max_length=8)
    rank = models.SmallIntegerField()
    since = models.DateField()
    cue = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=12)
    due_on = models.DateField(null=True)
    flags_open = models.SmallIntegerField()
    told = models.BinaryField()  # names, reasons and scores in words

    class Meta:
        indexes = (models.Index(fields=["organisation", "need", "rank", "since"], name="standing_by_need"),)

    def __str__(self) -> str:
        return str(self.enrolment_id)
