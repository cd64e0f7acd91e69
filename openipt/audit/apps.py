"""The app as Django knows it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Settings of the app."""

    name = "openipt.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
