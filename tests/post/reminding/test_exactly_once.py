"""Every due reminder goes out once, or is given up with a reason: two workers, stops at any step, every zone."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from durability.fresh import in_fresh_python
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from post.reminding.counted import Post, PowerCut, a_course, hours, undone

from openipt.post.models import Reminder, ReminderStep
from openipt.post.reminding import sending
from openipt.post.rounds import CLAIM

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Pacific/Chatham",
]
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
]
ROUNDS = st.lists(
    st.tuples(
        st.sampled_from([0.02, 0.3, 1, 3, 7, 13, 30]),  # hours until the next round
        st.sampled_from(["", "", "", "before", "after", "refuses", "beside", "answers", "moves"]),
    ),
    min_size=8,
    max_size=26,
)
OPEN = ("due", "failed", "sent", "opened")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(zone=st.sampled_from(ZONES), change=st.sampled_from(CHANGES), early=st.integers(10, 120), rounds=ROUNDS)
def test_whatever_happens_no_reminder_goes_out_twice_and_none_is_forgotten(
    db, monkeypatch, zone, change, early, rounds
) -> None:
    post = Post()
    monkeypatch.setattr(sending, "write_to", post.write_to)
    with undone():
        at = change - hours(early)
        course = a_course(post, zone, at)
        course.agree(change + hours(20), at)
        for wait, happens in rounds:
            at += hours(wait)
            _round(course, post, at, happens, change)
        post.cut, post.refuses = "", False
        for _ in range(4):  # and the service goes on as it should
            at += hours(24)
            course.round(at)
            course.round(at + CLAIM)
        at = change + timedelta(days=40)
        course.round(at)

        _holds(course, post, ZoneInfo(zone))


def _round(course, post: Post, at: datetime, happens: str, change: datetime) -> None:
    post.cut = happens if happens in ("before", "after") else ""
    post.refuses = happens == "refuses"
    if happens == "moves":
        course.agree(change + hours(20 + at.hour), at)
    if happens == "answers":
        course.write("phq-9", {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}, at)
    mine = sending.claim(at) if happens == "beside" else None  # another worker has it in hand while this one goes round
    with suppress(PowerCut):
        course.round(at)
    if mine is not None:
        sending._deliver(mine, at)


def _holds(course, post: Post, zone: ZoneInfo) -> None:
    mails = Counter(one.id for _, _, one in post.took)
    assert all(n == 1 for n in mails.values()), "a note came twice"
    for one in Reminder.objects.all():
        states = list(ReminderStep.objects.filter(reminder=one).order_by("at", "id").values_list("state", "why"))
        said = [state for state, _ in states]
        assert said.count("sent") <= 1
        assert said[-1] == one.state
        assert one.state not in OPEN, f"{one} is forgotten: {states}"
        if one.state == "expired":
            assert states[-1][1], f"{one} was given up without a reason"
        died = ("expired", "worker_died") in states
        assert (one.id in mails) <= ("sent" in said or died)
    times = sorted(when for _, when, _ in post.took)
    assert all(9 <= when.astimezone(zone).hour < 20 for when in times), "a note came in quiet hours"
    for first in times:
        assert sum(1 for when in times if first <= when < first + timedelta(days=7)) <= 2


def test_a_worker_that_died_with_a_note_in_its_hand_is_not_followed_by_a_second_note(course) -> None:
    session = datetime(2026, 3, 10, 15, tzinfo=UTC)
    course.agree(session, datetime(2026, 3, 2, 9, tzinfo=UTC))
    eve = datetime(2026, 3, 9, 17, tzinfo=UTC)
    course.post.cut = "after"
    with suppress(PowerCut):
        course.round(eve)

    course.post.cut = ""
    course.round(eve + timedelta(minutes=1))
    course.round(eve + CLAIM)

    assert len(course.post.took) == 1
    assert course.life()[-1] == ("questions", "expired", "worker_died")


def test_workers_at_once_send_each_note_once_and_a_saboteur_is_caught(tmp_path) -> None:
    came = in_fresh_python(
        "post.reminding.many_workers:race", home=tmp_path / "home", settings="openipt.site.settings", seconds=180
    )

    honest, sabotaged = came["honest"], came["sabotaged"]
    assert honest["errors"] == []
    assert honest["workers that sent"] > 1, "one worker alone proves nothing"
    assert (honest["sent"], honest["twice"], honest["too many a week"]) == (30, 0, 0)
    assert sabotaged["twice"] > 0, "whoever sends without a claim sends twice"
