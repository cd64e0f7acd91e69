"""What was changed about a service, by whom: two tables to which rows are only added."""

from typing import Any

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from openipt.audit.append_only import append_only


def _id() -> Any:
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


def _who(related: str) -> Any:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name=related, to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    """Makes them."""

    dependencies = [("accounts", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", _id()),
                ("what", models.CharField(max_length=24)),
                ("stood", models.JSONField(default=dict)),
                ("says", models.JSONField(default=dict)),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("account", _who("changes")),
                ("by", _who("+")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="accounts.organisation"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["organisation", "at"], name="change_by_service")]},
        ),
        migrations.CreateModel(
            name="Settled",
            fields=[
                ("id", _id()),
                ("how", models.CharField(choices=[("done", "done"), ("taken_back", "taken_back")], max_length=12)),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("by", _who("+")),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="accounts.change"
                    ),
                ),
            ],
        ),
        append_only("accounts_change", "accounts_settled"),
    ]
