"""Sheets of the middle phase laid out by hand: the same questions, the same checker, and nothing that was not said."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from openipt.casebook.models import Draft, Entry
from openipt.casebook.queries.record import record
from openipt.rooms.workspace.sheets.conversation import script_of, tidy
from openipt.rooms.workspace.sheets.faces import FACES
from openipt.rooms.workspace.sheets.pictures import Stood, movement, stages, stood
from openipt.therapy.words import render

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

FILL = "/courses/C02/fill"
TALK = {
    "with_person": "P01",
    "lines.0.speaker": "me",
    "lines.0.said": "I turned it down.",
    "lines.0.felt.0.word": "afraid",
    "lines.0.felt.0.strength": "7",
    "lines.1.speaker": "other",
    "lines.1.said": "You decided for me.",
    "lines.1.turning_point": "yes",
    "rewrite.1.line": "0",
    "rewrite.1.said": "I was afraid you would say no, so I did not ask.",
}


def send(browser: Client, address: str, typed: dict[str, str], do: str = "save", **more: str):
    fields = {"_id": str(uuid7()), "_do": do, **more, **typed}
    return browser.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")


def words_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def kept(clinic, form: str) -> Entry:
    return [one for one in record(clinic.enrolment("C02")).entries if one.form == form][-1]


# ---- what is folded ----


def test_a_fold_says_how_many_of_its_questions_a_complete_sheet_has(visitor) -> None:
    fold = "What you wanted, and how you were"
    said = {"aim_before": "To be asked first"}

    assert f"{fold} 1 for a complete sheet" in words_of(visitor.get(f"{FILL}/communication-analysis/"))
    page = words_of(send(visitor, f"{FILL}/communication-analysis/", {**TALK, **said, "_day": "no day"}))
    assert fold in page
    assert f"{fold} 1 for a complete sheet" not in page


# ---- the same sheet, by hand or question by question ----


@pytest.mark.parametrize("form", sorted(FACES))
def test_a_sheet_by_hand_asks_what_the_plain_one_asks(visitor, clinic, form: str) -> None:
    def names(address: str) -> set[str]:
        page = visitor.get(address).content.decode()
        return {
            name
            for name in re.findall(r' name="([^"_][^"]*)"', page)
            if not name.startswith(("rewrite.", "csrf", "viewport"))
        }

    by_hand, plain = names(f"{FILL}/{form}/"), names(f"{FILL}/{form}/?plain")

    assert by_hand - {"chapter"} == plain
    assert "question by question" in words_of(visitor.get(f"{FILL}/{form}/"))


def test_a_talk_is_stored_as_it_was_written_with_other_words_at_their_line(visitor, clinic) -> None:
    assert send(visitor, f"{FILL}/communication-analysis/", TALK).status_code == 303
    said = kept(clinic, "communication-analysis").answers

    assert [row["speaker"] for row in said["lines"]] == ["me", "other"]
    assert said["lines"][0]["felt"] == [{"emotion": "fear", "intensity": 7}]
    assert said["lines"][1]["turning_point"] is True
    assert said["rewrite"] == [{"line": 0, "said": "I was afraid you would say no, so I did not ask."}]


def test_other_words_that_nobody_wrote_and_a_speaker_who_said_nothing_are_not_stored(visitor, clinic) -> None:
    empty = {"rewrite.2.line": "1", "rewrite.2.said": " ", "lines.2.speaker": "me", "lines.2.said": ""}
    send(visitor, f"{FILL}/communication-analysis/", TALK | empty)
    said = kept(clinic, "communication-analysis").answers

    assert len(said["rewrite"]) == 1
    assert len(said["lines"]) == 2


@given(
    st.dictionaries(st.sampled_from(["said", "thought_wanted", "speaker", "felt.0.word"]), st.text("ab ", max_size=3))
)
def test_tidying_never_takes_a_word_that_somebody_wrote(row: dict[str, str]) -> None:
    pairs = [("lines.0", ""), ("lines.0.said", "Right."), *((f"lines.1.{part}", text) for part, text in row.items())]
    written = [(name, text) for name, text in pairs if text.strip() and not name.endswith("speaker")]

    assert [pair for pair in tidy(pairs) if pair in written] == written


def test_words_beside_a_line_stand_at_that_line_after_another_one_was_taken_away(visitor, clinic) -> None:
    three = TALK | {"lines.2.speaker": "me", "lines.2.said": "No.", "rewrite.2.line": "2", "rewrite.2.said": "Not yet."}
    page = send(visitor, f"{FILL}/communication-analysis/", three, do="remove:lines.1").content.decode()
    last = page.split('aria-label="Line 2"')[1]

    assert "Not yet." in last.split("</li>")[-2] or "Not yet." in last
    assert re.search(r'name="rewrite\.\d+\.line" value="2"', last)
    assert "Other words, and the line they are for" in page


def test_a_line_nobody_is_named_for_is_nobodys_and_there_is_no_share_of_lines(visitor, clinic) -> None:
    send(visitor, f"{FILL}/communication-analysis/", TALK | {"lines.2.said": "Somebody said this."})
    talk = kept(clinic, "communication-analysis")
    page = visitor.get(f"/courses/C02/entries/{talk.id}/?back=S09")

    assert "speaker" not in talk.answers["lines"][2]
    assert re.search(r'<li class="nobody">\s*<p class="who">not said who</p>', page.content.decode())
    assert "Share of the lines" not in words_of(page)
    assert "The talk turned at line 2" in words_of(page)
    assert "Back to session 9" in words_of(page)


def test_a_share_of_many_lines_is_told_in_whole_per_cent_and_of_few_as_so_many_of_so_many(visitor, clinic) -> None:
    def told(lines: int) -> str:
        more = {f"lines.{n}.said": "Yes." for n in range(2, lines)}
        more |= {f"lines.{n}.speaker": "other" if n % 3 == 0 else "me" for n in range(2, lines)}
        send(visitor, f"{FILL}/communication-analysis/", TALK | more)
        return words_of(visitor.get(f"/courses/C02/entries/{kept(clinic, 'communication-analysis').id}/"))

    assert "Share of the lines that are the client’s 2 of 3" in told(3)
    assert "Share of the lines that are the client’s 67 %" in told(12)


def test_a_line_that_is_added_answers_the_one_before_and_shows_whose_it_is(visitor) -> None:
    page = send(visitor, f"{FILL}/communication-analysis/", TALK, do="add:lines").content.decode()

    added = page.split('aria-label="Line 3"')[1]
    assert re.search(r'name="lines.2.speaker" value="me" checked', added)


# ---- a talk becomes what is practised ----


def test_the_new_lines_of_a_talk_are_the_script_of_a_role_play_and_the_two_stay_linked(visitor, clinic) -> None:
    send(visitor, f"{FILL}/communication-analysis/", TALK)
    talk = kept(clinic, "communication-analysis")
    page = visitor.get(f"{FILL}/role-play/?about={talk.id}")

    assert "I was afraid you would say no, so I did not ask." in words_of(page)
    assert "You decided for me." in unescape(page.content.decode())
    assert f"/courses/C02/entries/{talk.id}/" in page.content.decode()
    send(visitor, f"{FILL}/role-play/?about={talk.id}", {"my_message": "I was afraid."})
    played = kept(clinic, "role-play")
    assert played.about == talk.id
    assert f"/fill/role-play/?about={talk.id}" in visitor.get(f"/courses/C02/entries/{talk.id}/").content.decode()
    assert f"/courses/C02/entries/{talk.id}/" in visitor.get(f"/courses/C02/entries/{played.id}/").content.decode()


def test_a_talk_without_new_lines_gives_nothing_to_say(visitor, clinic) -> None:
    plain = {name: text for name, text in TALK.items() if not name.startswith("rewrite")}
    send(visitor, f"{FILL}/communication-analysis/", plain)
    found = record(clinic.enrolment("C02"))

    assert "my_message" not in script_of(found, kept(clinic, "communication-analysis"))


# ---- where a dispute stands ----


def told(history: list[str], conflict: tuple[float, ...] = ()) -> str:
    said = movement([Stood(stage, None, "") for stage in history], conflict)
    return render(said) if said else ""


def test_from_silence_to_quarrel_is_named_as_progress_also_when_conflict_rises() -> None:
    assert "progress, also while conflict goes up (3, now 4 of 4)" in told(["impasse", "renegotiation"], (3, 4))
    assert "progress" in told(["impasse", "renegotiation"], (4, 2))


@pytest.mark.parametrize(
    "history", [["renegotiation", "impasse"], ["impasse", "dissolution"], ["renegotiation", "dissolution"]]
)
def test_no_other_move_is_judged(history: list[str]) -> None:
    assert not re.search("progress|worse|fail|better", told(history, (1, 4)))


def test_a_dispute_that_stood_in_one_place_has_no_movement_and_its_stage_stands_once() -> None:
    history = stood({"stage": "impasse", "stage_history": [{"stage": "impasse", "session": 3}]}, [])

    assert [at.stage for at in history] == ["impasse"]
    assert told(["impasse"]) == ""
    assert [one.now for one in stages(history)] == [False, True, False]


def test_the_map_of_a_worked_case_shows_its_stages_and_their_history(visitor, clinic) -> None:
    older = next(
        one for one in record(clinic.enrolment("C02")).entries if one.form == "dispute-map" and one.kind == "answers"
    )
    page = words_of(visitor.get(f"{FILL}/dispute-map/?replaces={older.id}"))

    assert "Talk has stopped" in page
    assert "Cannot be repaired; at least one wants out" in page


# ---- moments ----


def moment(browser: Client, act: str, person: str = "P02") -> None:
    typed = {"trigger": "She did not answer.", "i_did": act, "person": person, "caught_when": "after"}
    assert send(browser, "/courses/C03/fill/pattern-log/", typed).status_code == 303


def test_nothing_is_counted_before_three_moments_and_then_only_counted(visitor, clinic) -> None:
    before = words_of(visitor.get("/courses/C03/fill/pattern-log/"))
    person = record(clinic.enrolment("C03")).people[0].id
    for act in ("withdraw", "withdraw", "please"):
        moment(visitor, act, person)
    three = words_of(visitor.get("/courses/C03/fill/pattern-log/"))
    moment(visitor, "withdraw", person)
    four = words_of(visitor.get("/courses/C03/fill/pattern-log/"))

    assert "Nothing is counted before three moments are written." in before
    assert "2 of 3: went away" in three
    assert "3 of 4: went away" in four
    assert "4 of 4: just after" in four
    assert not re.search(r"always|never|typical|tends to", four)


# ---- remembering somebody who died ----


def test_parts_of_a_reconstruction_open_one_by_one_and_none_is_asked_for(visitor, clinic) -> None:
    page = visitor.get("/courses/C01/fill/grief-reconstruction/").content.decode()
    sent = send(visitor, "/courses/C01/fill/grief-reconstruction/", {"distress_now_before": "4"})

    assert page.count('<details name="chapter">') == 6
    assert sent.status_code == 303


# ---- options, roles, ladder ----


def test_whom_a_point_touches_stands_beside_the_point(visitor, clinic) -> None:
    typed = {"options.0.text": "Wait", "options.0.cons.0.text": "It goes on", "options.0.cons.0.who": "Noah"}
    page = send(visitor, f"{FILL}/decision-analysis/", typed, do="keep").content.decode()

    inside = page.index('name="options.0.cons.0.who"')
    assert "<details" not in page[page.index('name="options.0.cons.0.text"') : inside]


def test_the_ladder_shows_what_was_rehearsed_and_the_weeks_show_plain_numbers(visitor, clinic) -> None:
    typed = {
        "ladder.0.text": "Say good morning",
        "ladder.0.rehearsed": "yes",
        "ladder.0.status": "done",
        "weeks.0.week_of": "2025-10-06",
        "weeks.0.contacts": "3",
    }
    page = words_of(send(visitor, f"{FILL}/isolation/", typed, do="keep"))

    assert re.search(r"Say good morning .*tried out here .*done", page)
    assert "Contacts a week" in page


def test_both_roles_stand_with_how_they_looked_and_a_blank_is_no_zero(visitor, clinic) -> None:
    typed = {"balance.0.session": "4", "balance.0.balance_old": "9"}
    page = words_of(send(visitor, f"{FILL}/role-transition/", typed, do="keep"))

    assert re.search(r"session 4 9 not asked", page)
    Draft.objects.all().delete()
