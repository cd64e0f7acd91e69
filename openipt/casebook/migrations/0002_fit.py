"""A cache of what was made of each course's diary."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("casebook", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Fit",
            fields=[
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="fit",
                        serialize=False,
                        to="casebook.enrolment",
                    ),
                ),
                ("scope", models.UUIDField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("model_version", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("body", models.BinaryField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
    ]
