"""Settings of signing in. `openipt/site/settings.py` takes all of them: `from openipt.accounts.settings import *`."""

from __future__ import annotations

import os
from datetime import timedelta

# `openipt serve` says so when it binds to this machine only. Everywhere else there is TLS, or nobody can sign in.
LOOPBACK_ONLY = os.environ.get("OPENIPT_LOOPBACK") == "1"
# Proxies of the service's own in front of it. Without this number no forwarded address is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("OPENIPT_PROXIES", "0"))
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# In this order, after sessions and the check against forged forms (CsrfViewMiddleware).
SIGN_IN_MIDDLEWARE = [
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openipt.accounts.quiet.NeverStored",
    "openipt.accounts.idle.IdleSignOut",
    "openipt.accounts.current.CurrentActor",
    "openipt.accounts.second_factor.SecondFactorFirst",
]
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["openipt.accounts.backend.Backend"]
SESSION_ENGINE = "openipt.accounts.sessions"
PASSWORD_HASHERS = ["openipt.accounts.hashing.Hasher"]
PASSWORD_RESET_TIMEOUT = 60 * 60  # a link by mail; whoever comes later asks for another
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# A cookie that no other host of the domain can set, never sent without TLS, never read by a script.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOOPBACK_ONLY
SESSION_COOKIE_NAME = "openipt" if LOOPBACK_ONLY else "__Host-openipt"
CSRF_COOKIE_NAME = "openipt-form" if LOOPBACK_ONLY else "__Host-openipt-form"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SIGN_IN_IDLE = timedelta(minutes=30)  # without a request; then somebody else may sit there
SIGN_IN_LONGEST = timedelta(hours=12)  # a working day; then the password again
SESSION_COOKIE_AGE = int(SIGN_IN_LONGEST.total_seconds())

# Shared by all workers: a limit that each worker counts for itself is no limit. Many rows, so that nobody pushes the
# count of wrong passwords out of the table by trying many names.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ACCOUNT_ADAPTER = "openipt.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # there is no such page; allauth asks which fields exist
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by the administrator, never by whoever signs up
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the sign-in that changed it stays, all others end (Django's session hash)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOOPBACK_ONLY else "https"
# Five wrong passwords for one name in five minutes, then a wait until the oldest is five minutes old: slow for a
# guesser, and never more than five minutes for the person whose name it is. Ten a minute from one address.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "redeem_code": "10/m/ip,5/5m/key",
    "unlock": "5/5m/key,20/d/key",
    "link": "60/m/ip",
    "login": "30/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "openipt.accounts.forms.SignInForm",
    "reauthenticate": "openipt.accounts.forms.AgainForm",
    "change_password": "openipt.accounts.forms.ChangePasswordForm",
    "reset_password": "openipt.accounts.forms.ForgottenForm",
    "reset_password_from_key": "openipt.accounts.forms.NewPasswordForm",
}

MFA_ADAPTER = "openipt.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OpenIPT"
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: telephones' clocks
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # see ACCOUNT_EMAIL_VERIFICATION
MFA_FORMS = {
    "authenticate": "openipt.accounts.forms.CodeForm",
    "reauthenticate": "openipt.accounts.forms.CodeAgainForm",
    "activate_totp": "openipt.accounts.forms.SetUpForm",
    "deactivate_totp": "openipt.accounts.forms.TakeOffForm",
}
