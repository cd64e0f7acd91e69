"""Where sign-ins are kept: in the database, shared by all workers; ended ones open nothing from the next request on."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from openipt.tables.asking import Question

_LIVE = Question(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))


class SessionStore(db.SessionStore):
    """Django's sessions, with a question that is written once."""

    def _get_session_from_db(self) -> Any:
        found = _LIVE.first(key=self.session_key, at=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
