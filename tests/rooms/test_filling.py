"""A sheet is handed in once, as it was meant, by whoever may; what cannot be taken comes back with everything on it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from uuid_utils.compat import uuid7

from openipt.casebook.models import Draft, Entry, Flag, Score
from openipt.casebook.operations.changing import retract
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PHQ9 = "/courses/C02/fill/phq-9/"
TALK = "/courses/C02/fill/communication-analysis/"
PLAIN = f"{TALK}?plain"  # question by question; its own page is tested in tests/rooms/sheets
CALM = {f"q{n}": "1" for n in range(1, 9)} | {"q9": "0"}
IN_DANGER = CALM | {"q9": "2"}
SHORT_TALK = {"lines.0.speaker": "me", "lines.0.said": "Right.", "outcome": "We ate without talking."}


def send(browser: Client, address: str, typed: dict[str, str], *, mark: object = None, do: str = "save", **more: str):
    """Hand a sheet in as a browser does."""
    fields = {"_id": str(mark or uuid7()), "_do": do, **{f"_{name}": text for name, text in more.items()}, **typed}
    return browser.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")


def words_of(response) -> str:
    """The words of a page, without its marks."""
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
    return page.replace("&#x27;", "'").replace("&quot;", '"')


def entry_of(response) -> Entry:
    """The entry that a sheet led to."""
    assert response.status_code == 303, words_of(response)
    return Entry.objects.get(id=response["Location"].split("/")[-2])


def counted() -> tuple[int, ...]:
    return tuple(one.objects.count() for one in (Entry, Score, Flag, Draft))


# ---- once, and as it was meant ----


def test_a_sheet_leads_to_its_entry_and_no_answer_stands_in_the_address(visitor) -> None:
    sent = send(visitor, PHQ9, CALM)
    entry = entry_of(sent)

    assert sent["Location"] == f"/courses/C02/entries/{entry.id}/?told=saved"
    assert entry.id.version == 7
    assert "is in the record." in words_of(visitor.get(sent["Location"]))


def test_pressing_twice_or_going_back_and_pressing_again_stores_one_sheet(visitor, clinic) -> None:
    mark = uuid7()
    first, second = (send(visitor, PHQ9, IN_DANGER, mark=mark) for _ in range(2))

    assert entry_of(first) == entry_of(second)
    assert Flag.objects.filter(entry=mark).count() == 1
    assert "It stands there once." in words_of(visitor.get(second["Location"]))


def test_another_answer_under_the_same_mark_is_kept_beside_the_first_and_both_are_shown(visitor, clinic) -> None:
    mark = uuid7()
    send(visitor, PHQ9, CALM, mark=mark)
    conflict = send(visitor, PHQ9, CALM | {"q1": "3"}, mark=mark)
    said = words_of(conflict)

    assert conflict.status_code == 409
    assert "This sheet is in the record already, with other answers" in said
    assert re.search(r"Little interest or pleasure in doing things Several days Nearly every day", said)
    assert f"/courses/C02/entries/{mark}/" in conflict.content.decode()
    assert Score.objects.get(entry=mark, name="total").value == 8
    assert Draft.objects.get(conflicts_with=mark)


def test_the_second_one_can_be_made_the_newer_version_and_nothing_is_left_waiting(visitor, clinic) -> None:
    mark = uuid7()
    send(visitor, PHQ9, CALM, mark=mark)
    page = send(visitor, PHQ9, CALM | {"q1": "3"}, mark=mark).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="_(id|settles)" value="([^"]+)"', page))

    newer = entry_of(
        send(visitor, f"{PHQ9}?replaces={mark}", CALM | {"q1": "3"}, mark=hidden["id"], settles=hidden["settles"])
    )

    assert newer.replaces_id == mark
    assert [one.value for one in record(clinic.enrolment("C02")).readings("phq-9")][-1] == 10
    assert not Draft.objects.filter(conflicts_with=mark).exists()


def test_an_answer_about_danger_that_came_second_is_no_draft_but_an_entry_with_its_flag(visitor, clinic) -> None:
    mark = uuid7()
    send(visitor, PHQ9, CALM, mark=mark)
    page = send(visitor, PHQ9, IN_DANGER, mark=mark)

    assert page.status_code == 409
    assert "it stands in the record, too, with its flag" in words_of(page)
    assert "data-fill" not in page.content.decode()
    alone = re.search(r"with its flag: <a href=\"([^\"]+)", page.content.decode())[1]
    assert "A flag waits for" in words_of(visitor.get(alone))


def test_two_people_write_a_newer_version_at_once_and_the_second_is_told(visitor, clinic) -> None:
    older = entry_of(send(visitor, f"{TALK}?about=P01", SHORT_TALK))
    instead = f"{TALK}?replaces={older.id}"
    first = entry_of(send(visitor, instead, SHORT_TALK | {"outcome": "We laughed."}))

    second = send(visitor, instead, SHORT_TALK | {"outcome": "We went out."})

    assert second.status_code == 409
    assert "A newer version came in while you were writing" in words_of(second)
    assert "We laughed. We went out." in words_of(second)
    third = entry_of(send(visitor, f"{TALK}?replaces={first.id}", SHORT_TALK | {"outcome": "We went out."}))
    assert (third.replaces_id, third.about) == (first.id, "P01")


def test_a_mark_that_belongs_to_somebody_elses_sheet_tells_nothing_of_that_sheet(visitor, clinic) -> None:
    other = Entry.objects.filter(enrolment__label="C01").first()
    answer = send(visitor, TALK, SHORT_TALK, mark=other.id)

    assert answer.status_code == 409
    assert "Another sheet has the mark of this page." in words_of(answer)
    assert str(other.id) not in answer.content.decode()
    assert "We ate without talking." in answer.content.decode()


@pytest.mark.parametrize("mark", ["", "1", "not an id", "\0", "9" * 36])
def test_a_page_without_its_mark_is_shown_again_and_not_stored(visitor, clinic, mark: str) -> None:
    before = counted()
    answer = send(visitor, TALK, SHORT_TALK | {"_id": mark})

    assert answer.status_code == 422
    assert "save once more" in words_of(answer)
    assert counted() == before


def test_a_form_that_changed_meanwhile_is_saved_and_says_so(visitor) -> None:
    sent = send(visitor, PHQ9, CALM, version="0.9.0")

    assert entry_of(sent).version == "1.0.0"
    assert "your answers stand under its new version" in words_of(visitor.get(sent["Location"]))


def test_a_form_that_changed_meanwhile_and_no_longer_asks_something_says_what(visitor, clinic) -> None:
    before = counted()
    answer = send(visitor, PHQ9, CALM | {"q11": "Sleeps in the day"}, version="0.9.0")

    assert answer.status_code == 422
    assert "was changed to version 1.0.0 while you were writing" in words_of(answer)
    assert "Sleeps in the day" in words_of(answer)
    assert counted() == before


# ---- about, instead of, and when ----


def test_a_new_version_opens_with_what_was_written_before_and_replaces_it(visitor, clinic) -> None:
    older = entry_of(send(visitor, f"{TALK}?person=P01", SHORT_TALK))
    page = visitor.get(f"{TALK}?replaces={older.id}").content.decode()
    newer = entry_of(send(visitor, f"{TALK}?replaces={older.id}", SHORT_TALK | {"outcome": "We laughed."}))

    assert "\nWe ate without talking.</textarea>" in page
    assert (newer.replaces_id, newer.about, newer.visibility) == (older.id, "P01", older.visibility)
    assert (
        f"/fill/communication-analysis/?replaces={newer.id}"
        in visitor.get(f"/courses/C02/entries/{newer.id}/").content.decode()
    )


@pytest.mark.parametrize(("asks", "kept"), [("about=P01", "P01"), ("person=P02", "P02"), ("session=S05", "S05")])
def test_a_sheet_is_about_what_its_address_says(visitor, clinic, asks: str, kept: str) -> None:
    assert entry_of(send(visitor, f"{TALK}?{asks}", SHORT_TALK)).about == kept


def test_the_first_sheet_about_a_person_lets_that_person_stand_in_the_circle_once(visitor, clinic) -> None:
    inventory, mark = "/courses/C02/fill/interpersonal-inventory/", uuid7()
    first, again = (send(visitor, inventory, {"alias": "Ana"}, mark=mark) for _ in range(2))
    refused = send(visitor, inventory, {"alias": "Bo", "closeness": "11"})
    people = [thing.id for thing in record(clinic.enrolment("C02")).people]

    assert entry_of(first) == entry_of(again)
    assert people.count(entry_of(first).about) == 1
    assert refused.status_code == 422
    assert len(people) == len(set(people)) == 8
    assert ">Ana</span>" in visitor.get(TALK).content.decode()


def test_an_address_that_asks_for_what_is_not_in_this_course_leads_nowhere(visitor, clinic) -> None:
    elsewhere = Entry.objects.filter(enrolment__label="C01").first().id
    other_form = Entry.objects.filter(enrolment__label="C02", form="phq-9").first().id
    gone = entry_of(send(visitor, TALK, SHORT_TALK)).id
    by = clinic.actor("Everybody", ("therapist", "facilitator"))
    retract(by=by, at=timezone.now(), entry=gone, why="A mistake")
    before = counted()

    for asks in (
        f"replaces={elsewhere}",
        f"replaces={other_form}",
        f"replaces={gone}",
        "replaces=x",
        "about=P99",
        "session=%00",
    ):
        assert visitor.get(f"{TALK}?{asks}").status_code == 404, asks
        assert send(visitor, f"{TALK}?{asks}", SHORT_TALK).status_code == 404, asks
    assert counted() == before


def test_a_sheet_from_paper_may_be_of_a_past_day_and_never_of_a_day_to_come(visitor, clinic) -> None:
    day = timezone.now().date() - timedelta(days=3)
    before = entry_of(send(visitor, PHQ9, CALM, day=day.isoformat(), time="18.40"))
    assert f"{before.happened_at:%Y-%m-%d %H:%M}" == f"{day} 18:40"
    assert before.recorded_at - before.happened_at > timedelta(days=1)
    stored = counted()

    later = send(visitor, PHQ9, CALM, day=(day + timedelta(days=9)).isoformat())

    assert later.status_code == 422
    assert "This day lies ahead." in words_of(later)
    assert 'href="#answered-day"' in later.content.decode()
    assert counted() == stored


def test_a_day_that_has_been_is_asked_for_where_the_form_says_so(visitor) -> None:
    ahead = (timezone.now() + timedelta(days=40)).date().isoformat()
    answer = send(visitor, "/courses/C02/fill/violence-check/", {"date": ahead, "result": "none"})
    assert answer.status_code == 422
    assert "This day lies ahead; it asks for one that has been." in words_of(answer)


# ---- totals ----


def test_a_reported_total_is_stored_without_answers(visitor, clinic) -> None:
    entry = entry_of(send(visitor, PHQ9, {}, do="total", total="14"))

    assert entry.kind == "total_only"
    assert Score.objects.get(entry=entry).value == 14
    assert record(clinic.enrolment("C02")).readings("phq-9")[-1].value == 14


@pytest.mark.parametrize("total", ["", "28", "-1", "many", "3.5", "nan", "1e1", "\0"])
def test_a_total_that_cannot_be_is_refused_with_the_range_of_the_form(visitor, clinic, total: str) -> None:
    before = counted()
    answer = send(visitor, PHQ9, {}, do="total", total=total)
    assert answer.status_code == 422
    assert "The total goes from 0 to 27" in words_of(answer)
    assert counted() == before


def test_answers_and_a_total_at_once_are_asked_about_and_a_sheet_without_scores_has_no_total(visitor) -> None:
    assert "There are answers on the sheet, too" in words_of(send(visitor, PHQ9, CALM, do="total", total="8"))
    assert "This sheet has no total" in words_of(send(visitor, TALK, {}, do="total", total="8"))


# ---- an answer that asks for a person ----


def test_an_answer_about_danger_says_what_was_answered_who_is_waited_for_and_until_when(visitor, clinic) -> None:
    sent = send(visitor, "/courses/C01/fill/phq-9/", IN_DANGER)
    flag = Flag.objects.filter(entry=entry_of(sent)).earliest("due_at")
    said = words_of(visitor.get(sent["Location"]))
    owner = next(name for name, account in clinic.staff.items() if account.id == flag.owner)

    assert "PHQ-9 question 9 was answered “More than half the days”" in said
    assert f"A flag waits for {owner} , until {flag.due_at.day} " in said
    assert f"{flag.due_at:%H:%M}" in said
    assert "Safety conversation" in said
    assert "Safety plan" in said
    assert not re.search(r"risk|severity level|urgent", said, re.IGNORECASE)


def test_a_calm_sheet_says_nothing_of_flags(visitor) -> None:
    assert "A flag waits" not in words_of(visitor.get(send(visitor, PHQ9, CALM)["Location"]))


# ---- rows, without a script ----


def test_a_row_is_added_and_taken_away_with_everything_else_kept_and_can_be_put_back(visitor, clinic) -> None:
    before = counted()
    added = send(visitor, TALK, SHORT_TALK | {"mood_after": "eleven"}, do="add:lines").content.decode()
    assert 'name="lines.1.said"' in added
    assert all(text in added for text in ("\nRight.</textarea>", "We ate without talking.", "“eleven”"))

    two = SHORT_TALK | {"lines.1.said": "What is it now?"}
    taken = send(visitor, TALK, two, do="remove:lines.0").content.decode()
    assert "\nRight.</textarea>" not in taken
    assert "\nWhat is it now?</textarea>" in taken
    gone = dict(re.findall(r'name="(_gone:[^"]+)" value="([^"]*)"', taken))

    back = send(visitor, TALK, {"lines.1.said": "What is it now?", **gone}, do="undo").content.decode()
    assert back.index("\nRight.</textarea>") < back.index("\nWhat is it now?</textarea>")
    assert counted()[:3] == before[:3]


def test_rows_inside_rows_have_buttons_of_their_own(visitor) -> None:
    page = send(
        visitor, "/courses/C02/fill/decision-analysis/", {"options.1.pros.0.text": "Nearer"}, do="add:options.1.pros"
    )
    assert 'name="options.1.pros.1.text"' in page.content.decode()
    assert 'value="Nearer"' in page.content.decode()


def test_a_question_that_may_not_apply_is_shown_says_so_and_tells_the_page_when(visitor) -> None:
    page = visitor.get(PLAIN).content.decode()
    assert "Only where it applies." in page
    assert "[&quot;field&quot;, &quot;lines.0.speaker&quot;, &quot;choice&quot;]" in page


@pytest.mark.parametrize(
    ("form_id", "keys"), [("phq-9", "0 to 3"), ("mspss", "1 to 7"), ("communication-analysis", "")]
)
def test_a_questionnaire_from_paper_says_which_keys_answer_it(visitor, form_id: str, keys: str) -> None:
    page = visitor.get(f"/courses/C02/fill/{form_id}/").content.decode()
    assert (f"Type {keys} for each answer" in page) is bool(keys)
    assert ("data-keys" in page) is bool(keys)


# ---- what the saved sheet says of itself ----


def test_a_share_of_a_few_lines_is_told_as_so_many_of_them_and_a_blank_wish_is_no_zero(visitor) -> None:
    three = {f"lines.{n}.speaker": who for n, who in enumerate(("me", "other", "me"))}
    three |= {f"lines.{n}.said": "Right." for n in range(3)}
    page = words_of(visitor.get(send(visitor, TALK, three)["Location"]))

    assert "Share of the lines that are the client’s 2 of 3" in page
    assert "Wishes that stayed unsaid" not in page


@pytest.mark.parametrize(
    ("typed", "written"),
    [("2026-11-25", "25 November 2026"), ("2026-11-25T18:40", "25 November 2026, 18:40")],
)
def test_the_date_of_an_answer_is_written_as_everywhere_else(visitor, typed, written) -> None:
    day, _, clock = typed.partition("T")
    said = SHORT_TALK | {"when.day": day, "when.time": clock, "next_step.text": "Ring Ana", "next_step.date": day}
    page = words_of(visitor.get(send(visitor, TALK, said)["Location"]))

    assert f"When was it? {written}" in page
    assert "When 25 November 2026" in page
    assert "2026-11-25" not in page
