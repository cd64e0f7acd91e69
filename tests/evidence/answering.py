"""Clients who answer about danger from their phones, on every way there is, on lines that break.

`planned` says what is sent: from the two numbers of an answer everything follows, so that it can be sent again after
any crash, and found again by whoever looks afterwards. `send` sends it until it is acknowledged.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from evidence.crashing import crash_at
from evidence.home import BEGAN, actor

from openipt.casebook.operations.by_link import answer_by_link
from openipt.casebook.operations.defining import sha_of
from openipt.casebook.operations.saving import SameIdOtherBody, save_entry
from openipt.casebook.operations.started import Begun, hand_in, keep_answers
from openipt.policy import Actor, kind_of, may
from openipt.post.reminding.mailing import reminder_of, token_of
from openipt.therapy.course import derived_flags, standing
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Entry, Record

SPACE = uuid.UUID("7c1de1c5-2a0e-4f0e-8c0b-0b8f7e2a9d44")
CALM = {f"q{item}": 1 for item in range(1, 9)}
DAYS = [{"date": f"2026-02-{day:02d}"} for day in range(20, 25)]
BETWEEN = timedelta(minutes=13)  # two answers: they fall on every hour of the day and every day of the week
YOUNG = 16
WAYS = ("screens", "whole", "tell", "contact", "way_back", "diary", "appointment", "core", "link", "link_core", "other")


@dataclass(frozen=True)
class Planned:
    """One answer: who sends it, on which way, what it says, and when it is sent and sent again."""

    way: str
    course: dict[str, Any]
    form: str
    answers: dict[str, Any]
    id: uuid.UUID
    said_at: datetime  # on the clock of the phone
    sent_at: tuple[datetime, ...]
    breaks: float  # where: 0 before the first step, 1 after the last

    @property
    def by(self) -> Actor:
        """The client."""
        return Actor(
            self.course["account"], self.course["organisation"], frozenset({"client"}), client=self.course["client"]
        )


def planned(worker: int, number: int) -> Planned:
    """Return what one answer is: always the same for the same numbers."""
    chance = random.Random(f"{worker}/{number}")
    way = WAYS[(number + worker) % len(WAYS)]
    courses = known_courses()
    sent = BEGAN + BETWEEN * (number + 1) + timedelta(seconds=worker)
    again = sent + timedelta(minutes=chance.choice((1, 7, 55, 60 * 3, 60 * 26)))
    early = way in ("tell", "contact", "way_back", "diary", "appointment", "other")  # a phone says when it was
    form, answers = _said(way, chance)
    return Planned(
        way,
        courses[(number * 7 + worker * 3) % len(courses)],
        form,
        answers,
        uuid.uuid5(SPACE, f"{worker}/{number}"),
        sent - timedelta(hours=chance.choice((0, 1, 9, 30, 71))) if early else sent,
        (sent, again),
        chance.random(),
    )


def _said(way: str, chance: random.Random) -> tuple[str, dict[str, Any]]:
    number = chance.randint(1, 3)
    return {
        "screens": ("phq-9", CALM | {"q9": number}),
        "whole": ("phq-9", CALM | {"q9": number}),
        "other": ("phq-9", CALM | {"q9": number}),
        "link": ("phq-9", CALM | {"q9": number, "q10": 1}),
        "core": ("core-10", {"q1": 1, "q6": number}),
        "link_core": ("core-10", {"q1": 1, "q6": number}),
        "tell": ("tell-therapist", {"asks_for": "help_now"}),
        "contact": ("tell-therapist", {"asks_for": "contact", "words": f"Please ring, number {number}."}),
        "way_back": ("way-back", {"asks_for": "talk_once", "signs": True}),
        "diary": ("rhythm-diary", {"less_sleep_more_energy": True, "days": DAYS}),
        "appointment": ("appointment-answer", {"session_at": "2026-03-09T10:00", "answer": "not_coming"}),
    }[way]


def send(worker: int, number: int) -> str:
    """Send one answer until it is acknowledged; each thing it asks for breaks once. Return what was acknowledged."""
    one = planned(worker, number)
    first, again = one.sent_at
    names = []
    for act in _acts(one):
        at_step = max(1, round(one.breaks * (_steps_of(one, act) + 1)))
        crash_at(at_step, lambda act=act: act(first))
        names.append(act(again))
    return f"{worker}/{number} {' '.join(map(str, names))}"


def send_once(worker: int, number: int) -> str:
    """Send one answer on a line that holds: it is the sender who is killed. Return what was acknowledged."""
    one = planned(worker, number)
    return f"{worker}/{number} {' '.join(str(act(one.sent_at[0])) for act in _acts(one))}"


_measured: dict[tuple[str, str], int] = {}


def _steps_of(one: Planned, act: Any) -> int:
    """Return how many steps an act of this kind takes; the first of its kind is sent whole, and counted."""
    key = (one.way, act.__name__)
    if key not in _measured:
        _, _measured[key] = crash_at(None, lambda: act(one.sent_at[0]))
    return _measured[key]


def _acts(one: Planned) -> Iterator[Any]:
    """Yield what the phone asks for, one after the other; each can be asked for twice."""
    how: dict[str, Any] = {"by": one.by, "enrolment": one.course["label"], "form": one.form}
    begun = Begun(one.id, one.answers)
    rest = Begun(uuid.uuid5(one.id, "rest"), one.answers | {"q10": 2}, (), one.id, {"q9": one.answers.get("q9")})

    def answer(at: datetime) -> uuid.UUID:  # the screen with the question about danger
        kept = keep_answers(**how, at=at, sheet=begun, zone="UTC")
        return kept.replaces or one.id

    def last(at: datetime) -> uuid.UUID:  # the screen after it
        return hand_in(**how, at=at, sheet=rest, zone="UTC").id

    def sheet(at: datetime) -> uuid.UUID:
        return save_entry(**how, at=at, answers=one.answers, id=one.id, happened_at=one.said_at).id

    def calm(at: datetime) -> uuid.UUID:  # from another tab of the same page, with nothing about danger
        return save_entry(**how, at=at, answers=one.answers | {"q9": 0}, id=one.id, happened_at=one.said_at).id

    def beside(at: datetime) -> uuid.UUID:  # told "both are kept"
        try:
            return sheet(at)
        except SameIdOtherBody as both:
            return both.draft

    def link(at: datetime) -> uuid.UUID:
        name = reminder_of(token_of(one.id))
        course = uuid.UUID(one.course["enrolment"])
        return answer_by_link(at=at, enrolment=course, link=name, form=one.form, answers=one.answers, zone="UTC").id

    on_screens, by_link = (answer,), (link,)
    known = {
        "screens": on_screens,
        "core": on_screens,
        "whole": (answer, last),
        "link": by_link,
        "link_core": by_link,
        "other": (calm, beside),
    }
    yield from known.get(one.way, (sheet,))


# ---- the clients


def _file() -> Path:
    return Path(settings.HOME.path) / "answering.json"


@cache
def known_courses() -> list[dict[str, Any]]:
    """The courses whose clients answer."""
    return json.loads(_file().read_text())


def begin(courses: int) -> None:
    """Begin courses, each with a client who has a phone; every fourth is young."""
    from openipt.casebook.operations.beginning import begin_course
    from openipt.casebook.operations.inviting import invite

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = []
    for n in range(courses):
        age = YOUNG if n % 4 == 3 else 34
        begun = begin_course(by=actor(), at=BEGAN, manual="ipt-classic", called="Robin", began_on=BEGAN.date(), age=age)
        access = invite(by=actor(), at=BEGAN, enrolment=begun.label)
        made.append(
            {
                "label": begun.label,
                "enrolment": str(begun.id),
                "client": str(begun.client_id),
                "organisation": str(begun.organisation_id),
                "account": str(access.account.id),
                "age": age,
            }
        )
    _file().write_text(json.dumps(made))


def _warm_up() -> None:
    """Do in memory what saving does, so that a child is at work within milliseconds. No database is opened."""
    manual = open_manual("ipt-classic")
    for number in range(len(WAYS)):
        form_id, answers = _said(WAYS[number], random.Random(1))
        form = open_form(form_id)
        one = Entry("1", form.id, BEGAN, BEGAN, answers)
        known = Record("K-1", "1", manual.id, manual.version, began_on=BEGAN.date(), entries=(one,))
        standing(manual, known, BEGAN.date())
        derived_flags(manual, known, BEGAN.date())
        may(Actor("1", "1", frozenset({"client"})), {"own"}, kind_of(form.id, form.kind, form.visibility), "write")
        sha_of(form)
    ZoneInfo("UTC")
    import_module("cryptography.hazmat.primitives.ciphers.aead")
    connection.ops.compiler("SQLCompiler")


_warm_up()
