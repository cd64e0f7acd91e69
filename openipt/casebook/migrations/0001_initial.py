import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from openipt.audit.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.UUIDField(unique=True)),
                ("code", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("by", models.UUIDField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clients", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Definition",
            fields=[
                ("sha", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("form", "form"), ("manual", "manual")], max_length=8)),
                ("name", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=32)),
                ("text", models.TextField()),
                ("first_used_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "name", "version"], name="definition_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="casebook.enrolment",
                    ),
                ),
                ("scope", models.UUIDField()),
                ("on", models.DateField()),
                ("seq", models.BigIntegerField()),
                ("open", models.BooleanField()),
                ("manual", models.CharField(max_length=80)),
                ("manual_version", models.CharField(max_length=32)),
                ("need", models.CharField(max_length=8)),
                ("rank", models.SmallIntegerField()),
                ("since", models.DateField()),
                ("cue", models.CharField(blank=True, max_length=8)),
                ("state", models.CharField(max_length=12)),
                ("due_on", models.DateField(null=True)),
                ("flags_open", models.SmallIntegerField()),
                ("told", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="enrolment",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="casebook.client"
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="accounts.organisation"
            ),
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("scope", models.UUIDField()),
                ("form", models.CharField(max_length=80)),
                ("version", models.CharField(blank=True, max_length=32)),
                ("kind", models.CharField(max_length=16)),
                ("about", models.CharField(blank=True, max_length=64)),
                ("happened_at", models.DateTimeField()),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                ("visibility", models.CharField(max_length=24)),
                ("body", models.BinaryField()),
                ("mark", models.BinaryField(max_length=32)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="casebook.client",
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casebook.definition",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="casebook.enrolment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casebook.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("author", models.UUIDField()),
                ("scope", models.UUIDField()),
                ("form", models.CharField(max_length=80)),
                ("about", models.CharField(blank=True, max_length=64)),
                ("body", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="casebook.enrolment"
                    ),
                ),
                (
                    "conflicts_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="casebook.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=64)),
                ("rule", models.CharField(max_length=8)),
                ("item", models.CharField(blank=True, max_length=60)),
                ("state", models.CharField(max_length=8)),
                ("answered_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("owner", models.UUIDField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="flags", to="casebook.enrolment"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="casebook.entry",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FlagStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("seen", "seen"),
                            ("handed_over", "handed_over"),
                            ("passed_on", "passed_on"),
                            ("outcome", "outcome"),
                        ],
                        max_length=12,
                    ),
                ),
                ("state", models.CharField(blank=True, max_length=8)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                ("to", models.UUIDField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("scope", models.UUIDField()),
                ("body", models.BinaryField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="flag_steps", to="casebook.enrolment"
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="casebook.flag"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.UUIDField(unique=True)),
                ("label", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("by", models.UUIDField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entry",
            name="group",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="casebook.group"
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="group",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="casebook.group"
            ),
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("target", models.UUIDField(db_index=True)),
                ("what", models.CharField(choices=[("retracted", "retracted"), ("ended", "ended")], max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
                ("scope", models.UUIDField()),
                ("why", models.BinaryField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="casebook.enrolment",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="casebook.group",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=60)),
                ("value", models.FloatField()),
                ("prorated", models.BooleanField(default=False)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="casebook.enrolment"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="casebook.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Thing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("goal", "goal"),
                            ("step", "step"),
                            ("event", "event"),
                            ("session", "session"),
                            ("decision", "decision"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(max_length=64)),
                ("seq", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="things",
                        to="casebook.enrolment",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="things",
                        to="casebook.group",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("own", "own"),
                            ("proxy", "proxy"),
                            ("assigned", "assigned"),
                            ("cover", "cover"),
                            ("group", "group"),
                            ("supervision", "supervision"),
                            ("emergency", "emergency"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ties", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ties", to="casebook.enrolment"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(fields=("organisation", "code"), name="client_code_once"),
        ),
        migrations.AddField(
            model_name="standing",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["enrolment", "author"], name="draft_by_author"),
        ),
        migrations.AddIndex(
            model_name="flag",
            index=models.Index(fields=["enrolment", "recorded_at"], name="flag_by_enrolment"),
        ),
        migrations.AddIndex(
            model_name="flagstep",
            index=models.Index(fields=["enrolment", "seq"], name="flag_step_by_enrolment"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("organisation", "label"), name="group_label_once"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["enrolment", "seq"], name="entry_by_enrolment"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["group", "seq"], name="entry_by_group"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("organisation", "label"), name="enrolment_label_once"),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(fields=("target", "what"), name="mark_once"),
        ),
        migrations.AddIndex(
            model_name="score",
            index=models.Index(fields=["enrolment", "form"], name="score_by_enrolment"),
        ),
        migrations.AddConstraint(
            model_name="thing",
            constraint=models.UniqueConstraint(fields=("enrolment", "kind", "label"), name="thing_once_in_enrolment"),
        ),
        migrations.AddConstraint(
            model_name="thing",
            constraint=models.UniqueConstraint(fields=("group", "kind", "label"), name="thing_once_in_group"),
        ),
        migrations.AddIndex(
            model_name="tie",
            index=models.Index(fields=["account", "enrolment"], name="tie_by_account"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["organisation", "need", "rank", "since"], name="standing_by_need"),
        ),
        append_only(
            "casebook_definition",
            "casebook_client",
            "casebook_group",
            "casebook_enrolment",
            "casebook_entry",
            "casebook_score",
            "casebook_mark",
            "casebook_thing",
            "casebook_flag",
            "casebook_flagstep",
        ),
    ]
