"""The record: what was known when, which version speaks, what counts as a reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from factories import BEGAN, Course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import facts, moments, score_paths, things

from openipt.therapy.course import agenda, decision_points, derived_flags, gates, state
from openipt.therapy.record import (
    Entry,
    Flag,
    Outcome,
    Record,
    Session,
    agreement,
    alias,
    done_tasks,
    fit,
    focus,
    recovery,
    step_after,
    violence_checks,
)
from openipt.therapy.record.views import day_of

MODERATE = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def records(draw) -> Record:
    """A record from a pile of facts: entries, sessions told late, things that began and ended, flags with outcomes."""
    sessions = [
        Session(f"S{n}", n, "attended", at, at + timedelta(days=late))
        for n, (at, late) in enumerate(draw(st.lists(st.tuples(moments, st.integers(0, 9)), max_size=4)))
    ]
    flags = [
        Flag(
            f"F{n}",
            "R1",
            draw(st.sampled_from(["new", "known", "closed"])),
            at,
            at,
            seen_at=draw(st.none() | moments),
            outcomes=tuple(Outcome(when, "TH", "Spoken about") for when in sorted(draw(st.lists(moments, max_size=3)))),
        )
        for n, at in enumerate(draw(st.lists(moments, max_size=3)))
    ]
    ended = draw(st.none() | moments)
    return Record(
        enrolment="E-1",
        client="CL-1",
        manual="ipt-classic",
        manual_version="1.0.0",
        entries=tuple(draw(facts())),
        sessions=tuple(sessions),
        people=tuple(draw(st.lists(things, max_size=3))),
        flags=tuple(flags),
        ended_on=ended.date() if ended else None,
    )


# ---- as of a moment ----


@MODERATE
@given(records(), moments)
def test_asking_twice_as_of_the_same_moment_changes_nothing(record, moment) -> None:
    once = record.as_of(moment)
    assert once.as_of(moment) == once


@MODERATE
@given(records(), moments, moments)
def test_looking_back_from_a_later_moment_gives_the_same_as_looking_back_at_once(record, one, other) -> None:
    earlier, later = sorted((one, other))
    assert record.as_of(later).as_of(earlier) == record.as_of(earlier)
    assert record.as_of(earlier).as_of(later) == record.as_of(earlier)


@MODERATE
@given(records(), moments, moments)
def test_what_is_known_only_grows(record, one, other) -> None:
    earlier, later = (record.as_of(moment) for moment in sorted((one, other)))
    for kind in ("entries", "sessions", "people", "flags"):
        assert {thing.id for thing in getattr(earlier, kind)} <= {thing.id for thing in getattr(later, kind)}


@MODERATE
@given(records(), facts(prefix="late"), moments)
def test_facts_recorded_later_never_change_what_was_known(record, more, moment) -> None:
    later = [
        replace(entry, recorded_at=moment + timedelta(hours=1 + n), retracted_at=None) for n, entry in enumerate(more)
    ]
    assert replace(record, entries=(*record.entries, *later)).as_of(moment) == record.as_of(moment)


@MODERATE
@given(records(), moments)
def test_a_retraction_made_later_was_not_yet_made(record, moment) -> None:
    for entry in record.as_of(moment).entries:
        assert entry.recorded_at <= moment
        assert entry.retracted_at is None or entry.retracted_at <= moment
    for flag in record.as_of(moment).flags:
        assert all(outcome.at <= moment for outcome in flag.outcomes)
        assert flag.seen_at is None or flag.seen_at <= moment


@settings(MODERATE, max_examples=40)
@given(score_paths())
def test_what_was_said_on_a_day_stays_said_when_more_is_recorded(path) -> None:
    course = path.course
    day = path.today // 2
    moment = course.at(day, 23)
    before = course.record.as_of(moment)
    course.session(path.today + 7, tasks=["END.01"]).phq9(path.today + 7, 12, q9=1).formulation(path.today + 7, fit=3)
    after = course.record.as_of(moment)
    for ask in (agenda, decision_points, derived_flags, gates, state):
        assert ask(course.manual, after, course.day(day)) == ask(course.manual, before, course.day(day))


@settings(MODERATE, max_examples=60)
@given(score_paths())
def test_state_points_and_flags_of_a_day_rest_on_what_happened_by_that_day(path) -> None:
    """Also without as_of: what happened later is not looked at."""
    course = path.course
    day = course.day(path.today // 2)
    known = course.record.as_of(course.at(path.today // 2, 23))
    assert state(course.manual, course.record, day).id == state(course.manual, known, day).id
    points = [
        [(one.point.id, one.on, one.failed) for one in decision_points(course.manual, record, day)]
        for record in (course.record, known)
    ]
    assert points[0] == points[1]


def test_a_course_that_has_not_ended_yet_has_no_end() -> None:
    course = Course().session(0).end(10)
    assert course.record.as_of(course.at(9)).ended_on is None
    assert course.record.as_of(course.at(10, 23)).ended_on == course.day(10)


def test_a_flag_was_new_until_somebody_wrote_an_outcome() -> None:
    course = Course().session(0).flag(0, "R1", state="known", outcome=1)
    assert [flag.state for flag in course.record.as_of(course.at(0, 23)).flags] == ["new"]
    assert [flag.state for flag in course.record.as_of(course.at(1, 23)).flags] == ["known"]


def test_asking_again_gives_the_same_answer_and_the_record_is_unchanged() -> None:
    course = Course().weekly(5).phq9(28, 14)
    record = course.record
    first = state(course.manual, record, course.day(28))
    assert state(course.manual, record, course.day(28)) == first
    assert record == course.record


# ---- which version speaks ----


def entry(name: str, day: int = 0, form: str = "formulation", **more) -> Entry:
    at = datetime(BEGAN.year, BEGAN.month, BEGAN.day, 9) + timedelta(days=day)
    return Entry(name, form, at, more.pop("recorded", at), more.pop("answers", {"client_words": name}), **more)


def record_of(*entries: Entry) -> Record:
    return Record("E-1", "CL-1", "ipt-classic", "1.0.0", entries=entries)


def test_the_newest_entry_speaks_and_the_older_ones_are_kept() -> None:
    record = record_of(entry("first", 0), entry("second", 7))
    assert record.says("formulation")["client_words"] == "second"
    assert len(record.of("formulation")) == 2


def test_what_happened_later_is_newer_however_late_the_other_was_told() -> None:
    told_late = entry("first", 0, recorded=datetime(2026, 1, 1))
    assert record_of(told_late, entry("second", 7)).says("formulation")["client_words"] == "second"


def test_a_version_that_replaces_another_hides_it_and_keeps_it() -> None:
    record = record_of(entry("typed", 0), entry("corrected", 0, replaces="typed"))
    assert [one.id for one in record.of("formulation")] == ["corrected"]
    assert len(record.entries) == 2


def test_a_retracted_entry_is_hidden_and_kept() -> None:
    record = record_of(
        entry("one", 0), entry("two", 7, retracted_at=datetime(2025, 9, 20), retracted_why="Wrong client")
    )
    assert record.says("formulation")["client_words"] == "one"
    assert record.entries[1].retracted_why == "Wrong client"


def test_when_a_correction_is_retracted_the_entry_before_it_speaks_again() -> None:
    corrected = entry("corrected", 0, replaces="typed", retracted_at=datetime(2025, 9, 2))
    assert [one.id for one in record_of(entry("typed", 0), corrected).of("formulation")] == ["typed"]


def test_in_a_chain_of_corrections_only_the_newest_that_stands_speaks() -> None:
    first, second = entry("first", 0), entry("second", 0, replaces="first", retracted_at=datetime(2025, 9, 2))
    third = entry("third", 0, replaces="second")
    assert [one.id for one in record_of(first, second, third).of("formulation")] == ["third"]


def test_a_sheet_without_content_says_nothing_and_hides_nothing() -> None:
    record = record_of(entry("written", 0), entry("worked-on", 7, answers={}, kind="without_content"))
    assert record.says("formulation")["client_words"] == "written"


def test_entries_are_asked_for_by_what_they_are_about() -> None:
    course = Course().person("P01", alias="Lena").person("P02", alias="Rui")
    assert alias(course.record, "P01") == "Lena"
    assert alias(course.record, "P99") == "P99"
    assert alias(course.record, None) is None


# ---- readings ----


def test_a_reported_total_is_a_reading() -> None:
    assert [one.value for one in Course().total(0, 14).record.readings("phq-9")] == [14]


def test_a_total_nobody_reported_is_none() -> None:
    assert Course().total(0, None).record.readings("phq-9") == ()


@pytest.mark.parametrize(("blanks", "readings"), [(0, 1), (1, 1), (2, 1), (3, 0)])
def test_a_sheet_with_more_than_two_blanks_is_no_reading(blanks, readings) -> None:
    course = Course().write("phq-9", 0, {f"q{n}": 1 for n in range(1, 10 - blanks)})
    found = course.record.readings("phq-9")
    assert len(found) == readings
    assert all(one.prorated is (blanks > 0) for one in found)


def test_a_sheet_with_an_impossible_answer_is_no_reading() -> None:
    assert Course().write("phq-9", 0, {f"q{n}": 7 for n in range(1, 10)}).record.readings("phq-9") == ()


def test_readings_stand_in_the_order_they_were_answered_however_late_they_were_typed_in() -> None:
    course = Course().total(14, 10)
    course.write("phq-9", 7, {}, kind="total_only", total=12, recorded=course.at(20))
    assert [one.value for one in course.record.readings("phq-9")] == [12, 10]


# ---- what the course turns on ----


def test_a_contract_names_sessions_end_and_extension() -> None:
    more = {"sessions": 3, "until": "2026-02-01", "reason": "To practise"}
    made = agreement(Course().contract(14, sessions=12, end=90, extension=more).record)
    assert (made.sessions, made.total, made.extension) == (12, 15, 3)
    assert made.extension_until == day_of("2026-02-01")
    assert agreement(Course().record) is None


def test_a_contract_sheet_without_a_number_does_not_take_back_the_one_before() -> None:
    course = Course().contract(14).write("contract", 21, {"missed_session_rule": "A call the same day"})
    assert agreement(course.record).sessions == 16


def test_the_focus_comes_from_the_formulation_the_first_area_first() -> None:
    course = Course().contract(7, focus="PA_GRIEF")
    assert focus(course.record) == ("PA_GRIEF",)
    course.formulation(14, area="PA_DISPUTE", area_secondary="PA_TRANSITION")
    assert focus(course.record) == ("PA_DISPUTE", "PA_TRANSITION")


def test_how_the_formulation_stood_on_an_earlier_day_can_be_asked() -> None:
    record = Course().formulation(14, fit=4).formulation(21, fit=8).record
    assert fit(record).client_fit == 8
    assert fit(record, Course().day(15)).client_fit == 4
    assert fit(record, Course().day(13)) is None


def test_tasks_are_told_with_the_sessions_in_which_they_were_done() -> None:
    course = Course().session(0, tasks=["INI.01"]).session(7, tasks=["INI.01", "INI.06"])
    assert {task: [one.number for one in found] for task, found in done_tasks(course.record).items()} == {
        "INI.01": [1, 2],
        "INI.06": [2],
    }


def test_a_step_belongs_to_the_session_in_which_it_was_agreed() -> None:
    course = Course().session(0).thing("steps", "st-1", 0)
    course.write("between-session-step", 0, {"text": "Ring", "agreed_in": "S01", "status": "planned"}, about="st-1")
    course.write("between-session-step", 7, {"text": "Ring", "agreed_in": "S01", "status": "done"}, about="st-1")
    assert step_after(course.record, course.sessions[0]).answers["status"] == "done"


def test_violence_checks_stand_in_the_order_they_were_asked() -> None:
    course = Course().violence_check(20, result="unsure").write("violence-check", 30, {"date": "2025-09-08"})
    assert [check.on.isoformat() for check in violence_checks(course.record)] == ["2025-09-08", "2025-09-21"]


def test_time_to_recover_runs_until_it_is_ended() -> None:
    course = Course().write("time-to-recover", 7, {"until": "2025-11-10", "duties_reduced": [{"text": "Sundays"}]})
    assert recovery(course.record).until == day_of("2025-11-10")
    assert not recovery(course.record).ended
    assert recovery(course.write("time-to-recover", 40, {"ended": True}).record).ended


@pytest.mark.parametrize("text", [None, "", "2025", "2025-10", "soon", 7, "2025-02-30"])
def test_a_date_that_is_no_full_day_is_none(text) -> None:
    assert day_of(text) is None


@given(records(), moments)
@MODERATE
def test_what_leaves_a_record_as_it_is_gives_the_record_itself(record: Record, moment: datetime) -> None:
    known = record.as_of(moment)
    assert (known is record) == (known == record)
    assert known.as_of(moment) is known


@given(score_paths())
@MODERATE
def test_what_was_scored_in_a_record_counts_in_the_record_of_an_earlier_day(path) -> None:
    course = path.course
    whole, day = course.record, course.day(path.today // 2)
    moment = datetime.combine(day, datetime.max.time())
    fresh = course.record.as_of(moment)
    derived_flags(course.manual, whole, course.day(path.today))  # scores every sheet
    assert whole.as_of(moment).readings("phq-9") == fresh.readings("phq-9")
    assert derived_flags(course.manual, whole.as_of(moment), day) == derived_flags(course.manual, fresh, day)


@MODERATE
@given(records(), moments)
def test_what_is_made_from_a_record_says_what_it_would_say_loaded_anew(record, moment):
    record.of("phq-9")  # it may have been asked before
    made = [record.as_of(moment), *(record.before(one) for one in record.sessions), record.but(entries=())]
    for one in made:
        anew = replace(one, _memo={})
        for form, about in {(e.form, about) for e in record.entries for about in (None, e.about)}:
            assert one.of(form, about) == anew.of(form, about)
