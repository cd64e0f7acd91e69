"""What is written from the record: facts only. Names and the client's words enter where a person asks for them."""

from __future__ import annotations

import re

import pytest
from factories import Course
from personas import finished, settled, troubled

from openipt.exchange.cases import case_files, open_case
from openipt.exchange.cases.replay import manual_for
from openipt.therapy.manuals import open_task, task_ids
from openipt.therapy.words import render
from openipt.therapy.writing import note, summary, tell

NEVER = ("because of", "caused", "causes", "high risk", "low risk", "at risk", "failed", "failure", "non-compliant")


@pytest.fixture(scope="module", params=case_files(), ids=lambda file: file.stem)
def courses(request) -> list[tuple]:
    """Every course of one worked case, with its manual."""
    case = open_case(request.param)
    return [(manual_for(record, case.group is not None), record) for record in case.records]


def parts_text(parts) -> str:
    return " ".join(render(line) for part in parts for line in (part.heading, *part.lines))


def note_text(course: Course, number: int, **asked) -> str:
    made = note(course.manual, course.record, course.sessions[number - 1], **asked)
    return parts_text(made.parts) + " " + " ".join(render(line) for line in made.not_recorded)


def everything_written(manual, record, **asked) -> str:
    """Every note of a course, written on its day and written at the end, and the summary."""
    day = record.ended_on or record.sessions[-1].day
    notes = [note(manual, record, session, **asked) for session in record.sessions]
    if not asked:
        notes += [told.note for told in tell(manual, record)]
    text = " ".join(parts_text(made.parts) + " ".join(render(line) for line in made.not_recorded) for made in notes)
    return text + " " + parts_text(summary(manual, record, day, **asked))


def names_of(record) -> set[str]:
    return {record.says("interpersonal-inventory", thing.id).get("alias") for thing in record.people} - {None}


def client_words(record) -> list[str]:
    """Everything the record holds in the client's own words."""
    found = [entry.answers.get("client_words") for entry in record.of("formulation")]
    found += [entry.answers.get("client_says") for entry in record.of("decision-record")]
    found += [entry.answers.get("mood_event_link") for entry in record.of("session-record")]
    found += [entry.answers.get("note") for entry in record.of("mood-diary")]
    found += [
        line.get("said") for entry in record.of("communication-analysis") for line in entry.answers.get("lines") or ()
    ]
    return [text for text in found if text and len(text) > 12]


# ---- every session of every worked case ----


def test_every_note_and_summary_renders(courses) -> None:
    for manual, record in courses:
        text = everything_written(manual, record)
        assert len(text) > 200
        assert not re.search(r"[{}!]|None|\[\]|Sentence\(", text)
        assert ".." not in text


def test_nobody_of_the_clients_life_is_named(courses) -> None:
    for manual, record in courses:
        text = everything_written(manual, record)
        named = [
            name for name in names_of(record) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
        ]
        # "Partner" or "Child" can be an alias and a plain word of ours: only free text could have brought a name in.
        assert [name for name in named if name not in ("Partner", "Child", "Friend", "Sister", "Brother", "Wife")] == []


def test_the_client_is_not_quoted_and_the_diary_is_not_copied(courses) -> None:
    for manual, record in courses:
        text = everything_written(manual, record)
        assert [words for words in client_words(record) if words.rstrip(".") in text] == []


def test_nothing_is_explained_labelled_or_blamed(courses) -> None:
    for manual, record in courses:
        text = everything_written(manual, record).lower()
        assert [word for word in NEVER if word in text] == []


def test_names_and_words_enter_where_they_are_asked_for(courses) -> None:
    for manual, record in courses:
        assert "[…]" not in everything_written(manual, record, people=True, words=True)
        shared = record.says("formulation").get("client_words")
        if shared:
            day = record.ended_on or record.sessions[-1].day
            assert shared.rstrip(".") in parts_text(summary(manual, record, day, people=True, words=True))


def test_whatever_was_done_is_told(courses) -> None:
    for manual, record in courses:
        for told in tell(manual, record):
            done = record.says("session-record", told.session.id).get("tasks") or []
            assert list(told.done) == done
            offered = {item.task for item in told.agenda.offered}
            assert set(told.done_unoffered) == set(done) - offered


def test_writing_twice_gives_the_same(courses) -> None:
    manual, record = courses[0]
    assert tell(manual, record) == tell(manual, record)


# ---- the note ----


def stepping(text: str) -> Course:
    """A course in which a step was agreed in the first session."""
    course = Course().person("P01", alias="Lena").person("P02", alias="Lena Berg").session(0, tasks=["MID.07"], mood=4)
    course.thing("steps", "st-1", 0)
    return course.write(
        "between-session-step", 0, {"text": text, "agreed_in": "S01", "status": "planned"}, about="st-1"
    )


def test_names_in_free_text_are_left_out_the_longest_first_in_any_case() -> None:
    course = stepping("Ask Lena Berg, then LENA, to come; lenastrasse stays.")
    assert "Ask […], then […], to come; lenastrasse stays." in note_text(course, 1)
    assert "Ask Lena Berg, then LENA, to come" in note_text(course, 1, people=True)


def test_a_name_that_ends_with_a_dot_is_left_out_at_the_end_of_a_sentence_too() -> None:
    course = stepping("Write to Ms T.").person("P03", alias="Ms T.")
    assert "Write to […]." in note_text(course, 1)
    assert "Write to Ms T." in note_text(course, 1, people=True)


def test_a_name_a_person_had_before_is_left_out_too() -> None:
    course = stepping("Write to Magda").person("P01", 1, alias="Magda").person("P01", 2, alias="Lena")
    assert "Magda" not in note_text(course, 1)


def test_other_people_in_the_room_are_counted_and_not_named() -> None:
    course = Course().person("P01", alias="Lena").session(0, "joint", tasks=["INI.07"], with_people=["P01"])
    assert "One more person took part" in note_text(course, 1)
    assert "Together with Lena" in note_text(course, 1, people=True)


def test_the_mood_event_sentence_enters_by_a_tap() -> None:
    course = Course().session(0, tasks=["MID.03"], mood_event_link="Down after the call with mother")
    assert "Down after the call" not in note_text(course, 1)
    assert "Down after the call with mother" in note_text(course, 1, words=True)


def a_quarrel(sentence: str) -> Course:
    """A dispute with Lena; the sentence on mood and event was about her and about Rui."""
    course = Course().person("P1", alias="Lena", in_focus=True).person("P2", alias="Rui")
    course.write("formulation", 0, {"area_primary": "PA_DISPUTE"})
    return course.session(7, people=["P1", "P2"], mood_event_link=sentence)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Low after the partner had left", "Mood and event (Lena and Rui): Low after the partner had left."),
        ("Low after lena had left", "Mood and event (Rui): Low after lena had left."),
        ("Low: Lena and Rui left", "Mood and event: Low: Lena and Rui left."),
    ],
)
def test_with_names_the_focus_and_the_mood_event_sentence_say_whom_they_are_about(sentence: str, told: str) -> None:
    course = a_quarrel(sentence)
    named = note_text(course, 1, people=True, words=True)

    assert "Focus: Role dispute (Lena)." in named
    assert told in named
    assert "Focus: Role dispute." in note_text(course, 1, words=True)
    assert not re.search(r"\b(Lena|Rui)\b", note_text(course, 1, words=True), re.IGNORECASE)


def test_with_names_the_other_person_of_a_talk_is_who_it_was_with() -> None:
    course = Course().person("P1", alias="Lena").session(0).session(7)
    course.write("communication-analysis", 7, {**TALK, "with_person": "P1"})

    assert "It turned at line 2, where Lena spoke." in note_text(course, 2, people=True)
    assert "It turned at line 2, where the other person spoke." in note_text(course, 2)


def test_a_score_is_told_with_the_one_before_and_blanks_are_named() -> None:
    course = Course().session(0).phq9(0, 18).session(7).write("phq-9", 7, {f"q{n}": 2 for n in range(1, 9)}, hour=9)
    course.session(14).write("phq-9", 14, {"q1": 3}, hour=9)
    assert "PHQ-9 18, moderately severe." in note_text(course, 1)
    assert "PHQ-9 18, as before" in note_text(course, 2)
    assert "made up from the answers given; 1 left blank" in note_text(course, 2)
    assert "cannot be scored; 8 answers left blank" in note_text(course, 3)


def test_an_answer_of_the_evening_is_not_lost_between_two_notes() -> None:
    course = Course().session(0).session(7).phq9(0, 18, q9=1, hour=20)
    assert "question 9" in note_text(course, 2)


def test_a_flag_of_the_session_before_is_not_told_again_whatever_the_hour() -> None:
    course = troubled().session(7)
    course.sessions[1] = type(course.sessions[1])(
        "S02", 2, "attended", course.at(7, 18), course.at(7, 19), 50, "in_person"
    )
    assert "question 9" in note_text(course, 1)
    assert "question 9" not in note_text(course, 2)


def test_what_was_asked_alone_stays_out_of_the_note() -> None:
    course = Course().session(0).session(7)
    course.violence_check(7, ["P01"], result="current_violence", safe_to_raise="no", child_or_adult_at_risk=True)
    course.write("safety-conversation", 7, {"thoughts": 1, "intent": True})
    told = note_text(course, 2, people=True, words=True).lower()
    assert "an outcome to a flag" in told
    for word in ("violence", "safety conversation", "intention", "thoughts", "child"):
        assert word not in told


def test_a_missed_session_has_a_note_too() -> None:
    told = note_text(Course().session(0, "no_show"), 1)
    assert "Monday 1 September 2025: not met" in told


def test_a_decision_is_told_also_before_its_point_fell_due() -> None:
    course = Course().session(0).phq9(0, 18).session(7).decide(7, "DP4", "augment", reason="Sleep is very poor")
    told = note_text(course, 2)
    assert "Decision point 4: Add: evaluation for medication" in told
    assert "Sleep is very poor" in told


def test_a_decision_sheet_that_is_only_begun_stops_nothing() -> None:
    course = Course().weekly(4).phq9(0, 18).write("decision-record", 21, {"point": "DP4"})
    assert "Decision" in note_text(course, 4)
    assert "not written" in parts_text(summary(course.manual, course.record, course.day(21)))


def test_from_impasse_to_renegotiation_is_named_as_progress_beside_a_score_that_rose() -> None:
    course = Course().session(0).phq9(0, 14).session(7).phq9(7, 21)
    course.write("dispute-map", 0, {"person": "P01", "stage": "impasse"}, about="P01")
    course.write("dispute-map", 7, {"person": "P01", "stage": "renegotiation"}, about="P01")
    told = note_text(course, 2)
    assert "PHQ-9 21 (was 14)" in told
    assert "from impasse to renegotiation, which is progress also while conflict rises" in told


def test_the_stages_of_two_disputes_are_not_mixed_up() -> None:
    course = Course().session(0).session(7)
    course.write("dispute-map", 0, {"person": "P01", "stage": "impasse"}, about="P01")
    course.write("dispute-map", 7, {"person": "P02", "stage": "renegotiation"}, about="P02")
    assert "progress" not in note_text(course, 2)


def test_the_note_says_what_is_not_recorded_and_never_that_it_may_not_be_signed() -> None:
    course = Course().session(0).phq9(0, 18, q9=1)
    missing = [one.id for one in note(course.manual, course.record, course.sessions[0]).not_recorded]
    asked = ["note.open.safety", "note.open.medical"]  # of the first session
    assert missing == ["note.open.tasks", "note.open.mood", "note.open.step", *asked, "note.open.flag"]


def test_a_task_or_technique_that_nobody_knows_any_more_is_told_by_its_id() -> None:
    course = Course().session(0, tasks=["XYZ.01", "MID.01"], techniques=["T_GONE", "T_SICK_ROLE"])
    told = note_text(course, 1)
    assert "XYZ.01" in told
    assert "T_GONE and Time to recover" in told


def test_what_was_done_is_a_list_of_phrases_that_may_hold_commas() -> None:
    course = Course().session(0, tasks=["MID.01", "DSP.04", "MID.07"]).session(7, tasks=["MID.03"])

    assert "Done: the opening question; one quarrel, line by line; and the agreement on one step." in note_text(
        course, 1
    )
    assert "Done: the link between mood and what happened." in note_text(course, 2)


@pytest.mark.parametrize("task", task_ids())
def test_a_note_has_a_phrase_of_its_own_for_every_task_which_stands_inside_a_sentence(task: str) -> None:
    noted = open_task(task).noted

    assert noted
    assert noted[0].islower()
    assert not re.search(r"[;:?.!]", noted)


def test_a_medication_change_is_told_once() -> None:
    course = Course().session(0).session(7).session(14)
    course.write("medication", 5, {"date": "2025-09-06", "drug": "sertraline", "action": "start", "dose_mg": 50})
    assert "sertraline started on 6 September, 50 mg" in note_text(course, 2)
    assert "sertraline" not in note_text(course, 3)


# ---- the summary ----


def summary_text(course: Course, day: int, **asked) -> str:
    return parts_text(summary(course.manual, course.record, course.day(day), **asked))


def test_the_summary_tells_course_change_decisions_and_ending() -> None:
    course = finished().end(105, way_back="A call is enough")
    told = summary_text(course, 105)
    assert "16 of 16 sessions in 15 weeks" in told
    assert "PHQ-9 went from 20 to 6: a reliable improvement, from the clinical range to below it" in told
    assert "Finished as agreed on 15 December 2025" in told


def test_the_summary_names_what_is_not_on_record() -> None:
    told = summary_text(finished(last_score=14).end(105), 105)
    assert "Not on record" in told
    assert "next step" in told


def test_goals_are_told_without_the_names_in_them() -> None:
    course = settled(3).thing("goals", "g-1", 14)
    said = {"statement": "Tell Lena when I want company.", "baseline": 2, "target": 7, "ratings": [{"value": 5}]}
    course.write("goals-and-boundaries", 14, said, about="g-1")
    assert "Tell […] when I want company: 2 at the start, 5 now, hoped for 7" in summary_text(course, 14)
    assert "Tell Lena when I want company" in summary_text(course, 14, people=True)


def test_a_summary_can_be_written_of_a_course_that_has_hardly_begun() -> None:
    assert "0 of 16 sessions in 0 weeks" in summary_text(Course(), 0)


def test_the_diary_stays_where_it_is_also_when_words_are_asked_for() -> None:
    course = Course().session(0)
    course.write("mood-diary", 5, {"at": "2025-09-06T20:00", "mood": 3, "note": "Cried in the car park"})
    course.session(7, tasks=["MID.03"])
    assert "car park" not in note_text(course, 2, people=True, words=True)
    assert "car park" not in summary_text(course, 7, people=True, words=True)


# ---- what is retold of the last step and of a talk ----

TALK = {
    "lines": [
        {"speaker": "me", "said": "You never ring, Lena.", "felt": [{"emotion": "hurt"}]},
        {"speaker": "other", "said": "Then go to Lena's mother.", "turning_point": True},
    ],
    "rewrite": [{"line": 0, "said": "I waited for you, Lena."}],
}


def with_a_talk() -> Course:
    course = Course().person("P1", alias="Lena").session(0).session(7, feelings=["hurt"])
    return course.write("communication-analysis", 7, TALK)


def test_a_feeling_that_card_and_talk_both_name_is_named_once() -> None:
    assert note_text(with_a_talk(), 2).lower().count("hurt") == 1


def test_the_line_where_a_talk_turned_and_the_other_words_are_quoted_where_somebody_asks_for_words() -> None:
    quoted = note_text(with_a_talk(), 2, words=True)

    assert "It turned at line 2, where the other person said: “Then go to […]'s mother”." in quoted
    assert "Other words for line 1, of the client: “I waited for you, […]”." in quoted
    assert "“I waited for you, Lena”" in note_text(with_a_talk(), 2, words=True, people=True)


def test_without_that_the_lines_are_named_and_nobodys_words_are_in_it() -> None:
    plain = note_text(with_a_talk(), 2)

    assert "It turned at line 2, where the other person spoke." in plain
    assert "Other words were found for line 1, of the client." in plain
    assert "“" not in plain


STEP = {"text": "Ring Lena", "agreed_in": "S01"}


def with_a_step(by: str | None) -> Course:
    """A step that was agreed in the first session; what happened is written by somebody before the second."""
    course = Course().person("P1", alias="Lena").session(0).thing("steps", "ST1", 0)
    course.write("between-session-step", 0, {**STEP, "status": "planned"}, about="ST1", by="T-01")
    told = {**STEP, "status": "done", "what_happened": "Lena rang back."}
    return course.write("between-session-step", 5, told, about="ST1", by=by).session(7)


def test_what_the_therapist_wrote_of_the_last_step_is_in_the_note_as_it_is() -> None:
    assert "Agreed step (Ring […]): Done. What happened: […] rang back." in note_text(with_a_step("T-01"), 2)


def test_what_the_client_wrote_of_it_enters_as_a_quotation_where_somebody_asks_for_words() -> None:
    course = with_a_step(None)

    assert "rang back" not in note_text(course, 2)
    assert "What happened, in the client's words: “[…] rang back”." in note_text(course, 2, words=True)


def test_the_clients_sentence_stays_theirs_when_somebody_else_keeps_it() -> None:
    course = with_a_step(None)
    kept = {**STEP, "status": "partly", "what_happened": "Lena rang back."}
    course.write("between-session-step", 7, kept, about="ST1", by="T-01")

    assert "rang back" not in note_text(course, 2)
