"""What a service may expect of its courses: never overwritten, so that earlier days keep their judgement."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from openipt.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("casebook", "0002_fit"),
    ]
    operations = [
        migrations.CreateModel(
            name="ExpectedCourse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("manual", models.CharField(max_length=80)),
                ("form", models.CharField(max_length=80)),
                ("since", models.DateField()),
                ("learned_at", models.DateTimeField()),
                ("courses", models.IntegerField()),
                ("version", models.CharField(max_length=64)),
                ("inputs_hash", models.CharField(max_length=64)),
                ("body", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        append_only("casebook_expectedcourse"),
    ]
