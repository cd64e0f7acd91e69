"""What the frame of every page says: whether the people in these records are invented."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from openipt.accounts.models import Organisation

_invented: dict[UUID, bool] = {}  # decided once, when a service is made: asked once per process


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what page.html needs beside what its view gives it."""
    user = getattr(request, "user", None)
    return {"invented": bool(user and user.is_authenticated and invented(user.organisation_id))}


def invented(organisation: UUID) -> bool:
    """Whether a service holds invented people only."""
    if organisation not in _invented:
        _invented[organisation] = Organisation.objects.values_list("synthetic", flat=True).get(id=organisation)
    return _invented[organisation]
