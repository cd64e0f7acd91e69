"""From a record to a diary: what the client shared, and what a session heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import openipt
from openipt.exchange.cases import open_case
from openipt.exchange.cases.opening import case_named
from openipt.therapy.insight import Interaction, diary_entries
from openipt.therapy.insight.entries import window
from openipt.therapy.record import Entry, Record

EVENING = datetime(2026, 3, 1, 20, 15, tzinfo=timezone(timedelta(hours=-5)))
MET = {"person": "P01", "kinds": ["conflict"], "valence": -2, "skill": False}


def entry(n: int, form: str = "mood-diary", visibility: str = "shared_with_therapist", **answers: Any) -> Entry:
    at = EVENING + timedelta(days=n)
    return Entry(f"e{n}", form, at, at, answers, visibility=visibility)


def record(*entries: Entry) -> Record:
    return Record("E1", "K", "ipt-classic", "1.0.0", entries=entries)


def test_a_shared_diary_entry_feeds_the_insight_in_local_time() -> None:
    (found,) = diary_entries(record(entry(0, at="2026-02-28T21:40", mood=4, interactions=[MET])))
    assert found.at == datetime(2026, 2, 28, 21, 40)
    assert found.interactions == (Interaction("P01", -2, frozenset({"conflict"}), False),)


def test_without_its_own_moment_an_entry_happened_when_it_was_made() -> None:
    (found,) = diary_entries(record(entry(0, mood=4)))
    assert found.at == datetime(2026, 3, 1, 20, 15)


def test_what_the_client_keeps_to_themself_feeds_nothing() -> None:
    for visibility in ("client_private", "therapist_only", "group", "never heard of"):
        assert diary_entries(record(entry(0, visibility=visibility, mood=4))) == ()


def test_retracted_and_replaced_entries_are_not_among_them() -> None:
    first, second = entry(0, mood=4), entry(1, mood=6)
    object.__setattr__(second, "replaces", "e0")
    gone = entry(2, mood=1)
    object.__setattr__(gone, "retracted_at", datetime(2026, 3, 9, tzinfo=UTC))
    assert [one.mood for one in diary_entries(record(first, second, gone))] == [6.0]


def test_an_entry_without_mood_or_without_a_rating_says_only_what_it_says() -> None:
    unrated = {"person": "P01", "kinds": ["helped"], "valence": None}
    (found,) = diary_entries(record(entry(0), entry(1, mood=5, interactions=[unrated, {"person": "P02"}])))
    assert found.interactions == (Interaction(None, 0, frozenset({"helped"}), None),)


def test_the_mood_and_event_of_a_session_count_as_an_entry_in_which_nobody_asked_about_contact() -> None:
    told = entry(0, "session-record", "therapist_only", mood=3, mood_event_link="After the call")
    only_mood = entry(1, "session-record", "therapist_only", mood=3)
    (found,) = diary_entries(record(told, only_mood))
    assert (found.mood, found.asked, found.interactions) == (3.0, False, ())


def test_a_worked_case_can_be_looked_at() -> None:
    one = open_case(case_named("C02")).records[0]
    found = openipt.insight(one)
    assert found.client == one.client
    assert found.entries == len(window(diary_entries(one))) >= 6
    assert {person.status for person in found.people} == {"not enough entries"}
    assert found.counts
