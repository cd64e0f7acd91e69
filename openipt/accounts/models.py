"""Who is who. An account signs in; a membership says what it may be, from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from openipt.accounts.names import plain


class MarkedForGoodError(ValueError):
    """Whether a database holds invented people only is decided once, when its first service is made."""


class Organisations(models.QuerySet["Organisation"]):
    """Services; the mark that says their people are invented cannot be changed in bulk either."""

    def update(self, **changes: Any) -> int:
        """Change rows, but never the mark."""
        if "synthetic" in changes:
            raise MarkedForGoodError("synthetic was set when the service was made; make another database instead")
        return super().update(**changes)


class Organisation(models.Model):
    """A service: a clinic, a practice of one, a programme."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")  # IANA name; days and deadlines are counted in it
    solo = models.BooleanField(default=False)  # one clinician: a delay and a reason stand for a second person
    synthetic = models.BooleanField(default=False)  # invented people only; decided once, when it is made
    promise = models.JSONField(default=dict)  # "what we can promise": hours, who answers, within how long
    created_at = models.DateTimeField()

    objects = Organisations.as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the service, unless that would mix invented people with real ones."""
        if Organisation.objects.filter(synthetic=not self.synthetic).exists():
            raise MarkedForGoodError("a database holds invented people only, or none, for good: make another database")
        super().save(*args, **kwargs)


class Accounts(BaseUserManager["Account"]):
    """Makes and finds accounts."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return an account by its sign-in name, however it was typed: "Quiet River 47" is quiet-river-47."""
        return self.get(username=plain(username or ""))


class Account(AbstractBaseUser):
    """Somebody who signs in. Staff have an e-mail address; a client has a name and code given by the clinic."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=64, unique=True)  # in its plain form (names.plain)
    name = models.CharField(max_length=120, blank=True)  # of staff, as clients and colleagues see it; empty for clients
    email = models.EmailField(blank=True)  # of staff only: a client's address is sealed in the casebook
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="accounts")
    client = models.UUIDField(null=True, blank=True, unique=True)  # whose record it is, where the account is a client's
    proxy_of = models.UUIDField(null=True, blank=True)  # of a caregiver: the client whose list they see
    is_active = models.BooleanField(default=True)
    lock = models.CharField(max_length=128, blank=True, default="")  # the PIN of a client's room, hashed; empty: none
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = Accounts()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("username"), name="sign_in_name_once"),
            models.CheckConstraint(
                condition=models.Q(client=None) | models.Q(name="", email=""), name="client_account_tells_nobody"
            ),
            models.CheckConstraint(
                condition=models.Q(proxy_of=None) | models.Q(client=None, name="", email=""),
                name="caregiver_account_tells_nobody",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)  # never a name: this is what reaches a log

    @property
    def is_client(self) -> bool:
        """Whether a client signs in with it."""
        return self.client is not None

    @property
    def is_caregiver(self) -> bool:
        """Whether a caregiver signs in with it, to see what stands on a list and nothing else."""
        return self.proxy_of is not None

    @property
    def is_of_staff(self) -> bool:
        """Whether somebody who works here signs in with it."""
        return self.client is None and self.proxy_of is None


class Memberships(models.QuerySet["Membership"]):
    """Roles, live or ended."""

    def live(self, at: datetime) -> Self:
        """Return the roles held at a moment: from `since`, up to but not at `until`."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=at), since__lte=at)


class Membership(models.Model):
    """A role in a service, from a moment to a moment. Access ends with it, at the next request."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24)  # a role of policy/table.yaml
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = Memberships.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="role_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class Slip(models.Model):
    """A printed slip with a one-time code, by which somebody chooses a secret of their own. Only a hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="slips")
    code = models.CharField(max_length=128)  # hashed like a password
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # a newer slip was given out, or access was ended

    def __str__(self) -> str:
        return str(self.id)


import openipt.accounts.changes  # noqa: E402 - its tables belong to this app too
import openipt.accounts.devices  # noqa: E402, F401
