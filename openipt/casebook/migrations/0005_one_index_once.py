"""No column is indexed twice: an index that only begins another one was written with every row, and never needed.

Every sheet that was saved wrote seven pages for them. The tables stay as they are: SQLite would make each anew for a
change of its fields, and these are tables in which no row may be removed.
"""

from collections.abc import Callable

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECTED, WITH_IT = django.db.models.deletion.PROTECT, django.db.models.deletion.CASCADE
NEEDLESS = {  # index: table, column
    "casebook_client_organisation_id_33381bfc": ("casebook_client", "organisation_id"),
    "casebook_draft_enrolment_id_ba28828b": ("casebook_draft", "enrolment_id"),
    "casebook_enrolment_organisation_id_dc4a58e4": ("casebook_enrolment", "organisation_id"),
    "casebook_entry_enrolment_id_cee42482": ("casebook_entry", "enrolment_id"),
    "casebook_entry_group_id_9ea79e63": ("casebook_entry", "group_id"),
    "casebook_entry_organisation_id_38755d91": ("casebook_entry", "organisation_id"),
    "casebook_flag_enrolment_id_ed05c999": ("casebook_flag", "enrolment_id"),
    "casebook_flagstep_enrolment_id_4319902b": ("casebook_flagstep", "enrolment_id"),
    "casebook_group_organisation_id_93e33aa9": ("casebook_group", "organisation_id"),
    "casebook_mark_target_82471252": ("casebook_mark", "target"),
    "casebook_score_enrolment_id_ff988d65": ("casebook_score", "enrolment_id"),
    "casebook_standing_organisation_id_a4c9f37a": ("casebook_standing", "organisation_id"),
    "casebook_thing_enrolment_id_dec952cf": ("casebook_thing", "enrolment_id"),
    "casebook_thing_group_id_4cd39fb5": ("casebook_thing", "group_id"),
    "casebook_tie_account_id_7fa87ac2": ("casebook_tie", "account_id"),
}


def unindexed(
    model: str, field: str, to: str, related: str, *, null: bool = False, gone: Callable[..., None] = PROTECTED
) -> migrations.AlterField:
    """Return a reference to a row that has no index of its own."""
    made = models.ForeignKey(to, on_delete=gone, related_name=related, null=null, db_index=False)
    return migrations.AlterField(model, field, made)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("casebook", "0004_ties_for_good"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ("{column}")'
                )
                for name, (table, column) in NEEDLESS.items()
            ],
            state_operations=[
                unindexed("client", "organisation", "accounts.organisation", "clients"),
                unindexed("draft", "enrolment", "casebook.enrolment", "drafts", gone=WITH_IT),
                unindexed("enrolment", "organisation", "accounts.organisation", "enrolments"),
                unindexed("entry", "enrolment", "casebook.enrolment", "entries", null=True),
                unindexed("entry", "group", "casebook.group", "entries", null=True),
                unindexed("entry", "organisation", "accounts.organisation", "+"),
                unindexed("flag", "enrolment", "casebook.enrolment", "flags"),
                unindexed("flagstep", "enrolment", "casebook.enrolment", "flag_steps"),
                unindexed("group", "organisation", "accounts.organisation", "groups"),
                migrations.AlterField("mark", "target", models.UUIDField()),
                unindexed("score", "enrolment", "casebook.enrolment", "scores"),
                unindexed("standing", "organisation", "accounts.organisation", "+", gone=WITH_IT),
                unindexed("thing", "enrolment", "casebook.enrolment", "things", null=True),
                unindexed("thing", "group", "casebook.group", "things", null=True),
                unindexed("tie", "account", settings.AUTH_USER_MODEL, "ties"),
            ],
        ),
    ]
