"""A client who lives by another clock than the clinic is reminded by their own, over every change of either clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from post.reminding.counted import MONDAY, Post, a_course, hours, undone

from openipt.post.models import Reminder
from openipt.post.reminding import sending
from openipt.post.reminding.planning import Facts, wanted
from openipt.post.reminding.reaching import WISHES, reach_of
from openipt.post.reminding.wall import Daytime, meant, shown
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.record import Entry, Record

FORM = open_form(WISHES)
CITIES = [value for value, _ in choices_of(FORM, next(one for one in FORM.items if one.id == "zone"))]
ZONES = st.sampled_from([str(one) for one in CITIES if one != "same"])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))
SESSION = datetime(2026, 3, 10, 15, tzinfo=UTC)


def wished(zone: str | None, **more) -> Record:
    said = {"zone": zone, **more} if zone else more
    entry = Entry("1", WISHES, MONDAY, MONDAY, {"a_week": "two", **said})
    return Record("K-1", "1", "ipt-classic", "1.0.0", began_on=MONDAY.date(), entries=(entry,))


# ---- pure: every city of the sheet, every clock of a clinic


@given(client=ZONES, clinic=ZONES, at=MOMENTS, ahead=st.integers(30, 24 * 40))
def test_the_evening_note_comes_at_five_on_the_clients_wall_wherever_the_clinic_is(client, clinic, at, ahead) -> None:
    session = at + timedelta(hours=ahead)
    reach = reach_of(wished(client), ZoneInfo(clinic))
    found = wanted(Facts(session=session, questions="phq-9"), reach.day, at)

    assert reach.day.zone == ZoneInfo(client)
    for one in found:
        eve = shown(session, ZoneInfo(client)).date() - timedelta(days=1)
        assert one.wall == datetime.combine(eve, time(17))
        if one.due_at > at:  # not late: then as soon as a note may come
            five = meant(one.wall, ZoneInfo(client))
            assert one.due_at == five or not reach.day.is_now(five)
        assert reach.day.earliest <= one.due_at.astimezone(ZoneInfo(client)).time() < reach.day.latest


@given(client=ZONES, clinic=ZONES, at=MOMENTS)
def test_no_note_comes_in_the_clients_night_though_it_is_day_at_the_clinic(client, clinic, at) -> None:
    day = reach_of(wished(client, earliest="08:00", latest="21:00"), ZoneInfo(clinic)).day

    assert time(8) <= day.next(at).astimezone(ZoneInfo(client)).time() < time(21)


@pytest.mark.parametrize("said", [None, "same"])
def test_whoever_said_nothing_lives_by_the_clock_of_the_clinic(said) -> None:
    assert reach_of(wished(said), ZoneInfo("Europe/Berlin")).day == Daytime(ZoneInfo("Europe/Berlin"))


def test_every_city_of_the_sheet_has_a_clock() -> None:
    assert all(ZoneInfo(str(one)) for one in CITIES if one != "same")
    assert len(CITIES) == len(set(CITIES))


# ---- with a record, workers and restarts


@pytest.fixture
def in_berlin(db, post, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return a_course(post, "Europe/Berlin")


pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_a_client_overseas_of_a_clinic_in_berlin_is_reminded_in_their_own_evening(in_berlin) -> None:
    in_berlin.write(WISHES, {"a_week": "two", "zone": "America/New_York"}, MONDAY)
    in_berlin.agree(SESSION, MONDAY)

    for hour in range(24 * 8):
        in_berlin.round(MONDAY + hours(hour))

    ((_, when, reminder),) = [one for one in in_berlin.post.took if one[2].kind == "questions"]
    assert when == datetime(2026, 3, 9, 21, tzinfo=UTC)  # five in the evening; clocks went forward the night before
    assert (reminder.wall, reminder.zone) == ("2026-03-09T17:00", "America/New_York")


def test_a_note_that_waits_moves_with_a_client_who_moves(in_berlin) -> None:
    in_berlin.agree(SESSION, MONDAY)
    in_berlin.round(MONDAY)
    assert Reminder.objects.get(kind="questions").zone == "Europe/Berlin"

    in_berlin.write(WISHES, {"a_week": "two", "zone": "Asia/Tokyo"}, MONDAY + hours(1))
    in_berlin.round(MONDAY + hours(2))

    moved = Reminder.objects.get(kind="questions")
    assert (moved.zone, moved.wall) == ("Asia/Tokyo", "2026-03-10T17:00")
    assert moved.due_at == datetime(2026, 3, 10, 8, tzinfo=UTC)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(client=ZONES, clinic=ZONES, days=st.integers(3, 20), hour=st.integers(0, 23))
def test_whatever_the_clocks_every_note_goes_out_once_in_the_clients_day_or_is_over(
    client, clinic, days, hour, db, monkeypatch
) -> None:
    with undone():
        post = Post()
        monkeypatch.setattr(sending, "write_to", post.write_to)
        course = a_course(post, clinic)
        course.write(WISHES, {"a_week": "two", "zone": client}, MONDAY)
        session = MONDAY + timedelta(days=days, hours=hour)
        course.agree(session, MONDAY)
        for n in range(0, 24 * (days + 2), 3):
            course.round(MONDAY + hours(n))

        names = [one.id for _, _, one in post.took]
        assert len(names) == len(set(names))
        assert all(time(9) <= when.astimezone(ZoneInfo(client)).time() < time(20) for _, when, _ in post.took)
        assert {one.state for one in course.each()} <= {"sent", "expired", "answered", "opened"}
