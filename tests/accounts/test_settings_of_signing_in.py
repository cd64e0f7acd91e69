"""The settings of signing in, on this machine and behind TLS; and that they are in force."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from django.core import checks
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_resolver, reverse

import openipt.accounts
from openipt.accounts import settings as ours
from openipt.accounts.checks import our_pages_come_first, settings_are_taken
from openipt.accounts.doors import DOORS
from openipt.accounts.urls import urlpatterns

FILE = Path(ours.__file__)
PAGES = sorted(
    f"{folder}/{file.relative_to(root / folder)}"
    for root in [Path(openipt.accounts.__file__).parents[1] / "rooms/ui/templates"]
    for folder in ("account", "mfa", "usersessions")
    for file in (root / folder).rglob("*.*")
)


def as_read(monkeypatch, **environment: str) -> dict[str, object]:
    for name in ("OPENIPT_LOOPBACK", "OPENIPT_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(FILE))


def test_behind_tls_no_cookie_leaves_without_it_and_no_other_host_can_set_one(monkeypatch):
    read = as_read(monkeypatch)

    assert read["SESSION_COOKIE_SECURE"]
    assert read["CSRF_COOKIE_SECURE"]
    assert read["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert read["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert read["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"
    assert not read["LOOPBACK_ONLY"]


def test_on_this_machine_only_there_is_no_tls_to_wait_for(monkeypatch):
    read = as_read(monkeypatch, OPENIPT_LOOPBACK="1")

    assert not read["SESSION_COOKIE_SECURE"]
    assert not read["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert read["LOOPBACK_ONLY"]


def test_no_forwarded_header_is_believed_unless_the_service_has_a_proxy(monkeypatch):
    alone, behind = as_read(monkeypatch), as_read(monkeypatch, OPENIPT_PROXIES="1")

    assert alone["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert "SECURE_PROXY_SSL_HEADER" not in alone
    assert behind["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("name", sorted(name for name in vars(ours) if name.isupper() and name != "PASSWORD_HASHERS"))
def test_each_of_them_is_in_force(settings, name):
    assert getattr(settings, name) == getattr(ours, name)


def test_the_checks_before_the_start_find_nothing_to_say(settings):
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS

    assert [one for one in checks.run_checks() if (one.id or "").startswith(("accounts.", "account."))] == []


def test_the_checks_before_the_start_name_what_is_wrong(settings, monkeypatch):
    settings.MIDDLEWARE = []
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("openipt.accounts.checks.get_template", lambda _page: get_template("allauth/layouts/base.html"))

    assert {one.id for one in settings_are_taken()} == {"accounts.E002", "accounts.E003"}
    assert [one.id for one in our_pages_come_first()] == ["accounts.E001"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_ours_and_can_be_read(page):
    assert "openipt" in Path(get_template(page).origin.name).parts


def test_every_address_of_signing_in_has_a_door_with_a_reason():
    named = {one.name for one in urlpatterns}

    assert named == set(DOORS)
    assert all(one.callback.door.is_open and one.callback.door.why for one in urlpatterns)


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_request_login_code", "socialaccount_connections", "mfa_trust"]
)
def test_what_is_not_used_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("address", ["signup/", "sign-in/signup/", "accounts/signup/", "admin/", "sign-in/email/"])
def test_there_is_no_way_to_sign_up(client, db, address):
    assert client.get(f"/{address}", HTTP_HOST="localhost").status_code == 404


def test_no_superuser_and_no_admin_exist(settings):
    from openipt.accounts.models import Account

    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not hasattr(Account, "is_superuser")
    assert not hasattr(Account, "has_perm")
    assert not [one for one in get_resolver().url_patterns if "admin" in str(one.pattern)]
