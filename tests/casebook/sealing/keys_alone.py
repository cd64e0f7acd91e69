"""Settings with the key store and nothing else: for processes that are killed, and while other floors are rebuilt."""

from __future__ import annotations

import os
from pathlib import Path

from openipt.site.home import database

HOME = Path(os.environ.get("KEYS_ALONE_HOME", "."))
KEY_FILE = HOME / "openipt.key"
SECRET_KEY = "nothing is signed here"  # noqa: S105
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "openipt.casebook.sealing"]
DATABASES = {
    "default": database(HOME / "record.sqlite3", "DATABASE_URL"),
    "keys": database(HOME / "keys.sqlite3", "KEYS_URL"),
}
DATABASE_ROUTERS = ["openipt.site.stores.Stores"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
