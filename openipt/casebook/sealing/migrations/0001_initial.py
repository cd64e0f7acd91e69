"""The table of data keys."""

import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ScopeKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("wrapped", models.BinaryField(null=True)),
                ("kek_id", models.CharField(max_length=16)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["kek_id", "id"], name="sealing_by_kek")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("client", "group", "author"))), name="sealing_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erased_at__isnull", True), ("wrapped__isnull", False)),
                            models.Q(("erased_at__isnull", False), ("wrapped__isnull", True)),
                            _connector="OR",
                        ),
                        name="sealing_wrapped_or_erased",
                    ),
                ],
            },
        ),
    ]
