"""Entries: filled-in forms, the truth of the record. Added, replaced by newer ones, retracted; never changed."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation
from openipt.casebook.models.definition import Definition
from openipt.casebook.models.whose import Client, Enrolment, Group


class Entry(models.Model):
    """One filled-in form. `body` is sealed; form and times are plain, so that lists need no key.

    `seq` is the server's own order: device clocks lie, and two facts may share a moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="entries")
    scope = models.UUIDField()  # of the key that seals the body: a client's, a group's, or its author's alone
    form = models.CharField(max_length=80)
    version = models.CharField(max_length=32, blank=True)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=64, blank=True)  # label of the person, step, session ... it is about
    happened_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC")
    recorded_at = models.DateTimeField()
    by = models.UUIDField(null=True)
    visibility = models.CharField(max_length=24)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    body = models.BinaryField()
    mark = models.BinaryField(max_length=32)  # keyed fingerprint of the body: the same id with another body is noticed

    class Meta:
        indexes = (
            models.Index(fields=["enrolment", "seq"], name="entry_by_enrolment"),
            models.Index(fields=["group", "seq"], name="entry_by_group"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Score(models.Model):
    """A plain number under a pseudonymous id, so that statistics never need a name or a key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="scores")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="scores", db_index=False)
    form = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    value = models.FloatField()
    prorated = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["enrolment", "form"], name="score_by_enrolment"),)

    def __str__(self) -> str:
        return str(self.id)


class Mark(models.Model):
    """Said later about a row that never changes: this entry is retracted, this person or goal is no more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="marks")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="marks")
    target = models.UUIDField()
    what = models.CharField(max_length=12, choices=[("retracted", "retracted"), ("ended", "ended")])
    at = models.DateTimeField()
    by = models.UUIDField()
    scope = models.UUIDField()
    why = models.BinaryField()  # sealed: the reason is somebody's words

    class Meta:
        constraints = (models.UniqueConstraint(fields=["target", "what"], name="mark_once"),)

    def __str__(self) -> str:
        return f"{self.what} {self.target}"


class Draft(models.Model):
    """What is being written. Not record: it changes, and goes when it is handed in (RULINGS 5).

    `conflicts_with` names the entry whose id it came under with another body: then it waits for a person (RULINGS 15).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    author = models.UUIDField()
    scope = models.UUIDField()
    form = models.CharField(max_length=80)
    about = models.CharField(max_length=64, blank=True)
    body = models.BinaryField()
    saved_at = models.DateTimeField()
    started_at = models.DateTimeField()
    conflicts_with = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, related_name="conflicts")

    class Meta:
        indexes = (models.Index(fields=["enrolment", "author"], name="draft_by_author"),)

    def __str__(self) -> str:
        return str(self.id)
