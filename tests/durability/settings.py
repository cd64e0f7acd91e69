"""The smallest Django that has our databases: what the harness tries itself on."""

from __future__ import annotations

from openipt.site.home import database, home

SECRET_KEY = "of no use: nothing is signed here"  # noqa: S105
DATABASES = {"default": database(home().record, "DATABASE_URL"), "keys": database(home().keys, "KEYS_URL")}
INSTALLED_APPS: list[str] = []
USE_TZ = True
