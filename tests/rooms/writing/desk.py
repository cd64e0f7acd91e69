"""What the pages of a session are sent, and what they say."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Enrolment, Flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record

DAY = timedelta(days=1)
IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}
NEVER = re.compile(r"high risk|low risk|medium risk|no risk|risk level|\bfailed\b", re.IGNORECASE)
BACKEND = "openipt.accounts.backend.Backend"


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 30 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def signed_in(service: Service, name: str, **more) -> Client:
    client = Client(HTTP_HOST="localhost", **more)
    client.force_login(service.account(name), backend=BACKEND)
    return client


@pytest.fixture
def course(service: Service, browser: Client) -> Enrolment:
    return service.begin()


def sessions_of(course: Enrolment):
    return record(course).sessions


def today() -> str:
    return f"{timezone.now():%Y-%m-%d}"


def a_session(**more) -> dict[str, str]:
    """What the page to begin a session sends."""
    now = timezone.now()
    moment = max(now - timedelta(minutes=50), now.replace(hour=0, minute=0))  # of today, also after midnight
    when = {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}
    return {"_id": str(uuid4()), **when, "kind": "attended", "minutes": "50", "modality": "in_person", **more}


def begun(browser: Client, course: Enrolment, **more) -> str:
    """A session that was begun on its page; its label."""
    answer = browser.post(f"/courses/{course.label}/sessions/new/", a_session(**more))
    assert answer.status_code == 302, answer.content.decode()
    return sessions_of(course)[-1].id


def a_card(**more) -> dict[str, object]:
    """What the After card sends."""
    return {
        "_id": str(uuid4()),
        "_replaces": "",
        "mood": "4",
        "mood_event_link": "Mood 4; the quarrel on Wednesday.",
        "tasks": ["INI.01", "INI.14"],
        "techniques": ["T_AFFECT"],
        "feelings": ["anger"],
        "safety_asked": "yes",
        "_step_text": "Ask Lena to come on Sunday",
        "next_date.day": "2026-11-30",
        "next_date.time": "17:00",
        "_then": "",
        **more,
    }


def text_of(answer) -> str:
    page = re.sub(r"<(style|script)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def a_client(**more) -> dict[str, str]:
    return {"_id": str(uuid4()), "called": "Robin", "age": "34", "pronouns": "she/her", "began_on": today()} | {
        "manual": "ipt-classic",
        "_do": "begin",
        **more,
    }


def actor(course: Enrolment):
    from openipt.accounts.actors import actor_of
    from openipt.accounts.models import Account

    return actor_of(Account.objects.get(name="T-01"), timezone.now())


@pytest.fixture
def flag(service: Service, course: Enrolment) -> Flag:
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="phq-9", answers=IN_DANGER)
    return Flag.objects.get()


def outcome(**more) -> dict[str, str]:
    return {"_id": str(uuid4()), "words": "Asked alone. No plan, no intent.", "what": "closed", **more}
