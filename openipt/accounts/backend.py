"""Who signed in, looked up with every request: asked of the database each time, so that nothing outlives its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from openipt.accounts.models import Account
from openipt.tables.asking import Question

_ACCOUNT = Question(lambda account: Account.objects.filter(id=account))


class Backend(AuthenticationBackend):
    """Allauth's way of signing in, with a question that is written once."""

    def get_user(self, user_id: Any) -> Account | None:
        """Return the account of a sign-in; None where it is gone or may sign in no longer."""
        account: Account | None = _ACCOUNT.first(account=user_id if isinstance(user_id, UUID) else UUID(str(user_id)))
        return account if account is not None and self.user_can_authenticate(account) else None
