"""Life with people stands beside the symptoms as their equal, also while these stay where they are."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from casebooks import record_of_case, worked_case
from factories import EVENING, Course

from openipt.rooms.workspace.course.following import draw_following
from openipt.rooms.workspace.course.relations import gains, stuck_goals, symptoms_unchanged
from openipt.therapy.course.ahead import ahead
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.progress import Reference, default_reference
from openipt.therapy.progress.reference import as_data
from openipt.therapy.record import Entry, ExpectedCourse, Record
from openipt.therapy.words import catalogue, render

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "therapy" / "insight"))
from banned import banned_in, texts_in

CLASSIC = open_manual("ipt-classic")


def until(case: str, day: date) -> Record:
    """A worked case as known in the evening of a day."""
    from openipt.rooms.workspace.courses import evening

    return record_of_case(case).as_of(evening(day, UTC))


def without_scores_after(record: Record, day: date) -> Record:
    """The same course, had nobody answered the questionnaire any more."""
    kept = tuple(one for one in record.entries if one.form != "phq-9" or one.happened_at.date() <= day)
    return replace(record, entries=kept, _memo={})


def said(record: Record) -> tuple[str, dict[str, str]]:
    made = gains(CLASSIC, record, {})
    return render(made.headline), {render(one.words): one.way for one in made.lines}


def sheet(form: str, day: int, answers: dict, about: str | None = None) -> Entry:
    at = Course().at(day, EVENING)
    name = f"{form}-{day}-{about}-{answers.get('person')}"
    return Entry(name, form, at, at, answers, about=about)


def with_sheets(*sheets: Entry, scores: tuple[float, ...] = (20, 19, 20)) -> Record:
    """A course whose symptoms stay where they are, with sheets."""
    course = Course()
    for week, score in enumerate(scores):
        course.session(7 * week)
        course.total(7 * week, score)
    known = course.record
    return replace(known, entries=(*known.entries, *sheets), _memo={})


def test_from_impasse_to_renegotiation_is_progress_while_the_score_has_not_changed() -> None:
    record = without_scores_after(until("C02", date(2025, 11, 4)), date(2025, 9, 29))
    headline, lines = said(record)

    assert symptoms_unchanged(CLASSIC, record)
    assert headline.startswith("Symptoms unchanged so far. Further than at the start with people: the dispute")
    forward = "The dispute: talk had stopped, and now both try again. That is progress, also while they quarrel more."
    assert lines[forward] == "further"


def test_the_case_with_a_dispute_that_ends_says_what_became_of_it() -> None:
    _, lines = said(record_of_case("C06"))

    assert any(line.startswith("The dispute") and way == "further" for line, way in lines.items())


@pytest.mark.parametrize(
    ("stages", "way"),
    [
        (("impasse", "impasse"), "same"),
        (("renegotiation", "impasse"), "back"),
        (("dissolution", "renegotiation"), "further"),
        (("impasse", "dissolution"), "back"),
    ],
)
def test_every_way_of_a_dispute_is_told(stages: tuple[str, str], way: str) -> None:
    sheets = [sheet("dispute-map", 7 * n, {"stage": stage}) for n, stage in enumerate(stages)]

    assert list(said(with_sheets(*sheets))[1].values()) == [way]


def test_support_closeness_goals_contacts_and_practice_are_told_beside_symptoms_that_stay() -> None:
    goal = {"statement": "Say no once", "baseline": 2, "target": 7, "ratings": [{"session": 3, "value": 5}]}
    record = with_sheets(
        sheet("closeness-circle", 0, {"places": [{"person": "P1", "ring": 3}, {"person": "P2", "ring": 1}]}),
        sheet("closeness-circle", 14, {"places": [{"person": "P1", "ring": 2}, {"person": "P2", "ring": 2}]}),
        sheet("isolation", 14, {"weeks": [{"contacts": 1}, {"contacts": 4}]}),
        sheet("role-play", 14, {"about": "saying no"}),
        sheet("goals-and-boundaries", 14, goal, "G1"),
        sheet("mos-sss", 0, {f"q{n}": 2 for n in range(1, 20)}),
        sheet("mos-sss", 14, {f"q{n}": 4 for n in range(1, 20)}),
    )
    record = replace(
        record,
        goals=(*record.goals, _goal("G1", record)),
        entries=(
            *record.entries,
            sheet("goals-and-boundaries", 14, {**goal, "ratings": [{"session": 3, "value": 5}]}, "G1"),
        ),
        _memo={},
    )
    headline, lines = said(record)

    assert headline == (
        "Symptoms unchanged so far. "
        "Further than at the start with people: support, closeness to P1, one goal and contacts."
    )
    assert lines["P1: nearer on the circle than at first."] == "further"
    assert lines["P2: further away on the circle than at first."] == "back"
    assert lines["Goals further than at the start: 1 of 1."] == "further"
    assert lines["Contacts a week: 1 at first, 4 now."] == "further"
    assert lines["Practised how to say things once, on a sheet."] == "done"
    assert any(line.startswith("Support (MOS-SSS): ") and way == "further" for line, way in lines.items())


def test_one_day_shows_nobody_where_they_stood_before_and_a_replay_is_no_practice() -> None:
    circle = {"places": [{"person": "P1", "ring": 3}]}
    record = with_sheets(
        sheet("closeness-circle", 0, circle),
        sheet("closeness-circle", 0, circle),
        sheet("communication-analysis", 14, {"aim_before": "To be heard"}),
        sheet("assertive-message", 14, {"situation": "The project"}),
    )

    assert said(record)[1] == {}


def test_satisfaction_is_told_for_each_person_apart() -> None:
    record = with_sheets(
        *(
            sheet("own-satisfaction", day, {"person": who, "satisfaction": value})
            for who, day, value in (("P1", 0, 3), ("P2", 0, 8), ("P1", 14, 6), ("P2", 14, 8))
        ),
    )
    record = replace(record, people=(_goal("P1", record), _goal("P2", record)), _memo={})
    lines = said(record)[1]

    assert lines == {
        "Content with how it is with P1: 3 of 10 at the start, 6 now.": "further",
        "Content with how it is with P2: 8 of 10 at the start, 8 now.": "same",
    }


def _goal(name: str, record: Record):
    from openipt.therapy.record import Thing

    return Thing(name, record.entries[0].recorded_at)


def test_where_nothing_was_asked_twice_the_page_says_when_it_is_asked() -> None:
    headline, lines = said(with_sheets(scores=(20,)))

    assert headline.startswith("Nothing about people has been asked twice yet.")
    assert lines == {}


@pytest.mark.parametrize(
    ("ratings", "stuck"),
    [
        ([], False),
        ([2], False),
        ([2, 2], True),
        ([1, 2], True),
        ([4, 4], False),
        ([4, 4, 4], True),
        ([4, 4, 5], False),
        ([7, 7, 7], False),  # reached
    ],
)
def test_two_reviews_without_movement_ask_to_change_goal_plan_or_hope(ratings: list[int], stuck: bool) -> None:
    said_of = {
        "statement": "Say no once",
        "baseline": 2,
        "target": 7,
        "ratings": [{"session": n, "value": value} for n, value in enumerate(ratings, 4)],
    }
    record = with_sheets(sheet("goals-and-boundaries", 14, said_of, "G1"))
    record = replace(record, goals=(_goal("G1", record),), _memo={})
    found = stuck_goals(record)

    assert bool(found) == stuck
    if stuck:
        assert render(found[0].words).endswith("Change the goal, the plan or what is hoped for?")


def reference(courses: int) -> Reference:
    return replace(default_reference(open_form("phq-9")), courses=courses, version=f"local-{courses}")


def drawn(record: Record, own: Reference | None):
    """The picture of a course whose service has learned this, on the day of the last score."""
    if own is not None:
        began = record.readings("phq-9")[0].day
        kept = ExpectedCourse("phq-9", own.version, began, own.courses, as_data(own))
        record = replace(record, expected=(kept,), _memo={})
    way = ahead(CLASSIC, record, record.readings("phq-9")[-1].day)
    picture = draw_following(record, CLASSIC, way=way, width=560, prefix="wide")
    assert picture is not None
    return picture


@pytest.mark.parametrize(("courses", "band"), [(None, False), (0, False), (99, False), (100, True), (150, True)])
def test_what_is_expected_is_drawn_only_from_a_hundred_finished_local_courses_on(courses, band: bool) -> None:
    picture = drawn(with_sheets(), None if courses is None else reference(courses))

    assert ("f-band" in picture.svg) == band
    assert ("80 of 100 lie in here" in picture.svg) == band


def test_nothing_is_expected_of_somebody_who_began_below_the_clinical_range() -> None:
    assert "f-band" not in drawn(with_sheets(scores=(7, 6, 5)), reference(150)).svg


def test_events_medication_and_sessions_are_marked_and_stand_in_the_table() -> None:
    record = record_of_case("C02")
    picture = drawn(record, None)
    rows = [text for _, text in picture.table.rows]

    assert rows.count("session") == len(record.held())
    assert any("sertraline" in text for text in rows)


def test_an_event_whose_day_is_not_known_is_not_put_on_a_day() -> None:
    begun = Course().day(7)
    events = [
        sheet("timeline", 7, {"mark": "event", "date": begun.isoformat(), "text": "A quarrel at last"}),
        sheet("timeline", 8, {"mark": "event", "date": f"{begun:%Y-%m}", "text": "Some time this month"}),
        sheet("timeline", 9, {"mark": "event", "date": (begun - timedelta(days=400)).isoformat(), "text": "Long ago"}),
    ]
    rows = [text for _, text in drawn(with_sheets(*events), None).table.rows]

    assert "A quarrel at last" in rows
    assert "Some time this month" not in rows
    assert "Long ago" not in rows


def test_no_text_about_life_with_people_uses_a_word_that_no_insight_may_use() -> None:
    lines = {name: line for name, line in catalogue("en").lines.items() if name.startswith("gains.")}

    assert len(lines) > 20
    assert [word for line in lines.values() for text in texts_in(line) for word in banned_in(text)] == []


def test_no_worked_case_draws_a_band_in_the_rooms() -> None:
    for case in ("C01", "C02", "C03"):
        for record in worked_case(case).records[:1]:
            picture = draw_following(record, open_manual(record.manual), width=560, prefix="wide")
            assert picture is not None
            assert "f-band" not in picture.svg


def test_a_score_that_went_back_up_from_its_best_is_not_called_unchanged() -> None:
    assert symptoms_unchanged(CLASSIC, with_sheets(scores=(18, 17, 18)))
    assert not symptoms_unchanged(CLASSIC, with_sheets(scores=(18, 11, 18)))
