"""The restore drill: somebody saves without pause, backups are made, and each is restored and compared.

Run by a test through `durability.fresh`, in a process that may fork. The parent opens no store.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connections
from durability.forked import Child, in_child

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}
WORDS = "a canary sings in the note"
NAMESPACE = UUID(int=7)


def a_service(courses: int = 3) -> None:
    """A service with some courses, each with an answered questionnaire."""
    from casebooks import Service

    from openipt.accounts.making import make_organisation
    from openipt.casebook.operations.saving import save_entry
    from openipt.site.making import make_home, make_tables

    make_home(settings.HOME, MONDAY)
    make_tables()
    service = Service(make_organisation(name="Hill Road", zone="UTC", by=None, at=MONDAY), MONDAY)
    for n in range(courses):
        course = service.begin()
        at = MONDAY + timedelta(hours=n)
        save_entry(by=service.actor(), at=at, enrolment=course.label, form="phq-9", answers=CALM | {"q9": 2})
        save_entry(by=service.actor(), at=at, enrolment=course.label, form="talk-about", answers={"most": WORDS})
    (settings.HOME.path / "service.yaml").write_text("address: https://openipt.clinic.example\n")


def back_up(into: str, n: int = 0) -> str:
    """Make one backup; return its manifest."""
    from openipt.casebook.sealing import read_key_file
    from openipt.exchange.backup.making import make_backup

    key = read_key_file(settings.HOME.key_file).newest
    return str(make_backup(Path(into), settings.HOME.path, key, MONDAY + timedelta(minutes=5 * n)).page)


def two_backups(into: str) -> list[str]:
    """A service, a backup of it, another client, and a second backup."""
    _read_ahead()
    in_child(a_service)
    first = in_child(back_up, into)
    in_child(one_more)
    return [first, in_child(back_up, into, 1)]


def one_more() -> None:
    """A client who came after the first backup."""
    from openipt.accounts.actors import actor_of
    from openipt.accounts.models import Account
    from openipt.casebook.operations.beginning import begin_course

    actor = actor_of(Account.objects.get(username="t-01"), MONDAY)
    begin_course(by=actor, at=MONDAY, manual="ipt-classic", called="Kim", began_on=MONDAY.date(), age=40)


def at_home(folder: str, work: Callable[..., Any], *arguments: Any) -> Any:
    """Do something in a child whose home is another folder."""

    def inside() -> Any:
        connections.close_all()
        for alias, name in (("default", "record.sqlite3"), ("keys", "keys.sqlite3")):
            connections.settings[alias]["NAME"] = str(Path(folder) / name)
        settings.KEY_FILE = Path(folder) / "openipt.key"
        return work(*arguments)

    return in_child(inside)


def look(only: list[str] | None = None) -> dict[str, Any]:
    """What a store says: its entries, a hash for each client, what is wrong with it."""
    from openipt.casebook.models import Entry
    from openipt.exchange.backup.content import content_hashes
    from openipt.exchange.backup.wholeness import wrongs

    ids = None if only is None else {UUID(one) for one in only}
    return {
        "entries": [str(one) for one in Entry.objects.values_list("id", flat=True)],
        "hashes": {str(client): said for client, said in content_hashes(ids).items()},
        "wrong": [one.words for one in wrongs(all_standing=True)] if only is None else [],
    }


def save_on(report: Callable[[str], None], load: Path, stop: Path) -> None:
    """Save while the load file is there, until the stop file is; report each entry once it is acknowledged."""
    from openipt.accounts.actors import actor_of
    from openipt.accounts.models import Account
    from openipt.casebook.models import Enrolment
    from openipt.casebook.operations.beginning import begin_course
    from openipt.casebook.operations.saving import save_entry

    actor = actor_of(Account.objects.get(username="t-01"), MONDAY)
    n = 0
    while not stop.exists():
        if not load.exists():  # what was saved beside a comparison would be compared in every later round
            time.sleep(0.002)
            continue
        n += 1
        at = MONDAY + timedelta(days=1, seconds=n)
        if n % 40 == 1:
            begin_course(by=actor, at=at, manual="ipt-classic", called=f"Robin {n}", began_on=at.date(), age=34)
        course = Enrolment.objects.order_by("-id")[n % 2]
        name = uuid5(NAMESPACE, str(n))
        save_entry(by=actor, at=at, enrolment=course.label, form="phq-9", answers=CALM | {"q1": n % 4}, id=name)
        report(f"+{name}")
        time.sleep(0.002)
    connections.close_all()


def drill(times: int, folder: str) -> dict[str, Any]:
    """Back up and restore so many times under load; return what was found. At the end one entry is made to vanish."""
    from openipt.casebook.sealing import read_key_file
    from openipt.exchange.backup.restoring import restore

    _read_ahead()
    place = Path(folder)
    in_child(a_service)
    ring = read_key_file(settings.HOME.key_file)
    load, stop = place / "load", place / "stop"
    saver = Child(lambda report: save_on(report, load, stop))
    found: dict[str, Any] = {"differ": 0, "caught": [], "lost": 0, "wrong": [], "saved while copied": 0, "seconds": []}
    try:
        for n in range(times):
            before = _under_way(saver, load)
            page = in_child(back_up, str(place / "backups"), n)
            saver.read()
            found["saved while copied"] += len(saver.acknowledged) - len(before)
            load.unlink()
            began = time.monotonic()
            restored = place / f"restored-{n}"
            restore([Path(page)], restored, ring)
            found["seconds"].append(time.monotonic() - began)
            there = at_home(str(restored), look)
            here = in_child(look, there["entries"])
            found["differ"] += there["hashes"] != here["hashes"]
            found["lost"] += len(before - set(there["entries"]))
            found["wrong"] += there["wrong"]
        at_home(str(restored), _forget_one)
        found["caught"] = at_home(str(restored), look)["wrong"]
    finally:
        stop.touch()
        saver.read_to_the_end()
    found["errors"] = saver.errors
    found["seconds"] = max(found["seconds"])
    return found


def _under_way(saver: Child, load: Path) -> set[str]:
    """Let the saver go on; once it has saved again, return all that it ever saved."""
    saver.read()
    known, until = len(saver.acknowledged), time.monotonic() + 30
    load.touch()
    while len(saver.acknowledged) == known and not saver.errors:
        assert time.monotonic() < until, "nobody saves"
        time.sleep(0.002)
        saver.read()
    return set(saver.acknowledged)


def _read_ahead() -> None:
    """Read modules and definitions once, and not in each child."""
    import casebooks  # noqa: F401

    import openipt.exchange.backup.making
    import openipt.exchange.backup.wholeness  # noqa: F401
    from openipt.therapy.course import standing
    from openipt.therapy.forms import open_form
    from openipt.therapy.manuals import open_manual
    from openipt.therapy.record import Record

    for form in ("phq-9", "talk-about", "intake", "course-sheet"):
        open_form(form)
    manual = open_manual("ipt-classic")
    standing(manual, Record(enrolment="K", client="C", manual=manual.id, manual_version=manual.version), MONDAY.date())


def _forget_one() -> None:
    """Let one entry vanish from a restored store, without a trace but in the audit."""
    from django.db import connection

    from openipt.audit.append_only import lifted

    with lifted("casebook_entry"), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM casebook_entry WHERE id = (SELECT id FROM casebook_entry WHERE form = 'talk-about' LIMIT 1)"
        )
