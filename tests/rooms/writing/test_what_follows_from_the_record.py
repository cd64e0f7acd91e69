"""What stands in the record of a session is done on its agenda: one sheet for one task, an opening, a step."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from casebooks import Service, all_cases
from django.test import Client
from rooms.writing.desk import a_card, begun, signed_in, text_of
from uuid_utils.compat import uuid7

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.queries.record import record
from openipt.rooms.workspace.sheets.traced import Left, traced
from openipt.therapy.manuals import open_manual, open_task
from openipt.therapy.record import alias, session_sheet

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

BOTH = ("MID.04", "DSP.04")  # both are made with a communication analysis


MORNING = datetime(2025, 11, 3, 7, tzinfo=UTC)  # of the ninth session


@pytest.fixture
def course(service: Service) -> Enrolment:
    """The dispute as it stood on the morning of the ninth session."""
    case = next(case for case in all_cases() if any(one.enrolment == "C02" for one in case.records))
    service.keep(replace(case, records=tuple(one.as_of(MORNING) for one in case.records)))
    take_charge(service.enrolment("C02"), service.account("T-01").id, "assigned", service.at)
    return service.enrolment("C02")


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def left(**written: int) -> Left:
    return Left(frozenset(written), False, Counter({name.replace("_", "-"): n for name, n in written.items()}))


def status_of(page: str, task: str) -> str:
    """The word at the end of a task's line on the agenda."""
    name = re.escape(open_task(task).name)
    return re.search(rf"<b>{name}</b><span>([^<]+)</span>", unescape(page))[1]


def marked(page: str) -> set[str]:
    return set(re.findall(r'name="tasks" value="([^"]+)" checked', page))


@pytest.mark.parametrize(("talks", "done"), [(0, set()), (1, {"MID.04"}), (2, set(BOTH)), (3, set(BOTH))])
def test_one_sheet_speaks_for_one_task(talks: int, done: set[str]) -> None:
    assert traced(open_manual("ipt-classic"), BOTH, left(communication_analysis=talks)) == done


def test_the_task_a_sheet_was_opened_from_is_marked_and_the_other_one_is_left(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    first, second = BOTH
    links = re.findall(r'href="([^"]*/communication-analysis/[^"]*)"', unescape(browser.get(address).content.decode()))
    link = next(one for one in links if one.endswith(f"of_task={second}"))
    sent = {"_id": str(uuid7()), "_do": "save", "lines.0.speaker": "me", "lines.0.said": "You could have rung."}

    saved = browser.post(link, sent)

    assert saved.status_code == 303, unescape(saved.content.decode())
    page = browser.get(address).content.decode()
    assert second in marked(page)
    assert first not in marked(page)
    assert (status_of(page, first), status_of(page, second)) == ("Offered", "Done")


def test_a_line_that_was_caught_is_no_pattern_that_was_looked_for(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    line = {"_then": "catch", "_catch_id": str(uuid7()), "_catch_kind": "incident", "_catch_text": "He left the table"}

    browser.post(f"{address}after/", line)

    assert not marked(browser.get(address).content.decode())


def test_an_address_that_names_a_strange_task_marks_nothing(browser, course) -> None:
    label = begun(browser, course)
    sent = {"_id": str(uuid7()), "_do": "save", "problem": "To go, or to wait?"}

    browser.post(f"/courses/{course.label}/fill/decision-analysis/?session={label}&back={label}&of_task=INI.14", sent)

    assert "INI.14" not in marked(browser.get(f"/courses/{course.label}/meetings/{label}/").content.decode())


@pytest.mark.parametrize("handed_in", [False, True], ids=["still a draft", "in the record"])
def test_a_mood_first_and_a_step_agreed_are_done_without_another_tap(browser, course, handed_in: bool) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    card = a_card(tasks=[], mood="", opener_first="mood_first")

    browser.post(address + ("after/" if handed_in else "draft/"), card)

    page = browser.get(address).content.decode()
    assert status_of(page, "MID.01") == "Done"
    assert status_of(page, "MID.07") == "Done"


def drafted(browser, address: str, **more) -> str:
    """The page of a session whose card was kept as it was being written."""
    browser.post(f"{address}draft/", a_card(tasks=[], mood="4", _step_text="", **more))
    return browser.get(address).content.decode()


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_card_and_agenda_agree_on_the_opening_until_it_is_taken_out_of_the_card(browser, course) -> None:
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"

    page = drafted(browser, address)

    assert ("MID.01" in marked(page), status_of(page, "MID.01")) == (True, "Done")
    assert ("MID.07" in marked(page), status_of(page, "MID.07")) == (False, "Offered")
    page = drafted(browser, address, _marked=hidden(page, "_marked"))  # as it was seen, and the tick taken out
    assert ("MID.01" in marked(page), status_of(page, "MID.01")) == (False, "Offered")


def test_the_card_says_of_what_is_marked_where_it_comes_from(browser, course) -> None:
    page = drafted(browser, f"/courses/{course.label}/meetings/{begun(browser, course)}/")

    assert marked(page) == {"MID.01"}  # it has no sheet: the mood was written
    assert "only what has its sheet from this session, or was written in the opening or as the step." in page


@pytest.mark.parametrize("taken_out", [False, True])
def test_what_follows_from_a_card_is_in_the_record_and_in_the_note_with_it(browser, course, taken_out: bool) -> None:
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"
    page = browser.get(address).content.decode()
    marks = {"_follow": hidden(page, "_follow"), "_marked": "MID.01" if taken_out else ""}

    card = a_card(tasks=["MID.03"], **marks)
    for _ in range(2):  # sent twice it is one card
        assert browser.post(f"{address}after/", card).status_code == 302

    done = session_sheet(record(course), record(course).sessions[-1])["tasks"]
    assert done == (["MID.03", "MID.07"] if taken_out else ["MID.03", "MID.01", "MID.07"])
    assert ("the opening question" in text_of(browser.get(f"{address}note/")).split("Done: ")[1]) != taken_out


def test_a_page_cannot_name_what_follows(browser, course) -> None:
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"

    browser.post(f"{address}after/", a_card(tasks=["MID.03"], _follow="INI.14 DSP.04 XYZ"))

    assert session_sheet(record(course), record(course).sessions[-1])["tasks"] == ["MID.03"]


def test_an_opening_without_an_answer_is_still_offered(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"

    browser.post(address + "after/", a_card(tasks=[], mood="", _step_text=""))

    assert status_of(browser.get(address).content.decode(), "MID.01") == "Offered"


def test_the_opening_asks_for_one_mood_and_names_that_of_the_diary_with_its_day(browser, course) -> None:
    label = begun(browser, course)
    page = unescape(browser.get(f"/courses/{course.label}/meetings/{label}/").content.decode())
    opening = page[page.index('id="h-opening"') : page.index('<ol class="agenda">')]

    assert "In the diary on Wednesday 29 October 2025: 4 of 10." in opening
    assert opening.count("4 of 10") == 1
    asked = re.search(r'<textarea id="card-link"[^>]*>([^<]*)<', opening)[1]
    assert asked == "Wednesday 29 October 2025. Lena: “we quarrelled, I said what I felt”."
    # The mood of another day is nobody's answer for today: nothing is marked, and the opening is not done by it.
    assert not re.search(r'name="mood" value="\d+" checked', page)
    assert status_of(page, "MID.01") == "Offered"


def test_what_the_opening_takes_from_the_diary_names_its_day_until_it_is_changed(browser, course) -> None:
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"
    source = "From the client’s diary of 29 October; change it as it is told today."
    page = unescape(browser.get(address).content.decode())
    sentence = re.search(r'<textarea id="card-link"[^>]*>([^<]*)<', page)[1]
    assert page.count(source) == 2  # beside the box, and where the card shows it again

    browser.post(f"{address}draft/", a_card(mood_event_link=sentence))
    assert source in unescape(browser.get(address).content.decode())
    browser.post(f"{address}draft/", a_card(mood_event_link="Lena rang on Thursday."))
    assert source not in unescape(browser.get(address).content.decode())

    browser.post(f"{address}after/", a_card(mood_event_link=sentence))
    assert source not in unescape(browser.get(address).content.decode())
    noted = unescape(text_of(browser.get(f"{address}note/?words=1&people=1")))
    assert "Lena: “we quarrelled, I said what I felt”. " in noted


# ---- a quarrel that the diary tells of ----


def offers(answer) -> list[tuple[str, str]]:
    return re.findall(r'name="_take" value="([^"]*)">([^<]+)<', unescape(answer.content.decode()))


def value_of(answer, name: str) -> str:
    """What stands in a question: as it is typed, or as it is marked."""
    page = unescape(answer.content.decode())
    marked = re.search(rf'name="{re.escape(name)}" value="([^"]*)" checked', page)
    return (marked or re.search(rf'name="{re.escape(name)}"[^>]* value="([^"]*)"', page))[1]


def is_marked(answer, name: str) -> bool:
    return bool(re.search(rf'name="{re.escape(name)}" value="[^"]*" checked', answer.content.decode()))


def test_a_quarrel_of_the_diary_is_offered_for_a_talk_and_written_by_a_tap(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/communication-analysis/?session={label}&back={label}"
    lena = next(one.id for one in record(course).people if alias(record(course), one.id) == "Lena")

    opened = browser.get(address)
    [(writes, words)] = offers(opened)
    assert "The diary tells since the last session." in text_of(opened)
    assert words == "Wednesday 29 October 2025, Lena. We quarrelled; I said what I felt"
    assert not is_marked(opened, "with_person")  # nothing is written silently
    assert value_of(opened, "when.day") == ""

    taken = browser.post(address, {"_id": str(uuid7()), "_take": writes, "where": "In the kitchen"})

    assert (value_of(taken, "with_person"), value_of(taken, "when.day")) == (lena, "2025-10-29")
    assert value_of(taken, "where") == "In the kitchen"  # nothing that was typed is lost
    assert not offers(taken)
    assert not offers(browser.get(address))
    assert not record(course).of("communication-analysis", label)  # a draft, until it is saved


def test_a_quarrel_of_the_diary_is_offered_for_the_dispute_map(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/dispute-map/?session={label}&back={label}"
    lena = next(one.id for one in record(course).people if alias(record(course), one.id) == "Lena")
    [(writes, _)] = offers(browser.get(address))

    taken = browser.post(address, {"_id": str(uuid7()), "_take": writes})
    typed = browser.post(address, {"_id": str(uuid7()), "_take": writes, "stage_evidence": "They write again."})

    assert value_of(taken, "person") == lena
    assert value_of(taken, "stage_evidence") == "29 October 2025: We quarrelled; I said what I felt"
    assert value_of(typed, "stage_evidence") == "They write again."


def test_a_tap_writes_nothing_but_what_a_quarrel_tells(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/communication-analysis/?session={label}&back={label}"

    taken = browser.post(address, {"_id": str(uuid7()), "_take": "where=Elsewhere&_do=save&when.day=2025-10-29"})

    assert (taken.status_code, value_of(taken, "where")) == (200, "")
    assert not record(course).of("communication-analysis", label)


def test_a_quarrel_before_the_last_session_is_not_offered(browser, course) -> None:
    begun(browser, course, day="2025-11-04", time="10:00")
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/communication-analysis/?session={label}&back={label}"

    assert not offers(browser.get(address))


def test_a_saved_card_names_whom_it_was_about_and_whom_the_step_is_with(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    lena = next(one.id for one in record(course).people if alias(record(course), one.id) == "Lena")

    browser.post(address + "after/", a_card(people=[lena], _step_person=lena))

    page = " ".join(unescape(text_of(browser.get(address))).split())
    after = page.rsplit("Change the card", 1)[1].split("How we worked")[0]
    assert "Whom it was about Lena" in after
    assert "Ask Lena to come on Sunday With Lena" in after


def test_a_name_that_is_left_out_of_a_draft_says_so_and_one_tap_writes_it(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    browser.post(address + "after/", a_card(mood_event_link=""))

    drafted = unescape(text_of(browser.get(f"{address}note/")))
    named = unescape(text_of(browser.get(f"{address}note/?people=1")))

    assert "Ask […] to come on Sunday" in drafted
    assert "“[…]” stands for a name , in 1 place: “With names” writes it." in drafted
    assert "Ask Lena to come on Sunday" in named
    assert "stands for a name" not in named


def test_a_talk_without_a_turning_point_counts_none(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/communication-analysis/?session={label}&back={label}"
    sent = {"lines.0.speaker": "me", "lines.0.said": "You could have rung."}
    browser.post(address, {"_id": str(uuid7()), "_do": "save", **sent})

    note = unescape(text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/")))
    assert "One line of an exchange replayed." in note

    turned = {"lines.1.speaker": "other", "lines.1.said": "Then go.", "lines.1.turning_point": "yes"}
    browser.post(address, {"_id": str(uuid7()), "_do": "save", **sent, **turned})
    note = unescape(text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/")))
    assert "(2 lines, 1 turning point)" in note


def test_a_sheet_that_was_saved_is_named(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/fill/dispute-map/?session={label}&back={label}"

    saved = browser.post(address, {"_id": str(uuid7()), "_do": "save", "issue_one_line": "Nobody asks."})

    assert "Dispute map is in the record. It stands with this session." in text_of(browser.get(saved["Location"]))


def test_the_list_of_today_says_nothing_of_a_morning(browser, course) -> None:
    assert "in the morning" not in text_of(browser.get("/"))
    assert "as it stood in the morning" in text_of(browser.get("/?on=2025-10-27"))
