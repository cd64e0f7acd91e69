"""Settings of the read-only pages: no database, no sign-in, this machine only."""

from __future__ import annotations

import secrets
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

# Nothing is signed or remembered between two starts, so the key is made anew each time.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # any other name is answered with 400: loopback only

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "openipt.rooms.ui",
    "openipt.rooms.filling",
    "openipt.rooms.workspace",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "openipt.site.urls"
WSGI_APPLICATION = "openipt.site.wsgi.application"
DATABASES: dict[str, dict[str, str]] = {}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"builtins": ["openipt.rooms.ui.templatetags.words"]},
    }
]
STATIC_URL = "/static/"
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
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# Logs hold what happened, never a client's words: only warnings of the framework go to the terminal.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django.request": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
