"""The PIN of a client's room, and the browsers in which a client came in: to these rows are only added."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from openipt.audit.append_only import append_only


class Migration(migrations.Migration):
    """Makes them."""

    dependencies = [("accounts", "0002_changes"), ("audit", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="account", name="lock", field=models.CharField(blank=True, default="", max_length=128)
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.CharField(max_length=64)),
                ("looks", models.CharField(max_length=40)),
                ("first_seen_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "mark"), name="device_once")],
            },
        ),
        append_only("accounts_device"),
    ]
