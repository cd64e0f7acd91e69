"""The app as Django knows it. Its one table lives in the key store, a database of its own."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class SealingConfig(AppConfig):
    """Settings of the app."""

    name = "openipt.casebook.sealing"
    label = "sealing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check of the key file for those who ask for it."""
        from openipt.casebook.sealing.checks import TAG, key_file_is_fit

        # As a check of a running service ("deploy"), else every `manage check` would need a key.
        register(key_file_is_fit, TAG, deploy=True)
