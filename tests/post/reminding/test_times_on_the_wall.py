"""Laws of reminders' times, over every zone and every change of the clocks; nobody is asked what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openipt.post.reminding.planning import KINDS, UNCOUNTED, Facts, wanted
from openipt.post.reminding.wall import Daytime, meant, shown

ZONES = st.sampled_from(sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc")))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))
MINUTES = st.integers(0, 23 * 60 + 59)


def clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@st.composite
def daytimes(draw) -> Daytime:
    first, last = sorted((draw(MINUTES), draw(MINUTES)))
    assume(last - first >= 60)
    return Daytime(ZoneInfo(draw(ZONES)), clock(first), clock(last))


@st.composite
def courses(draw) -> tuple[Facts, datetime]:
    """Where a course may stand, and when somebody asks."""
    at = draw(MOMENTS)
    days = st.integers(-20, 40)
    near = st.builds(lambda n, minutes: at + timedelta(days=n, minutes=minutes), days, MINUTES)
    facts = Facts(
        session=draw(st.none() | near.filter(lambda one: one > at)),
        answered=draw(st.booleans()),
        questions=draw(st.sampled_from(["", "phq-9"])),
        step=draw(st.none() | near.filter(lambda one: one <= at)),
        check_ins=tuple(draw(st.lists(near.map(lambda one: one.date()), max_size=4, unique=True))),
        follow_up="phq-9",
        pause=draw(st.none() | near.map(lambda one: one.date())),
        devices=tuple(
            (f"device-{n}", one) for n, one in enumerate(draw(st.lists(near.filter(lambda x: x <= at), max_size=2)))
        ),
    )
    return facts, at


@given(daytimes(), MOMENTS)
def test_the_next_time_for_a_note_is_in_the_daytime_and_not_before_it_was_asked(day: Daytime, at: datetime) -> None:
    found = day.next(at)

    assert day.is_now(found)
    assert found >= at
    assert found - at <= timedelta(days=2)
    assert day.next(found) == found


@given(ZONES, MOMENTS)
def test_a_time_on_the_wall_means_the_moment_at_which_the_wall_shows_it(name: str, at: datetime) -> None:
    zone = ZoneInfo(name)
    wall = shown(at, zone)

    assert shown(meant(wall, zone), zone) == wall
    assert meant(wall, zone) <= at, "of two moments that look alike the first is meant"


@given(courses(), daytimes())
def test_every_reminder_comes_in_the_daytime_and_is_of_use_by_then(course, day: Daytime) -> None:
    facts, at = course
    for one in wanted(facts, day, at):
        assert one.kind in KINDS
        assert day.is_now(one.due_at), one
        assert at <= one.due_at < one.expires_at, one
        if facts.pause and one.kind not in UNCOUNTED:
            assert shown(one.due_at, day.zone).date() >= facts.pause


@given(courses(), daytimes())
def test_nothing_is_wanted_twice_and_asking_later_names_it_the_same(course, day: Daytime) -> None:
    facts, at = course
    now = wanted(facts, day, at)
    names = [(one.kind, one.cause) for one in now]

    assert len(names) == len(set(names))
    later = {(one.kind, one.cause) for one in wanted(facts, day, at + timedelta(hours=5))}
    known = {(one.kind, one.cause) for one in wanted(facts, day, at)}
    assert later - known <= {(one.kind, one.cause) for one in wanted(Facts(**_without_pause(facts)), day, at)} | {
        name for name in later if name[0] == "follow_up"
    }


def _without_pause(facts: Facts) -> dict:
    return {name: getattr(facts, name) for name in facts.__slots__ if name != "pause"}


@given(courses(), daytimes())
def test_before_a_session_there_is_one_note_not_two(course, day: Daytime) -> None:
    facts, at = course
    kinds = [one.kind for one in wanted(facts, day, at)]

    assert not {"questions", "appointment"} <= set(kinds)
    assert kinds.count("questions") + kinds.count("appointment") <= 1


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-28T17:00", "2026-03-28T16:00"),
        ("2026-03-29T17:00", "2026-03-29T15:00"),  # clocks went forward in the night
        ("2026-03-29T02:30", "2026-03-29T01:30"),  # a time that never came: an hour later on the wall
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # a time that came twice: the first
        ("2026-10-25T17:00", "2026-10-25T16:00"),
    ],
)
def test_times_around_the_change_of_the_clocks(wall: str, utc: str) -> None:
    assert meant(datetime.fromisoformat(wall), BERLIN) == datetime.fromisoformat(f"{utc}+00:00")


def test_the_note_of_a_session_after_the_change_comes_at_five_on_the_wall() -> None:
    session = datetime(2026, 3, 30, 13, tzinfo=UTC)  # three o'clock in Berlin by then
    (one,) = wanted(Facts(session=session, questions="phq-9"), Daytime(BERLIN), datetime(2026, 3, 26, tzinfo=UTC))

    assert one.wall == datetime(2026, 3, 29, 17)
    assert one.due_at == datetime(2026, 3, 29, 15, tzinfo=UTC)
    assert one.expires_at == session


def test_somebody_who_may_only_be_written_to_before_ten_gets_the_evening_note_then() -> None:
    day = Daytime(BERLIN, time(8), time(10))
    session = datetime(2026, 3, 10, 13, tzinfo=UTC)
    (one,) = wanted(Facts(session=session, questions="phq-9"), day, datetime(2026, 3, 1, tzinfo=UTC))

    assert one.wall == datetime(2026, 3, 9, 9, 59)
