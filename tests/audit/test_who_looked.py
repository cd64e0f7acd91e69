"""A client is told who looked, when, at what and how often: everybody who did, and nobody who did not."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from service import ADA, BEN, CAROL, DAN, EVE, Service

from openipt.audit.reading import Look, looks
from openipt.audit.words import told
from openipt.therapy.words import render_all

AUCKLAND = ZoneInfo("Pacific/Auckland")


def at(hour: int, minute: int, microsecond: int = 0, day: int = 1) -> datetime:
    return datetime(2025, 9, day, hour, minute, 0, microsecond, UTC)


def test_a_client_sees_who_opened_who_wrote_and_whose_lists(service: Service) -> None:
    service.opens(CAROL)
    service.writes(CAROL, by=BEN)
    service.lists([CAROL, DAN])
    service.lists([CAROL])
    assert looks(CAROL) == [
        Look(at(9, 2, 14), BEN, "entry.save", ""),
        Look(at(9, 1, 7), ADA, "record.open", "treatment"),
        Look(at(9, 0), ADA, "caseload.list", "treatment", times=2, listed=True),
    ]
    assert [look.wrote for look in looks(CAROL)] == [True, False, False]


def test_a_client_sees_nothing_of_others(service: Service) -> None:
    service.opens(DAN)
    service.writes(None)
    service.lists([DAN, EVE])
    assert looks(CAROL) == []


def test_lists_are_folded_per_person_purpose_and_day_of_the_service(service: Service) -> None:
    service.at = at(10, 0)  # in Auckland the day turns at 12:00 UTC
    for hours in (0, 1, 2, 3):
        service.at = at(10 + hours, 0)
        service.lists([CAROL])
        service.lists([CAROL], by=BEN, purpose="supervision")
    folded = [(look.at, look.by, look.times) for look in looks(CAROL, zone=AUCKLAND)]
    midnight, evening = datetime(2025, 9, 2, 0, 0, tzinfo=AUCKLAND), datetime(2025, 9, 1, 22, 0, tzinfo=AUCKLAND)
    assert folded == [(midnight, ADA, 2), (midnight, BEN, 2), (evening, ADA, 2), (evening, BEN, 2)]
    assert [look.times for look in looks(CAROL)] == [4, 4]


def test_what_was_before_can_be_left_out(service: Service) -> None:
    service.opens(CAROL)
    service.lists([CAROL])
    service.at += timedelta(days=2)
    service.opens(CAROL)
    service.lists([CAROL])
    assert len(looks(CAROL)) == 4
    assert len(looks(CAROL, since=service.at - timedelta(days=1))) == 2


@pytest.mark.parametrize("n", [1, 30])
def test_it_takes_two_queries_however_much_was_looked_at(service: Service, n: int) -> None:
    for _ in range(n):
        service.opens(CAROL)
        service.lists([CAROL, DAN])
    with CaptureQueriesContext(connection) as queries:
        assert len(looks(CAROL)) == n + 1
    assert len(queries) == 2


def test_no_look_is_lost_and_none_is_invented(service: Service) -> None:
    """No ghosts: what a client is told adds up to what was done, for everybody and over any day's work."""
    rng, done = Random(9), {client: Counter() for client in (CAROL, DAN, EVE)}
    for _ in range(200):
        by = rng.choice([ADA, BEN])
        service.at += timedelta(minutes=rng.randint(0, 300))
        if rng.random() < 0.5:
            clients = rng.sample([CAROL, DAN, EVE], rng.randint(0, 3))
            service.lists(clients, by=by)
            for client in clients:
                done[client][by, "caseload.list", service.at.date()] += 1
        else:
            client = rng.choice([CAROL, DAN, EVE])
            service.opens(client, by=by)
            done[client][by, "record.open", service.at.date()] += 1
    for client, acts in done.items():
        said: Counter[tuple[str, str, object]] = Counter()
        for look in looks(client):
            said[look.by, look.act, look.at.date()] += look.times
        assert said == acts


SENTENCES = {
    "Dr Ada opened your record on 1 September 2025, 09:05.": Look(at(9, 5), ADA, "record.open", "treatment"),
    "Dr Ada wrote in your record on 1 September 2025, 09:05.": Look(at(9, 5), ADA, "entry.save", ""),
    "You were on a list that Dr Ada opened on 1 September 2025.": Look(
        at(9, 0), ADA, "caseload.list", "treatment", times=1, listed=True
    ),
    "You were on lists that Dr Ada opened on 1 September 2025, 3 times. It was to get advice on your care.": Look(
        at(9, 0), ADA, "caseload.list", "supervision", times=3, listed=True
    ),
    "Dr Ada opened your record on 1 September 2025, 09:05. It was an emergency.": Look(
        at(9, 5), ADA, "record.open", "emergency"
    ),
    "Dr Ada opened your record on 1 September 2025, 09:05. It was for research.": Look(
        at(9, 5), ADA, "record.open", "research"
    ),
    "Dr Ada opened your record on 1 September 2025, 09:05. It was to run the service.": Look(
        at(9, 5), ADA, "record.open", "administration"
    ),
    "Dr Ada made a copy of your record on 1 September 2025, 09:05.": Look(at(9, 5), ADA, "record.export", "treatment"),
    "Dr Ada printed from your record on 1 September 2025, 09:05.": Look(at(9, 5), ADA, "record.print", "treatment"),
    "Dr Ada did something about your account on 1 September 2025, 09:05.": Look(
        at(9, 5), ADA, "client-access.make", ""
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_look_is_told_in_plain_words(sentence: str) -> None:
    assert render_all(told(SENTENCES[sentence], "Dr Ada")) == sentence
