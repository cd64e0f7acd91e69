"""Build a clinic with one course for each thing that insight and progress can show. Run as: `python statuses.py HOME`.

It prints the label of each course by what it shows, as JSON. Nobody in it lives.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:
    from casebooks import Service


PEOPLE = {"P1": "Lena", "P2": "Rui", "P3": "Mother", "P4": "Aunt Ida", "P5": "Otto"}
STATES = {
    "worse": {0: 18, 1: 13, 2: 11, 3: 18, 4: 18},
    "ask": {0: 18, 1: 16},
    "off_track": {0: 20, 1: 20, 2: 19, 3: 20},
    "on_track": {0: 20, 1: 17, 2: 14, 3: 12},
    "early": {0: 18, 1: 17, 2: 16},
    "steady": {0: 7, 1: 6, 2: 6},
}
RISING = {0: 18, 1: 21, 2: 22}  # early by the table alone, and off track once others are known to compare with
DIARIES = {"statuses": 60, "left out": 60, "few": 6, "hardly": 2, "waiting": 8, "afraid": 20}


def build(place: Path) -> dict[str, str]:
    """Build the clinic; return the label of each course by what it shows."""
    os.environ |= {
        "OPENIPT_HOME": str(place),
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }
    import django

    from openipt.site.home import home
    from openipt.site.making import make_home, make_tables

    make_home(home(), datetime.now(UTC))
    django.setup()
    make_tables()
    from casebooks import a_service, put_in_charge

    from openipt.casebook.operations.fitting import switch

    now = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    service = a_service(now - timedelta(days=70))
    lead = service.account("Ida", ("lead", "operator"))
    switch(organisation=service.organisation, on=True, read_by=lead.id, read_on=service.at.date(), at=service.at)
    made = {name: _diary(service, name, days) for name, days in DIARIES.items()}
    made |= {name: _course(service, name, weeks, now) for name, weeks in {**STATES, "rising": RISING}.items()}
    _finished(service)
    put_in_charge(service, "Everybody")
    return made


def _diary(service: Service, name: str, days: int) -> str:
    """A course whose client keeps a diary, with what it is to show."""
    from diaries import the_client

    from openipt.casebook.operations.changing import begin_thing
    from openipt.casebook.operations.fitting import refit
    from openipt.casebook.operations.releasing import release_sentence
    from openipt.casebook.operations.saving import save_entry

    by, at = service.actor(), service.at
    label = service.begin().label
    course = service.enrolment(label)
    for person, alias in PEOPLE.items():
        begin_thing(by=by, at=at, enrolment=label, kind="person", label=person)
        said = {"alias": alias, "relation": "friend", "leave_out_of_insight": person == "P5"}
        save_entry(by=by, at=at, enrolment=label, form="interpersonal-inventory", answers=said, about=person)
    begin_thing(by=by, at=at, enrolment=label, kind="session", label="S01")
    held = {"number": 1, "kind": "attended", "uses": 1, "attended": True}
    save_entry(by=by, at=at, enrolment=label, form="session-sheet", answers=held, about="S01")
    client = the_client(service, course)
    for moment, mood, met in _days(days):
        when = at + moment
        said = {"at": when.strftime("%Y-%m-%dT%H:%M"), "mood": mood, "interactions": met}
        save_entry(by=client, at=when, enrolment=label, form="mood-diary", answers=said)
    if name == "afraid":
        save_entry(by=by, at=at, enrolment=label, form="violence-check", answers=_feared(at))
    if name != "waiting":
        refit(course, at + timedelta(days=days))
    else:
        course.fit.delete() if hasattr(course, "fit") else None
    if name == "left out":
        late = at + timedelta(days=61)
        release_sentence(by=by, at=late, enrolment=label, sentence="person:P1")
        said = {"alias": "Lena", "relation": "friend", "leave_out_of_insight": True}
        save_entry(by=by, at=late, enrolment=label, form="interpersonal-inventory", answers=said, about="P1")
    return label


def _days(days: int, seed: int = 5) -> list[tuple[timedelta, int, list[dict[str, object]]]]:
    """Days on which much goes with Lena, a little with Rui, nothing with Mother; Aunt Ida is hardly met."""
    chance = random.Random(seed)
    found = []
    for day in range(days):
        lena, rui, mother, otto = (chance.choice([-3, -2, -1, 1, 2, 3]) for _ in range(4))
        mood = round(5 + 0.7 * lena + 0.22 * rui + 0.3 * otto + chance.gauss(0, 0.9))
        met: list[dict[str, object]] = [
            {"person": "P1", "valence": lena, "kinds": ["supported" if lena > 0 else "conflict"]},
            {"person": "P3", "valence": mother, "kinds": []},
            {"person": "P5", "valence": otto, "kinds": []},
        ]
        if day % 3:
            met.append({"person": "P2", "valence": rui, "kinds": []})
        if day in (3, 20, 41):
            met.append({"person": "P4", "valence": 1, "kinds": []})
        found.append((timedelta(days=day, hours=11), max(0, min(10, mood)), met))
    return found


def _feared(at: datetime) -> dict[str, object]:
    return {
        "date": at.date().isoformat(),
        "asked_alone": True,
        "about": ["all_current"],
        "result": "current_violence",
        "safe_to_raise": "no",
        "source": "INI.01",
        "by": "T-01",
    }


def _course(service: Service, name: str, weeks: dict[int, int], now: datetime) -> str:
    """A course that runs and stands at one row of the table today."""
    from finished_courses import running

    from openipt.exchange.keeping import keep

    ago = 28 + 7 * max(weeks) if name == "ask" else 7 * max(weeks)
    label = name.replace("_", "-")
    keep(running(weeks, now.date() - timedelta(days=ago), label), service.keeper(now))
    return label


def _finished(service: Service) -> None:
    from finished_courses import keep_finished

    keep_finished(service, 100)


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]))))
