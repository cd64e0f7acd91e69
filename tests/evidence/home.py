"""A real service in a home folder of its own: one therapist and many courses. Made once, then copied for each run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENTENCE = "a long sentence that nobody guesses"
SETTINGS = "openipt.site.settings"
Home = Callable[[], Path]  # a copy of the service, each time it is called
on_postgresql = bool(os.environ.get("DATABASE_URL"))


def make(courses: int) -> int:
    """Make the home that OPENIPT_HOME names: folder, secrets, tables, a service with open courses."""
    from openipt.accounts.making import make_organisation, make_staff
    from openipt.site.making import make_home, make_tables

    make_home(settings.HOME, BEGAN)
    make_tables()
    service = make_organisation(name="Clinic of the evidence", zone="UTC", by=None, at=BEGAN, synthetic=True)
    named = {"username": "therapist", "name": "Therapist", "email": "", "roles": ["therapist"], "password": SENTENCE}
    account = make_staff(organisation=service, by=None, at=BEGAN, **named)
    _keep({"account": str(account.id), "organisation": str(service.id), "courses": []})
    return begin(courses)


def begin(courses: int) -> int:
    """Begin more courses; return how many there are now."""
    from django.db import connections

    from openipt.casebook.operations.beginning import begin_course

    known = _known()
    for _ in range(courses):
        begun = begin_course(by=actor(), at=BEGAN, manual="ipt-classic", called="Robin", began_on=BEGAN.date(), age=34)
        known["courses"].append(begun.label)
    _keep(known)
    connections.close_all()  # so that the files are whole and can be copied
    return len(known["courses"])


def more() -> None:
    """Begin as many courses as MORE_COURSES says: a run of thousands must not fill a few courses beyond all measure."""
    begin(int(os.environ.get("MORE_COURSES", "0")))
    courses.cache_clear()


def actor() -> Any:
    """The therapist, as policy sees them."""
    from openipt.policy import Actor

    known = _known()
    return Actor(known["account"], known["organisation"], frozenset({"therapist"}))


@cache
def courses() -> list[str]:
    """The labels of all courses."""
    return list(_known()["courses"])


def minute(number: int) -> datetime:
    """The moment of an act: each has its own."""
    return BEGAN + timedelta(minutes=number)


def _file() -> Path:
    return Path(settings.HOME.path) / "evidence.json"


def _known() -> dict[str, Any]:
    return json.loads(_file().read_text())


def _keep(known: dict[str, Any]) -> None:
    _file().write_text(json.dumps(known))
