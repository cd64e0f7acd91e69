"""The tables of the audit, and the guards of those that only grow."""

from __future__ import annotations

from django.db import migrations, models

from openipt.audit.append_only import append_only
from openipt.audit.listed import ListField


class Migration(migrations.Migration):
    """Make events, appearances, anchors and heads."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("chain", models.CharField(max_length=64)),
                ("place", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                ("organisation", models.CharField(max_length=64)),
                ("act", models.CharField(max_length=64)),
                ("client", models.CharField(blank=True, default="", max_length=64)),
                ("enrolment", models.CharField(blank=True, default="", max_length=64)),
                ("subject", models.CharField(blank=True, default="", max_length=64)),
                ("shown", ListField(default=list)),
                ("purpose", models.CharField(blank=True, default="", max_length=64)),
                ("why", models.CharField(blank=True, default="", max_length=64)),
                ("rows", ListField(default=list)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("chain", "place"), name="audit_place_in_chain")],
            },
        ),
        migrations.CreateModel(
            name="Appearance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("client", models.CharField(max_length=64)),
                ("hour", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                ("act", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=64)),
                ("times", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "hour", "by", "act", "purpose"), name="audit_one_appearance_an_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("upto", models.BigIntegerField()),
                ("events", models.PositiveBigIntegerField()),
                ("chains", models.PositiveBigIntegerField()),
                ("heads", models.CharField(max_length=64)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("anchor", models.PositiveBigIntegerField()),
                ("chain", models.CharField(max_length=64)),
                ("place", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("anchor", "chain"), name="audit_one_head_a_chain")],
            },
        ),
        append_only("audit_auditevent", "audit_anchor", "audit_head"),
    ]
