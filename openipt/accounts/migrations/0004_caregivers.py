"""Accounts of caregivers: whose list they see, and nothing that tells who they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds them."""

    dependencies = [("accounts", "0003_locks_and_devices")]

    operations = [
        migrations.AddField(model_name="account", name="proxy_of", field=models.UUIDField(blank=True, null=True)),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("proxy_of", None)) | models.Q(("client", None), ("email", ""), ("name", "")),
                name="caregiver_account_tells_nobody",
            ),
        ),
    ]
