"""Definitions as they were when first used: the shelf may change or vanish, what was written stays readable."""

from __future__ import annotations

from django.db import models


class Definition(models.Model):
    """The canonical text of one form or manual, by the sha256 of that text (RULINGS 4)."""

    sha = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=8, choices=[("form", "form"), ("manual", "manual")])
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=32)
    text = models.TextField()
    first_used_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["kind", "name", "version"], name="definition_by_name"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.version}"
