"""A record moved by whole weeks says the same on the same day of the week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from openipt.exchange.cases import replay
from openipt.exchange.cases.opening import case_ids, case_named, open_case
from openipt.exchange.clinic import shift, simulate
from openipt.exchange.clinic.shifting import move_date, move_moment
from openipt.therapy.record import Entry, Flag, Outcome, Record, Session, Thing

WEEKS = timedelta(weeks=2)
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_every_day_of_a_record_moves_and_every_word_stays():
    asked = Outcome(AT, "T", "Asked", next_contact=AT.date())
    record = Record(
        "E1", "CL1", "ipt-classic", "1.0.0", began_on=AT.date(), ended_on=date(2026, 6, 1),
        entries=(
            Entry("a", "contract", AT, AT, {"start": "2026-03-02", "extension": {"until": "2026-06-29"}}),
            Entry("b", "timeline", AT, AT, {"mark": "event", "date": "2025-08", "text": "Since 2025-08"}),
            Entry("c", "role-transition", AT, AT, {"mastery_log": [{"date": "2026-04-13", "what": "Rang"}]}),
            Entry("d", "mood-diary", AT, AT, {"at": "2026-03-03T20:15", "mood": 4}, retracted_at=AT),
            Entry("e", "intake", AT, AT, {"alias": "Ada", "onset_approx": "2025-11"}),
        ),
        sessions=(Session("S01", 1, "attended", AT, AT),),
        people=(Thing("P1", AT, AT),),
        flags=(Flag("f1", "R1", "new", AT, AT, seen_at=AT, outcomes=(asked,)),),
    )  # fmt: skip
    moved = shift(record, 2)
    assert [entry.answers for entry in moved.entries] == [
        {"start": "2026-03-16", "extension": {"until": "2026-07-13"}},
        {"mark": "event", "date": "2025-08", "text": "Since 2025-08"},
        {"mastery_log": [{"date": "2026-04-27", "what": "Rang"}]},
        {"at": "2026-03-17T20:15", "mood": 4},
        {"alias": "Ada", "onset_approx": "2025-11"},
    ]
    assert (
        {entry.happened_at for entry in moved.entries} == {entry.recorded_at for entry in moved.entries} == {AT + WEEKS}
    )
    assert (moved.began_on, moved.ended_on) == (date(2026, 3, 16), date(2026, 6, 15))
    assert moved.sessions[0].happened_at == moved.people[0].ended_at == moved.flags[0].seen_at == AT + WEEKS
    assert moved.flags[0].outcomes[0].next_contact == date(2026, 3, 16)
    assert moved.entries[3].retracted_at == AT + WEEKS


@pytest.mark.parametrize(
    ("text", "weeks", "moved"),
    [
        ("2026-12-28", 1, "2027-01-04"),
        ("2025-08", 4, "2025-09"),
        ("2025-08", 2, "2025-08"),
        ("2011", 26, "2011"),
        ("2011", 52, "2012"),
        ("soon", 5, "soon"),
    ],
)
def test_a_date_moves_as_exactly_as_it_was_told(text, weeks, moved):
    assert move_date(text, timedelta(weeks=weeks)) == moved


def test_a_moment_keeps_its_form():
    assert move_moment("2026-03-02T10:15", WEEKS) == "2026-03-16T10:15"
    assert move_moment("2026-03-02T10:15:30", WEEKS) == "2026-03-16T10:15:30"
    assert move_moment("2026-03-02T10:15+00:00", WEEKS) == "2026-03-16T10:15+00:00"


@pytest.mark.parametrize("name", case_ids())
def test_a_worked_case_moved_there_and_back_is_the_same(name):
    for record in open_case(case_named(name)).records:
        assert shift(shift(record, 52), -52) == record


def test_a_moved_course_stands_where_it_stood_with_the_same_states_flags_and_offers():
    from openipt.exchange.cases.case import Case

    def told(record: Record) -> list[tuple]:
        case = Case(record.enrolment, "Made up", record.manual, (), (record,), (), {})
        sessions = replay(case).enrolments[0].sessions
        return [(one.state.id, [i.task for i in one.agenda.offered], [f.rule for f in one.flags]) for one in sessions]

    record = simulate(84, began_on=date(2025, 3, 3), today=date(2026, 3, 2))
    assert told(shift(record, 30)) == told(record)


def test_a_sheet_whose_form_nobody_has_any_more_keeps_its_answers(monkeypatch):
    monkeypatch.setattr("openipt.exchange.clinic.shifting.has_form", lambda form: False)
    entry = Entry("a", "a-form-of-long-ago", AT, AT, {"when": "2026-03-02"})
    assert shift(Record("E1", "CL1", "ipt-classic", "1.0.0", entries=(entry,)), 2).entries[0].answers == entry.answers


def test_nothing_moved_is_nothing_changed():
    record = simulate(3, began_on=date(2025, 3, 3), today=date(2026, 3, 2))
    assert shift(record, 0) == record
