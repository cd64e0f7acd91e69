"""The app as Django knows it."""

from django.apps import AppConfig


class CasebookConfig(AppConfig):
    """Settings of the app."""

    name = "openipt.casebook"
    label = "casebook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the shelf ask the casebook for definitions that were used and are gone."""
        from openipt.casebook.queries.definitions import kept_text
        from openipt.therapy.shelf import also_ask

        also_ask(kept_text)
