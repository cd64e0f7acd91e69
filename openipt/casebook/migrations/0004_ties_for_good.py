"""Who may open a record is part of the record: ties are only added, what ends one is a row of its own, all are noted.

Ties from before this step are noted as they stand.
"""

from itertools import groupby
from typing import Any

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models
from django.utils import timezone

from openipt.audit.append_only import append_only


def note_ties(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Note every tie that is there, one event a course, chains in the order of their ids."""
    from openipt.audit.writing import wrote

    ties = apps.get_model("casebook", "Tie").objects.select_related("enrolment")
    ordered = ties.order_by("enrolment__client_id", "enrolment_id", "since", "id")
    for enrolment, rows in groupby(ordered, key=lambda tie: tie.enrolment):
        wrote(
            act="note_ties",
            by="service",
            at=timezone.now(),
            organisation=str(enrolment.organisation_id),
            client=str(enrolment.client_id),
            enrolment=str(enrolment.id),
            rows=list(rows),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("casebook", "0003_expected_course"),
    ]
    operations = [
        migrations.CreateModel(
            name="TieEnd",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "tie",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="casebook.tie"
                    ),
                ),
            ],
        ),
        migrations.RunPython(note_ties, migrations.RunPython.noop),
        append_only("casebook_tie", "casebook_tieend"),
    ]
