"""What a service expects of its courses, for the records of those courses: asked once, then known to this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from openipt.accounts.models import Organisation
from openipt.casebook import models
from openipt.therapy.record import ExpectedCourse

NEWEST = "expected"  # in what a service promises: the id of its newest estimate; rows themselves never change

ByManual = Mapping[str, tuple[ExpectedCourse, ...]]

_known: dict[UUID, tuple[str, ByManual]] = {}  # organisation -> its newest estimate, and all up to it


def expected_of(organisation: Organisation, manual: str) -> tuple[ExpectedCourse, ...]:
    """Return every estimate for a manual, in the order they were learned; nothing where none ever was.

    Asks the store only where the service has learned something since this process asked last.
    """
    newest = organisation.promise.get(NEWEST)
    if not newest:
        return ()
    known = _known.get(organisation.id)
    if known is None or known[0] != newest:
        known = _known[organisation.id] = (newest, _asked(organisation.id))
    return known[1].get(manual, ())


def _asked(organisation: UUID) -> ByManual:
    found: dict[str, tuple[ExpectedCourse, ...]] = {}
    for row in models.ExpectedCourse.objects.filter(organisation=organisation).order_by("learned_at", "id"):
        found[row.manual] = (*found.get(row.manual, ()), _fact(row))
    return found


def _fact(row: models.ExpectedCourse) -> ExpectedCourse:
    body: dict[str, Any] = json.loads(row.body)
    return ExpectedCourse(row.form, row.version, row.since, row.courses, body)
