"""Reminders to clients, what became of them, and as of which fact they were planned."""

from typing import Any

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from openipt.audit.append_only import append_only

_LIFE = [(one, one) for one in ("due", "sent", "failed", "opened", "answered", "expired")]


def _id() -> Any:
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """Makes them."""

    dependencies = [("post", "0001_initial"), ("accounts", "0003_locks_and_devices"), ("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Planned",
            fields=[
                ("enrolment", models.UUIDField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", _id()),
                ("enrolment", models.UUIDField()),
                ("kind", models.CharField(max_length=16)),
                ("cause", models.CharField(max_length=64)),
                ("form", models.CharField(blank=True, max_length=80)),
                ("wall", models.CharField(max_length=16)),
                ("zone", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("state", models.CharField(choices=_LIFE, default="due", max_length=8)),
                ("why", models.CharField(blank=True, max_length=32)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["next_at"], name="reminder_by_next_try"),
                    models.Index(fields=["enrolment", "due_at"], name="reminder_by_enrolment"),
                    models.Index(fields=["state", "expires_at"], name="reminder_by_state"),
                ],
                "constraints": [models.UniqueConstraint(fields=("enrolment", "kind", "cause"), name="reminder_once")],
            },
        ),
        migrations.CreateModel(
            name="ReminderStep",
            fields=[
                ("id", _id()),
                ("state", models.CharField(choices=_LIFE, max_length=8)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=32)),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="post.reminder"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["reminder", "at"], name="reminder_step_by_reminder")]},
        ),
        append_only("post_reminderstep"),
    ]
