"""The app as Django knows it."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Settings of the app."""

    name = "openipt.post"
    label = "post"
    default_auto_field = "django.db.models.BigAutoField"
