"""The focus is chosen together: nothing beforehand, the evidence beside each area, the older one kept."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from rooms.agreeing.desk import HERS, a_formulation, address, choose, closed, saved, send, text_of

from openipt.casebook.models import Entry
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.therapy.course.chosen import focus_history

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_nothing_is_chosen_beforehand_and_the_evidence_stands_beside_each_area(service, browser, course) -> None:
    event = begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="event")
    said = {"mark": "event", "date": "2025-04", "type": "dispute", "text": "The project was refused"}
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=course.label,
        form="timeline",
        answers=said,
        about=event,
        id=uuid4(),
    )

    page = browser.get(address(course, "focus/")).content.decode()

    areas = re.findall(r'<fieldset class="area" id="area-(\w+)">(.*?)</fieldset>', page, re.DOTALL)
    assert [name for name, _ in areas] == ["PA_GRIEF", "PA_DISPUTE", "PA_TRANSITION", "PA_DEFICIT"]
    assert "checked" not in "".join(inside for _, inside in areas)
    assert [name for name, inside in areas if "The project was refused" in inside] == ["PA_DISPUTE"]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ({}, "Mark one area as the focus."),
        ({"_role_PA_GRIEF": "secondary"}, "Mark one area as the focus."),
        ({"_role_PA_GRIEF": "primary", "_role_PA_DISPUTE": "primary"}, "Two areas are marked as the focus."),
        ({"_role_PA_SELF_IMAGE": "primary"}, "not among those of this manual"),
        (
            {"_role_PA_GRIEF": "primary", "_role_PA_DISPUTE": "runner_up", "_role_PA_DEFICIT": "runner_up"},
            "Mark one area as considered and not chosen",
        ),
    ],
)
def test_a_choice_that_is_none_comes_back_with_words_and_its_marks(browser, course, marked, words) -> None:
    answer = choose(browser, course, focus_because="It is nearest", **marked)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "It is nearest" in text_of(answer)
    kept = re.findall(r'name="(_role_\w+)" value="(\w+)" checked', answer.content.decode())
    assert dict(kept) == {name: value for name, value in marked.items() if "SELF_IMAGE" not in name}
    assert not Entry.objects.filter(form="formulation").exists()


def test_a_focus_is_kept_with_its_reason_and_the_one_that_was_considered(browser, course) -> None:
    saved(
        choose(
            browser,
            course,
            _role_PA_DISPUTE="primary",
            _role_PA_TRANSITION="secondary",
            _role_PA_GRIEF="runner_up",
            focus_because="Most feeling, and nearest to the beginning",
            runner_up_why="The death is long mourned",
        )
    )

    (one,) = focus_history(record(course))
    assert (one.areas, one.runner_up) == (("PA_DISPUTE", "PA_TRANSITION"), "PA_GRIEF")
    page = text_of(browser.get(address(course)))
    assert "Most feeling, and nearest to the beginning" in page
    assert "Considered and not chosen: Grief. The death is long mourned" in page


def test_a_change_of_focus_needs_a_reason_keeps_the_old_one_and_says_the_formulation_anew(browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    saved(send(browser, course, "formulation/", **a_formulation()))

    refused = choose(browser, course, _role_PA_DISPUTE="none", _role_PA_GRIEF="primary")
    assert refused.status_code == 422
    assert "Write why the focus changes" in text_of(refused)
    why = "Behind the quarrel stands the death of her brother"
    saved(choose(browser, course, _role_PA_DISPUTE="none", _role_PA_GRIEF="primary", focus_changed_because=why))

    before, now = focus_history(record(course))
    assert (before.areas, now.areas, now.changed_because) == (("PA_DISPUTE",), ("PA_GRIEF",), why)
    assert before.until == now.since
    assert "formulation" in closed(course)  # nobody has said yet how well the new one fits
    page = text_of(browser.get(address(course)))
    assert re.search(r"Role dispute \d+ \w+ \d{4} to \d+ \w+ \d{4}", page)
    assert why in page
    assert HERS in text_of(browser.get(address(course, "formulation/"), follow=True))  # as it was said so far


def test_the_same_focus_saved_again_asks_for_no_reason_and_keeps_the_formulation(browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    saved(send(browser, course, "formulation/", **a_formulation()))

    saved(choose(browser, course, focus_because="It is what hurts most"))

    said = record(course).says("formulation")
    assert (said["client_words"], said["focus_because"], said["version"]) == (HERS, "It is what hurts most", 3)
    assert len(focus_history(record(course))) == 1


def test_an_area_that_a_manual_leaves_out_is_not_offered_and_says_why(service, browser) -> None:
    brief = service.begin("ipt-b")

    page = browser.get(address(brief, "focus/"))

    assert 'id="area-PA_DEFICIT"' not in page.content.decode()
    assert "Not a focus in Brief IPT for depression, adults, which leaves out" in text_of(page)
    assert "Second, clearly linked" not in text_of(page)  # one area at a time
    refused = choose(browser, brief, _role_PA_DEFICIT="primary")
    assert refused.status_code == 422
