"""Courses under way, for tests of deciding and ending: sessions held, scores answered, somebody signed in."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from casebooks import Service
from django.test import Client

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.sessions import hold_session

DAY = timedelta(days=1)
BACKEND = "openipt.accounts.backend.Backend"


def signed_in(service: Service, name: str, roles: Collection[str] = ("therapist",)) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account(name, roles), backend=BACKEND)
    return client


def with_scores(service: Service, *totals: int) -> Enrolment:
    """A course with a session and a score a week, from the service's day on."""
    course = service.begin()
    by = service.actor()
    for n, total in enumerate(totals, 1):
        at = service.at + timedelta(days=7 * (n - 1), hours=1)
        how = {"by": by, "at": at, "enrolment": course.label, "happened_at": at}
        save_entry(**how, form="phq-9", kind="total_only", total=total, answers={})
        hold_session(**how, number=n, kind="attended", id=uuid4())
    return course


def text_of(answer) -> str:
    page = re.sub(r"<(style|script)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&amp;", "&").replace("&#x27;", "'")
