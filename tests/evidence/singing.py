"""Plants canaries through the real operations of a service on disk, makes errors happen, and listens everywhere."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from durability.fresh import named
from evidence import canaries
from evidence.canaries import SONG, canary, found_in, found_in_files
from evidence.home import BEGAN, SENTENCE, actor

from openipt.audit import append_only
from openipt.casebook.models import Draft, Enrolment, Entry, Flag, FlagStep, Mark
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.beginning import begin_course, move_course, take_charge
from openipt.casebook.operations.changing import retract
from openipt.casebook.operations.flagging import answer_flag, hand_over_flag, see_flag
from openipt.casebook.operations.saving import Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.facts import SHEETS
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.sealing import read_key_file
from openipt.exchange.backup.making import make_backup
from openipt.policy import Actor
from openipt.rooms.workspace import views
from openipt.therapy.forms import form_ids, open_form

LOG = "what-was-logged.txt"
LATER = BEGAN + timedelta(hours=1)


@dataclass
class Heard:
    """What was planted and could be read back, and where else a canary sang: those lists must be empty."""

    planted: int = 0
    read: int = 0
    forms: int = 0
    files: dict[str, list[str]] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)
    cache: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)


def run(least: int, weaken: str | None = None) -> dict[str, Any]:
    """Plant at least so many canaries in the service that OPENIPT_HOME names; return what was heard where."""
    home = Path(settings.HOME.path)
    tempfile.tempdir = str(home)
    named(weaken)()
    heard = Heard()
    with _all_that_is_said(home / LOG):
        everybody = _with_every_role()
        while len(canaries.planted) < least:
            heard.forms = _a_life_full_of_canaries(everybody)
        _look_at_it(heard)
        _break_things(heard)
        _begin(everybody)  # so that the write-ahead log, which is emptied now and then, holds some
        heard.looked_at = sorted(path.name for path in home.iterdir() if path.stat().st_size)
        heard.files = found_in_files(home)  # while the write-ahead log is still there
        _listen_to_sessions_and_cache(heard)
        heard.planted, heard.read = len(canaries.planted), len(_read_back()) if weaken is None else 0
        backups = _backup_of(home)
        heard.looked_at += sorted({path.suffix for path in backups.iterdir()})
    connections.close_all()
    for file, spellings in [*found_in_files(home).items(), *found_in_files(backups).items()]:
        heard.files[file] = sorted({*heard.files.get(file, []), *spellings})
    return asdict(heard)


@contextmanager
def _all_that_is_said(file: Path) -> Iterator[None]:
    """Let everything that is logged, warned of or printed as an error go into one file."""
    sys.stderr.flush()
    kept, out = os.dup(2), os.open(file, os.O_WRONLY | os.O_CREAT)
    os.dup2(out, 2)
    handler = logging.StreamHandler(os.fdopen(os.dup(2), "w"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        yield
    finally:
        sys.stderr.flush()
        handler.flush()
        os.dup2(kept, 2)


# ---- planting


def _with_every_role() -> Actor:
    """The therapist, who is a facilitator and a supervisor too: so that no sheet stays unwritten."""
    one = actor()
    return Actor(one.id, one.organisation, frozenset({"therapist", "facilitator", "supervisor"}))


def _a_life_full_of_canaries(by: Actor) -> int:
    course = _begin(by)
    for kind in ("group", "supervision"):
        take_charge(course, uuid.UUID(by.id), kind, BEGAN)
    how = {"by": by, "at": LATER, "enrolment": course.label}
    written = sum(_write(how, form) for form in form_ids() if form not in SHEETS)  # those hold ids of manuals and days
    move_course(**how, manual="ipt-b", why=canary())
    _flags_and_retractions(how, course)
    _drafts(how)
    return written


def _begin(by: Actor) -> Enrolment:
    return begin_course(by=by, at=BEGAN, manual="ipt-classic", called=canary(), began_on=BEGAN.date(), age=34)


def _write(how: dict[str, Any], name: str) -> bool:
    """Fill in one form, all in canaries; what nobody here may write is not counted as planted."""
    before = len(canaries.planted)
    said = canaries.answers_full_of_canaries(open_form(name))
    if said:
        with suppress(NotAllowed):
            save_entry(**how, form=name, answers=said)
            return True
    del canaries.planted[before:]
    return False


def _flags_and_retractions(how: dict[str, Any], course: Enrolment) -> None:
    by, at = how["by"], how["at"]
    danger = {f"q{n}": 1 for n in range(1, 10)}
    wrong = save_entry(**how, form="phq-9", answers=danger)
    retract(by=by, at=at, entry=wrong.id, why=canary())
    save_entry(**how, form="phq-9", answers=danger | {"q9": 3})
    flag = Flag.objects.filter(enrolment=course, rule="R2").latest("recorded_at").id
    see_flag(by=by, at=at, flag=flag)
    hand_over_flag(by=by, at=at, flag=flag, to=uuid.UUID(by.id), words=canary(), due_at=at)
    answer_flag(
        by=by, at=at, flag=flag, words=canary(), closes=True, no_conversation=f"{canary()} {canary()} at once, twice."
    )


def _drafts(how: dict[str, Any]) -> None:
    """Save what collides with something: it waits as a draft."""
    same = uuid.uuid4()
    first = save_entry(**how, id=same, form="formulation", answers={"link_statement": canary()})
    with suppress(SameIdOtherBody):
        save_entry(**how, id=same, form="formulation", answers={"link_statement": canary()})
    save_entry(**how, form="formulation", answers={"link_statement": canary()}, replaces=first.id)
    with suppress(Replaced):
        save_entry(**how, form="formulation", answers={"link_statement": canary()}, replaces=first.id)


# ---- looking, and breaking things


def _look_at_it(heard: Heard) -> None:
    """Sign in and open every page of a course. Type canaries where one can type: names, passwords, addresses."""
    stranger, visitor = _browser(), _browser()
    stranger.post("/sign-in/", {"login": canary(), "password": canary()})
    stranger.post("/sign-in/", {"login": "therapist", "password": canary()})
    canaries.planted[-3:] = []  # what a stranger types is nobody's record; it must not be kept all the same
    answer = visitor.post("/sign-in/", {"login": "therapist", "password": SENTENCE})
    if answer.status_code != 302:
        heard.pages.append(f"the therapist could not sign in: {answer.status_code}")
    for label in Enrolment.objects.values_list("label", flat=True).order_by("-id")[:1]:
        for page in ("", "people/", "treatment/", "?on=2026-03-03", *_entries(label)):
            if visitor.get(f"/courses/{label}/{page}").status_code != 200:
                heard.pages.append(page)
    for address in (f"/courses/{SONG}/", f"/?on={SONG}", f"/forms/{SONG}/", f"/{SONG}"):
        visitor.get(address)


def _entries(label: str) -> list[str]:
    written = Entry.objects.filter(enrolment__label=label).exclude(form__in=SHEETS).order_by("form")
    return [f"entries/{key}/" for key in written.values_list("id", flat=True)[::6]]


def _browser() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def _break_things(heard: Heard) -> None:
    """Let a page meet a text that was changed, and one fail with a whole record in its hands."""
    visitor = _browser()
    visitor.post("/sign-in/", {"login": "therapist", "password": SENTENCE})
    enrolment = Enrolment.objects.latest("id")
    honest = views.story
    views.story = _fails_with_a_record_in_its_hands
    _must_be_broken(heard, visitor, enrolment)
    views.story = honest
    row = Entry.objects.filter(enrolment=enrolment, form="intake").latest("seq")
    append_only.drop("casebook_entry")
    Entry.objects.filter(id=row.id).update(body=bytes(row.body)[:-1] + b"x")
    _must_be_broken(heard, visitor, enrolment)
    Entry.objects.filter(id=row.id).update(body=row.body)
    append_only.make("casebook_entry")


def _fails_with_a_record_in_its_hands(course: Any, _day: Any) -> None:
    words = dict(course.record.newest("intake").answers)
    raise ZeroDivisionError(len(words))


def _must_be_broken(heard: Heard, visitor: Client, enrolment: Enrolment) -> None:
    answer = visitor.get(f"/courses/{enrolment.label}/")
    if answer.status_code != 500 or found_in(answer.content):
        heard.pages.append(f"a broken page answered {answer.status_code}, {found_in(answer.content)}")


# ---- listening


def _listen_to_sessions_and_cache(heard: Heard) -> None:
    for one in Session.objects.all():
        heard.sessions += found_in(repr(one.get_decoded()).encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        for key, value in cursor.fetchall():
            heard.cache += found_in(f"{key}".encode()) + found_in(_unpacked(value))


def _unpacked(value: str) -> bytes:
    import base64

    return base64.b64decode(value)


def _read_back() -> set[str]:
    """Return every canary that whoever may read it can still read: nothing was planted in vain."""
    said = [read_body(row.scope, "entry", row.id, bytes(row.body)) for row in Entry.objects.all()]
    said += [read_body(row.scope, "draft", row.id, bytes(row.body)) for row in Draft.objects.all()]
    said += [read_body(row.scope, "flagstep", row.id, bytes(row.body)) for row in FlagStep.objects.all()]
    said += [read_body(row.scope, "mark", row.id, bytes(row.why)) for row in Mark.objects.all()]
    text = repr(said)
    return {word for word in canaries.planted if word in text}


def _backup_of(home: Path) -> Path:
    """Write a backup and return its folder."""
    into = home.with_name(f"{home.name}-backups")
    make_backup(into, home, read_key_file(settings.KEY_FILE).newest, LATER)
    return into


# ---- saboteurs


def nothing_is_sealed() -> None:
    """Write texts as they are."""
    from openipt.casebook.sealing.envelope import VERSION, DataKey

    DataKey.seal = lambda _self, _place, text: VERSION + bytes(12) + text
    DataKey.unseal = lambda _self, _place, blob: bytes(blob)[13:]


def an_error_repeats_what_was_said() -> None:
    """Fail with a client's words in the message, as a library may that was given them."""
    global _fails_with_a_record_in_its_hands

    def fails(course: Any, _day: Any) -> None:
        int(str(dict(course.record.newest("intake").answers)))

    _fails_with_a_record_in_its_hands = fails
