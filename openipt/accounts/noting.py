"""What was done to accounts is in the audit: the same transaction, or it did not happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from openipt.accounts.models import Account
from openipt.audit.writing import wrote

ITSELF = "service"  # acts of the service itself: set-up, and people before they are known


def note(act: str, *, account: Account, by: str, at: datetime, rows: Sequence[Model] = (), why: str = "") -> None:
    """Write one act about an account into the audit, inside the caller's transaction.

    Args:
        act: The name of the act, as `noun.verb` (`account.make`, `sign-in.begin`).
        account: Whom it is about; a client's own acts stand in the client's chain, and
            a caregiver's in that of the young person, marked as such.
        by: The id of the account that acts, or ITSELF.
        at: The server's time.
        rows: What was written. An account's own row is never among them: it holds the password's hash and the last
            sign-in, changes with each, and says nothing the memberships and slips do not.
        why: The code of a reason (`left`, `lost-telephone`); never words.
    """
    wrote(
        act=f"caregiver-{act}" if account.is_caregiver else act,
        by=by,
        at=at,
        organisation=str(account.organisation_id),
        client=str(whose) if (whose := account.client or account.proxy_of) else None,
        rows=rows,
        why=why,
    )
