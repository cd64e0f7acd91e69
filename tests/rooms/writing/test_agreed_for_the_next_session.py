"""Looking ahead: the date that was agreed, the steps as they stand by now, and where a dispute was last recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from uuid import UUID

import pytest
from casebooks import all_cases
from django.utils import timezone
from rooms.writing.desk import DAY, a_card, actor, begun, signed_in, text_of

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.rooms.workspace.sessions.stage_again import stage_again
from openipt.therapy.record import Record, step_after

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def ahead(browser, course) -> str:
    return unescape(text_of(browser.get(f"/courses/{course.label}/sessions/ahead/")))


def closed(browser, course, days_ago: int = 0, **more) -> str:
    when = {"day": f"{timezone.now() - days_ago * DAY:%Y-%m-%d}", "time": "00:10"} if days_ago else {}
    label = begun(browser, course, **when)
    answer = browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(**more))
    assert answer.status_code == 302, text_of(answer)
    return label


def agreed_steps(page: str) -> str:
    return page[page.index("Agreed step") :].split("What the manual offers")[0]


def say_of_step(course: Enrolment, session: str, **said: str) -> None:
    """What the client says of the step that was agreed in a session."""
    known = record(course)
    step = step_after(known, next(one for one in known.sessions if one.id == session))
    assert step is not None
    answers = {**step.answers, **said}
    save_entry(
        by=actor(course),
        at=timezone.now(),
        enrolment=course.label,
        form="between-session-step",
        answers=answers,
        about=step.about,
        replaces=UUID(step.id),
    )


# ---- the date ----


def test_the_date_that_was_agreed_stands_at_the_top(browser, course) -> None:
    later = timezone.now() + 7 * DAY
    closed(browser, course, **{"next_date.day": f"{later:%Y-%m-%d}", "next_date.time": "17:00"})

    page = ahead(browser, course)

    assert re.search(rf"Agreed for \w+day {later.day} \w+ {later.year}, 17:00\.", page.split("Begin session")[0])


def test_a_date_that_has_passed_and_one_that_nobody_agreed_are_said_as_that(browser, course) -> None:
    assert "agreed for" not in ahead(browser, course).lower()  # before the first session nobody could
    yesterday = timezone.now() - DAY
    closed(browser, course, 8, **{"next_date.day": f"{yesterday:%Y-%m-%d}", "next_date.time": "17:00"})
    assert "that day has passed." in ahead(browser, course)

    closed(browser, course, **{"next_date.day": "", "next_date.time": ""})

    assert "No date is agreed for it." in ahead(browser, course)


# ---- the steps ----


def test_a_step_that_was_left_for_now_stands_before_the_next_session_with_what_was_in_the_way(browser, course) -> None:
    session = closed(browser, course, _step_text="Ring Rui on Sunday")
    assert "ot yet done" not in ahead(browser, course)  # nobody has said anything

    say_of_step(course, session, status="not_now", what_happened="Rui was away.")

    told = agreed_steps(ahead(browser, course))
    assert re.search(r"Ring Rui on Sunday Not yet done: “not now”, as said on \d+ \w+\. Rui was away\.", told)


def test_it_goes_along_when_the_session_after_agrees_another_and_not_for_ever(browser, course) -> None:
    closed(browser, course, 14, _step_text="Ring Rui on Sunday")
    closed(browser, course, 7, _last="not_now", _last_words="Rui was away.", _step_text="Write to Petra")

    told = agreed_steps(ahead(browser, course))
    assert "Agreed steps Write to Petra Ring Rui on Sunday Not yet done: “not now”" in told
    assert "Rui was away." in told

    closed(browser, course, _last="done", _last_words="", _step_text="Ask Lena")
    told = agreed_steps(ahead(browser, course))
    assert "Ask Lena" in told
    assert "Ring Rui" not in told
    assert "Write to Petra" not in told


def test_what_was_thought_of_beforehand_stands_where_nothing_else_was_said(browser, course) -> None:
    session = closed(browser, course, _step_text="Ring Rui on Sunday")
    say_of_step(course, session, status="not_now", likely_obstacle="No credit on the phone.")

    assert "What might get in the way: No credit on the phone." in agreed_steps(ahead(browser, course))


# ---- the stage of a dispute ----

MORNING = datetime(2025, 11, 3, 7, tzinfo=UTC)  # of the ninth session


def the_dispute():
    """The worked case of a dispute: on 22 September talk had stopped, on 29 October the diary tells of a quarrel."""
    case = next(case for case in all_cases() if any(one.enrolment == "C02" for one in case.records))
    return replace(case, records=tuple(one.as_of(MORNING) for one in case.records))


def known_as(stage: str, days: list[tuple[str, ...]], person: str | None = None) -> Record:
    """The dispute with a stage recorded, and a diary of so many days since."""
    record = next(one for one in the_dispute().records if one.enrolment == "C02")
    sheet = record.newest("dispute-map")
    diary = record.of("mood-diary")[-1]
    others = [one for one in record.entries if one.form not in ("dispute-map", "mood-diary")]
    stood = replace(sheet, answers={**sheet.answers, "stage": stage}, replaces=None)
    written = [
        replace(
            diary,
            id=f"D{n}",
            happened_at=stood.happened_at + (n + 1) * DAY,
            answers={
                **diary.answers,
                "interactions": [{"person": person or sheet.answers["person"], "kinds": list(kinds), "valence": -1}],
            },
        )
        for n, kinds in enumerate(days)
    ]
    return record.but(entries=(*others, stood, *written))


@pytest.mark.parametrize(
    ("stage", "days", "asked"),
    [
        ("impasse", [("conflict",)], True),  # a quarrel is talk
        ("impasse", [("ignored",)], False),
        ("impasse", [], False),
        ("renegotiation", [("conflict",)], False),
        ("renegotiation", [("ignored",)], False),
        ("renegotiation", [("ignored",), ("avoided",), ("ignored",)], True),
        ("renegotiation", [("ignored",), ("avoided",), ("ignored", "conflict")], False),
        ("dissolution", [("conflict",)], False),
        ("dissolution", [("closeness",)], True),
    ],
)
def test_the_stage_is_asked_again_where_the_diary_since_tells_otherwise(stage, days, asked) -> None:
    assert (stage_again(known_as(stage, days)) is not None) is asked


def test_neither_somebody_else_nor_what_was_written_before_asks() -> None:
    known = known_as("impasse", [("conflict",)])
    diary = [one for one in known.entries if one.form == "mood-diary"]
    rest = tuple(one for one in known.entries if one.form != "mood-diary")

    assert stage_again(known_as("impasse", [("conflict",)], person="P03")) is None
    assert (
        stage_again(known.but(entries=(*rest, *(replace(one, happened_at=one.happened_at - 9 * DAY) for one in diary))))
        is None
    )


def test_the_question_names_both_days_and_leads_to_the_sheet_where_it_is_answered(service) -> None:
    service.keep(the_dispute())
    take_charge(service.enrolment("C02"), service.account("T-01").id, "assigned", service.at)
    browser = signed_in(service, "T-01")

    page = unescape(browser.get("/courses/C02/sessions/ahead/").content.decode())

    asked = (
        "Is it still “Talk has stopped”, as recorded on 22 September? In the diary on 29 October: Lena. We quarrelled;"
    )
    assert asked in page
    link = re.search(r'href="([^"]+)">Write where it stands now', page)[1]
    assert "Talk has stopped" in text_of(browser.get(link))
