"""Settings, in code. What differs between services lies in their home folder or in few environment variables."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from openipt.accounts.settings import *  # noqa: F403 - who signs in, and how, is said there
from openipt.accounts.settings import SIGN_IN_MIDDLEWARE
from openipt.site.home import database, home
from openipt.site.service_file import service_settings

PACKAGE = Path(__file__).resolve().parents[1]
HOME = home()
KEY_FILE = HOME.key_file

# Without a secret of its own a service is not set up: nothing outlasts this start, and site/checks.py refuses to serve.
SECRET_KEY = HOME.secret_file.read_text().strip() if HOME.secret_file.is_file() else secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("OPENIPT_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "openipt.audit",
    "openipt.accounts",
    "openipt.casebook.sealing",
    "openipt.casebook",
    "openipt.post",
    "openipt.rooms.ui",
    "openipt.rooms.filling",
    "openipt.rooms.workspace",
    "openipt.rooms.programme",
    "openipt.rooms.portal",
    "allauth",  # below our rooms: our own sign-in pages stand before its
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "openipt.rooms.portal.hall.quiet.QuietRefusals",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    *SIGN_IN_MIDDLEWARE,
    "openipt.rooms.portal.caregiver.only_near.OnlyNear",
    "openipt.rooms.ui.doors.Doors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "openipt.site.urls"
WSGI_APPLICATION = "openipt.site.wsgi.application"

# Two stores: the record, and the keys that make it readable, with a backup life of their own (RULINGS 13).
DATABASES = {"default": database(HOME.record, "DATABASE_URL"), "keys": database(HOME.keys, "KEYS_URL")}
DATABASE_ROUTERS = ["openipt.site.stores.Stores"]
TEMPLATES = [
    {
        "BACKEND": "openipt.rooms.ui.pages.Pages",
        "OPTIONS": {
            "loaders": [
                ("openipt.rooms.ui.looking_up.Loader", ["django.template.loaders.app_directories.Loader"]),
            ],
            "builtins": ["openipt.rooms.ui.templatetags.words", "openipt.rooms.ui.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "openipt.rooms.ui.frame.frame",
            ],
        },
    }
]
# The longest sheet (a talk of sixty lines) has about 1,800 fields; five megabytes of text are nobody's answer.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
CSRF_FAILURE_VIEW = "openipt.rooms.filling.refusals.page_too_old"  # it gives back what was typed

STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "openipt.rooms.ui.static_files.StaticFiles"}}
STATICFILES_DIRS = [("pictures", PACKAGE / "pictures")]
WHITENOISE_USE_FINDERS = True  # static files are served from the package, nothing is collected
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "media-src": ["'self'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# Logs hold what happened, never a client's words: only warnings of the framework go to the terminal.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "openipt.site.log_lines.WithoutMessages", "format": "{levelname} {message}", "style": "{"}
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django.request": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}

globals().update(service_settings(HOME))  # mail, and the address people reach the service at
