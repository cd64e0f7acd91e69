"""Whose record it is: clients, their enrolments, groups, and who is tied to an enrolment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from openipt.accounts.models import Organisation


class Client(models.Model):
    """A client. Nothing here tells who: the name is sealed, the code stands in its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="clients", db_index=False)
    scope = models.UUIDField(unique=True)  # of the key that seals everything about this client
    code = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "code"], name="client_code_once"),)

    def __str__(self) -> str:
        return str(self.id)


class Group(models.Model):
    """A group. Its agreement, sessions and supervision are entries about it, sealed with a key of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="groups", db_index=False)
    scope = models.UUIDField(unique=True)
    label = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "label"], name="group_label_once"),)

    def __str__(self) -> str:
        return str(self.id)


class Enrolment(models.Model):
    """A client in a course. Manual, days and people in charge are the newest entry about it (RULINGS 1, 3)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enrolments", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="enrolments")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="enrolments")
    label = models.CharField(max_length=40)  # stands in addresses
    created_at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "label"], name="enrolment_label_once"),)

    def __str__(self) -> str:
        return str(self.id)


class Tie(models.Model):
    """A relationship between somebody and an enrolment. A role without one opens nothing.

    It is never changed: who was tied to whom, and when, is part of the record. What ends it early is a row of its own.
    """

    KINDS = ("own", "proxy", "assigned", "cover", "group", "supervision", "emergency")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ties", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="ties")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # as planned from the beginning: cover for a leave

    class Meta:
        indexes = (models.Index(fields=["account", "enrolment"], name="tie_by_account"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class TieEnd(models.Model):
    """A tie ended, at a moment nobody knew when it began. Access ends with the next request."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tie = models.OneToOneField(Tie, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
