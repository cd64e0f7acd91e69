"""What time alone changes: rows for a new day, old drafts, old sign-ins, an anchor a day; a clock that is watched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from openipt.audit.models import Anchor, AuditEvent
from openipt.casebook.models import Draft, FlagStep, Standing
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations import new_day
from openipt.casebook.operations.flagging import see_flag
from openipt.casebook.operations.new_day import reckon, standing_faults
from openipt.casebook.operations.saving import SameIdOtherBody, save_entry
from openipt.post import ticking
from openipt.post.clock import LATE, stands_still_since
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


def test_on_a_new_day_every_open_course_is_reckoned_once(clinic) -> None:
    course = clinic.begin()
    tomorrow = clinic.later(days=1)

    assert [tick(tomorrow).reckoned, tick(tomorrow + timedelta(minutes=1)).reckoned] == [1, 0]
    assert Standing.objects.get(enrolment=course).on == tomorrow.date()


def test_a_new_day_begins_when_it_begins_where_the_service_is(clinic) -> None:
    clinic.organisation.zone = "Pacific/Auckland"  # thirteen hours ahead: it is Monday night there
    clinic.organisation.save()
    course = clinic.begin()

    tick(clinic.later(hours=3))

    assert str(Standing.objects.get(enrolment=course).on) == "2026-03-03"


def test_a_row_for_a_new_day_is_what_the_record_says_and_time_alone_can_change_it(clinic) -> None:
    course = clinic.begin()
    before = Standing.objects.get(enrolment=course).state

    tick(clinic.later(days=60))

    row = Standing.objects.get(enrolment=course)
    assert list(standing_faults([course])) == []
    assert row.state != before


def test_reckoning_anew_keeps_the_order_in_which_facts_came(clinic) -> None:
    flag = clinic.flag()
    see_flag(by=clinic.actor(), at=clinic.at, flag=flag.id)
    newest = FlagStep.objects.get(flag=flag).seq

    reckon(flag.enrolment_id, clinic.at, anew=True)

    assert Standing.objects.get(enrolment=flag.enrolment_id).seq == newest


def test_a_row_that_is_not_what_the_record_says_is_found(clinic) -> None:
    course = clinic.begin()
    Standing.objects.filter(enrolment=course).update(flags_open=3)

    assert list(standing_faults([course])) == [course]


def _draft(clinic, course, days: int) -> Draft:
    saved_at = clinic.at - timedelta(days=days)
    draft = Draft(
        enrolment=course, author=clinic.staff["T-01"].id, scope=course.client.scope, form="phq-9",
        saved_at=saved_at, started_at=saved_at,
    )  # fmt: skip
    draft.body = seal_body(course.client.scope, "draft", draft.id, {"answers": CALM})
    draft.save()
    return draft


def test_a_draft_goes_after_thirty_days_and_one_event_says_so(clinic) -> None:
    course = clinic.begin()
    _draft(clinic, course, 31)
    kept = _draft(clinic, course, 29)

    assert [tick(clinic.at).drafts, tick(clinic.at).drafts] == [1, 0]
    assert list(Draft.objects.all()) == [kept]
    event = AuditEvent.objects.get(act="purge_drafts")
    assert (event.enrolment, event.why) == (str(course.id), "untouched")


def test_a_draft_that_conflicts_with_a_text_on_record_waits_for_a_person_however_long(clinic) -> None:
    course = clinic.begin()
    how = {"by": clinic.actor(), "at": clinic.at, "enrolment": course.label, "form": "phq-9"}
    first = save_entry(**how, answers=CALM)
    with pytest.raises(SameIdOtherBody):
        save_entry(**how, answers=CALM | {"q1": 3}, id=first.id)

    tick(clinic.later(days=400))

    assert Draft.objects.filter(conflicts_with=first.id).exists()


def test_sign_ins_that_ran_out_go_and_the_others_stay(clinic) -> None:
    account = clinic.account("T-01")
    for key, hours in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=clinic.later(hours=hours))
        UserSession.objects.create(user=account, session_key=key, ip="127.0.0.1", user_agent="")

    assert tick(clinic.at).sign_ins == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["new"]


def test_there_is_one_anchor_a_day(clinic) -> None:
    for hours in (0, 1, 14, 16, 24):
        tick(clinic.later(hours=hours))

    assert [one.at.date().isoformat() for one in Anchor.objects.order_by("id")] == ["2026-03-02", "2026-03-03"]


def test_what_breaks_is_named_and_keeps_nothing_else_from_being_done(clinic, monkeypatch, caplog) -> None:
    clinic.flag()
    monkeypatch.setattr(ticking, "purge_drafts", lambda at: 1 / 0)

    did = tick(clinic.later(minutes=1))

    assert did.broken == ["drafts"]
    assert did.sent == 1
    assert Anchor.objects.exists()
    assert "ZeroDivisionError" in caplog.text


def test_one_course_that_cannot_be_reckoned_does_not_keep_the_others(clinic, monkeypatch) -> None:
    first, second = clinic.begin(), clinic.begin()
    honest = new_day.write_standing

    def write(owner, *rest):
        return 1 / 0 if owner.id == first.id else honest(owner, *rest)

    monkeypatch.setattr(new_day, "write_standing", write)

    did = tick(clinic.later(days=1))

    assert did.broken == [f"the row of {first.id}"]
    assert Standing.objects.get(enrolment=second).on == clinic.later(days=1).date()


def test_a_page_can_say_since_when_the_clock_of_the_service_stands_still(clinic) -> None:
    assert stands_still_since(clinic.at) is None, "a service that was just made has not had its first round yet"
    assert stands_still_since(clinic.later(hours=1)) == clinic.organisation.created_at

    tick(clinic.later(hours=1))

    assert stands_still_since(clinic.later(hours=1) + LATE) is None
    assert stands_still_since(clinic.later(hours=3)) == clinic.later(hours=1)
