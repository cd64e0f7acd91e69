"""What the record knows is not asked again: the card reads the sheets of its session, the list says what comes next."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from rooms.writing.desk import a_card, begun, service, text_of
from rooms.writing.test_what_follows_from_the_record import browser, course
from uuid_utils.compat import uuid7

from openipt.casebook.queries.record import record
from openipt.rooms.workspace.sessions.chips import near_twins
from openipt.rooms.workspace.sheets.traced import alike
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual, open_task
from openipt.therapy.record import alias, session_sheet, step_after

__all__ = ["browser", "course", "service"]

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

A_TALK = {
    "lines.0.speaker": "me",
    "lines.0.said": "You could have rung.",
    "lines.0.felt.0.word": "anger",
    "lines.0.felt.0.strength": "7",
    "lines.1.speaker": "other",
    "lines.1.said": "Then go.",
}


def person(course, name: str) -> str:
    return next(one.id for one in record(course).people if alias(record(course), one.id) == name)


def card_of(browser, course, label: str) -> str:
    page = browser.get(f"/courses/{course.label}/meetings/{label}/?change=card").content.decode()
    return unescape(page[page.index('id="after-card"') :])


def marked(card: str, name: str) -> set[str]:
    return set(re.findall(rf'name="{name}" value="([^"]+)" checked', card))


def shown(card: str) -> tuple[list[str], list[str]]:
    """The tasks that stand open on the card, and those behind the fold."""
    work = card[card.index("What we did") : card.index("<legend>How</legend>")]
    front, fold = work.split("Something else was done")
    return re.findall(r'name="tasks" value="([^"]+)"', front), re.findall(r'name="tasks" value="([^"]+)"', fold)


def a_talk(browser, course, label: str, **more: str) -> None:
    sheet = f"/courses/{course.label}/fill/communication-analysis/?session={label}&back={label}"
    said = {"_id": str(uuid7()), "_do": "save", "with_person": person(course, "Lena"), **A_TALK, **more}
    saved = browser.post(sheet, said)
    assert saved.status_code == 303, text_of(saved)


# ---- what we did ----


def test_the_card_shows_what_this_session_offers_and_folds_what_was_done_before(browser, course) -> None:
    label = begun(browser, course)

    front, fold = shown(card_of(browser, course, label))

    assert "MID.04" in front
    assert not {"DSP.01", "DSP.02", "DSP.04"} & set(front)  # done before; again if it helps
    assert {"DSP.01", "DSP.02", "DSP.04"} <= set(fold)
    assert len(front) <= 10


def test_one_tap_marks_only_what_stands_open_on_the_card(browser, course) -> None:
    label = begun(browser, course)

    card = card_of(browser, course, label)

    ticked = re.search(r'data-tick="([^"]+)"', card)[1].split()
    assert set(ticked) <= set(shown(card)[0])


def test_two_tasks_of_one_sheet_say_what_they_are(browser, course) -> None:
    label = begun(browser, course)
    assert alike(open_manual("ipt-classic"), ("MID.04", "DSP.04", "MID.09")) == {"MID.04", "DSP.04"}

    card = card_of(browser, course, label)

    for task in ("MID.04", "DSP.04"):
        assert f'{open_task(task).name}<small class="which">{open_task(task).line}</small>' in card
    assert f"<span>{open_task('MID.09').name}</span>" in card


@pytest.mark.parametrize(
    ("names", "near"),
    [
        (("Safety and health check", "Safety check, asked alone"), True),
        (("Weigh options", "Weigh options together"), True),
        (("Act: negotiate, or leave", "Act together"), False),
        (("Rehearse it", "Agree one step"), False),
    ],
)
def test_two_names_are_nearly_the_same_where_one_is_said_in_the_other(names: tuple[str, str], near: bool) -> None:
    assert near_twins(tuple(zip("AB", names, strict=True))) == (set("AB") if near else set())


def test_two_tasks_of_nearly_the_same_name_say_what_they_are(browser, course) -> None:
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"
    two = ("INI.01", "DSP.08")
    assert not alike(open_manual("ipt-classic"), two)

    browser.post(f"{address}draft/", a_card(tasks=list(two)))

    card = unescape(browser.get(address).content.decode())
    for task in two:
        assert f'{open_task(task).name}<small class="which">{open_task(task).line}</small>' in card


# ---- from the sheets of the session ----


def test_what_a_sheet_of_the_session_says_is_marked_on_the_card_and_says_where_it_is_from(browser, course) -> None:
    label = begun(browser, course)
    before = card_of(browser, course, label)
    assert not marked(before, "people") | marked(before, "feelings") | marked(before, "techniques")
    a_talk(browser, course, label)

    card = card_of(browser, course, label)

    assert marked(card, "people") == {person(course, "Lena")}
    assert marked(card, "feelings") == {"anger"}
    assert marked(card, "techniques") == {"T_COMM_ANALYSIS"}
    assert card.count("From the sheet: ") == 3
    assert "From the sheet: Lena." in card


def test_what_was_taken_out_of_the_card_stays_out(browser, course) -> None:
    label = begun(browser, course)
    a_talk(browser, course, label)
    seen = re.search(r'name="_marked" value="([^"]*)"', card_of(browser, course, label))[1]
    address = f"/courses/{course.label}/meetings/{label}/"

    browser.post(f"{address}draft/", a_card(people=[], feelings=[], techniques=["T_AFFECT"], _marked=seen))

    card = card_of(browser, course, label)
    assert not marked(card, "people") | marked(card, "feelings")
    assert marked(card, "techniques") == {"T_AFFECT"}
    assert "From the sheet: " not in card


STEP_ON_A_SHEET = {"next_step.text": "Ask Lena about the evening.", "next_step.date": "2025-11-25"}
FROM_THE_SHEET = "From the communication analysis of this session."


def step_of(card: str) -> tuple[str, set[str], bool, bool]:
    """The step on the card, with whom, whether it is ticked, whether it says where it is from."""
    text = re.search(r'<textarea id="card-step"[^>]*>([^<]*)<', card)[1]
    return text, marked(card, "_step_person"), "MID.07" in marked(card, "tasks"), FROM_THE_SHEET in card


def test_a_step_agreed_on_a_sheet_stands_on_the_card_until_it_is_changed_or_taken_out(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    lena = person(course, "Lena")
    browser.post(f"{address}draft/", a_card(tasks=[], _step_text=""))  # the card was begun before the sheet
    assert step_of(card_of(browser, course, label)) == ("", set(), False, False)
    a_talk(browser, course, label, **STEP_ON_A_SHEET, **{"next_step.person": lena})

    card = card_of(browser, course, label)
    assert step_of(card) == ("Ask Lena about the evening (25 November)", {lena}, True, True)
    seen = re.search(r'name="_marked" value="([^"]*)"', card)[1]

    browser.post(f"{address}draft/", a_card(tasks=["MID.07"], _step_text="Write to Lena", _marked=seen))
    assert step_of(card_of(browser, course, label)) == ("Write to Lena", set(), True, False)
    browser.post(f"{address}draft/", a_card(tasks=[], _step_text="", _marked=seen))
    assert step_of(card_of(browser, course, label)) == ("", set(), False, False)

    sent = a_card(tasks=[], _step_text="Ask Lena about the evening (25 November)", _step_person=lena, _marked=seen)
    assert browser.post(f"{address}after/", sent).status_code == 302
    known = record(course)
    assert [step_after(known, known.sessions[-1]).answers["text"]] == [
        one.answers["text"] for one in known.entries if one.answers.get("agreed_in") == label
    ]


def test_the_first_step_of_a_decision_is_offered_in_its_own_words_and_a_recorded_card_stays_as_it_is(
    browser, course
) -> None:
    label = begun(browser, course)
    sheet = f"/courses/{course.label}/fill/decision-analysis/?session={label}&back={label}"
    said = {"choice": "0", "options.0.text": "Go", "first_step.text": "Ring Rui", "first_step.when": "on Sunday"}

    saved = browser.post(sheet, {"_id": str(uuid7()), "_do": "save", **said})
    assert saved.status_code == 303, text_of(saved)

    card = card_of(browser, course, label)
    assert step_of(card)[0] == "Ring Rui (on Sunday)"
    assert "From the decision analysis of this session." in card
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(tasks=[], _step_text=""))
    assert step_of(card_of(browser, course, label)) == ("", set(), False, False)


def test_a_sheet_of_another_session_and_what_was_asked_alone_mark_nothing(browser, course) -> None:
    label = begun(browser, course)
    before = record(course).sessions[-2].id
    a_talk(browser, course, before)
    lena = person(course, "Lena")
    alone = {"_id": str(uuid7()), "_do": "save", "about": lena, "asked_alone": "yes", "result": "nothing_reported"}
    browser.post(f"/courses/{course.label}/fill/violence-check/?session={label}&back={label}", alone)

    card = card_of(browser, course, label)

    assert not marked(card, "people") | marked(card, "feelings") | marked(card, "techniques")


# ---- the next date ----


def test_the_day_one_usually_meets_is_offered_before_a_week_from_an_unusual_one(browser, course) -> None:
    hours = {f"{one.happened_at:%a %H:%M}" for one in record(course).held()[-4:]}
    assert hours == {"Mon 12:00"}
    then = timezone.now()
    wednesday = then - timedelta(days=(then.weekday() - 2) % 7 or 7)
    label = begun(browser, course, day=f"{wednesday:%Y-%m-%d}", time="15:37")

    offered = re.findall(
        r'name="next_date" value="([^"]+)" class="offered"( checked)?', card_of(browser, course, label)
    )

    days = [f"{wednesday + timedelta(days=n):%Y-%m-%d}T12:00" for n in (5, 7, 12)]
    assert offered == [(day, "") for day in days]


# ---- the list ----


def test_the_list_says_last_and_next_and_today(browser, course) -> None:
    def row() -> str:
        return text_of(browser.get("/"))

    assert "Last: session 8, 27 October" in row()
    label = begun(browser, course)
    assert "Last: session 9, today" in row()
    assert "Next: " not in row()
    coming = timezone.now() + timedelta(days=8)

    card = a_card(**{"next_date.day": f"{coming:%Y-%m-%d}", "next_date.time": "12:00"})
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", card)

    assert session_sheet(record(course), record(course).sessions[-1])["next_date"] == f"{coming:%Y-%m-%d}T12:00"
    assert f"Next: {coming.day} {coming:%B}" in row()


# ---- the opening, the line to catch, the finished talk ----


def test_the_opening_says_when_it_was_kept(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    says = r"Kept \d+ \w+, \d\d:\d\d\. Not yet in the record\."
    place = re.compile(rf'<p class="kept" data-kept-of="after-card">({says})?</p>')
    assert place.search(browser.get(address).content.decode())[1] is None

    browser.post(f"{address}draft/", a_card())

    assert place.search(browser.get(address).content.decode())[1]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"_catch_day": "2025-11-02"}, "2025-11-02"),
        ({"_catch_day": "", "_catch_on": "2025-11-01"}, "2025-11-01"),
        ({"_catch_part": "2025-10"}, "2025-10"),
        ({"_catch_part": "2025"}, "2025"),
    ],
)
def test_a_line_is_dated_by_a_tap_by_a_day_or_by_as_much_as_is_known(browser, course, said, kept) -> None:
    label = begun(browser, course)
    made = str(uuid7())
    line = {"_then": "catch", "_catch_id": made, "_catch_kind": "event", "_catch_text": "He moved out"}

    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", {**line, **said})

    assert answer.status_code == 302
    assert next(one for one in record(course).entries if one.id == made).answers["date"] == kept


def test_the_line_to_catch_offers_today_and_yesterday_and_asks_which_of_two_days_is_meant(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    page = browser.get(address).content.decode()
    today, yesterday = re.findall(r'name="_catch_day" value="([^"]+)" class="offered"', page)
    assert today > yesterday
    assert re.search(r'id="catch-on" type="date"', page)
    line = {"_then": "catch", "_catch_id": str(uuid7()), "_catch_kind": "incident", "_catch_text": "He left"}

    both = browser.post(f"{address}after/", {**line, "_catch_day": today, "_catch_on": "2025-11-01"})

    assert both.status_code == 422
    assert f"Two days stand here: 2025-11-01, {today}." in text_of(both)


def test_a_finished_talk_says_whose_lines_are_counted() -> None:
    label = next(one.label for one in open_form("communication-analysis").facts if one.id == "my_share")
    assert "the client" in label
    assert "your" not in label
