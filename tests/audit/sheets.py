"""A table with every kind of column that the house uses, for the tests of the audit alone."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import connection, models
from uuid_utils.compat import uuid7

from openipt.audit.listed import ListField

APART = Apps()  # a registry of their own: no other test and no migration sees these models


class Owner(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)

    class Meta:
        apps = APART
        app_label = "audit_tests"

    def __str__(self) -> str:
        return str(self.id)


class Sheet(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="sheets")
    form = models.CharField(max_length=200, default="phq-9")
    words = models.TextField(null=True)  # noqa: DJ001
    whole = models.BigIntegerField(null=True)
    yes = models.BooleanField(null=True)
    number = models.FloatField(null=True)
    share = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    hour = models.TimeField(null=True)
    lasting = models.DurationField(null=True)
    body = models.BinaryField(null=True)
    answers = models.JSONField(null=True)
    people = ListField(null=True)

    class Meta:
        apps = APART
        app_label = "audit_tests"

    def __str__(self) -> str:
        return str(self.id)


TABLE = Sheet._meta.db_table
AUDIT = ("audit_anchor", "audit_auditevent", "audit_head")


def make_tables() -> None:
    """Make both tables inside the transaction of a test, where the usual way is refused by SQLite."""
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []
    for model in (Owner, Sheet):
        editor.create_model(model)
    with connection.cursor() as cursor:
        for statement in [*editor.collected_sql, *map(str, editor.deferred_sql)]:
            cursor.execute(statement)
