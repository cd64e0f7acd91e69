"""What is left out of a record so that saving is fast takes no rule with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from casebooks import a_service

from openipt.casebook.models import Flag
from openipt.casebook.operations import ahead
from openipt.casebook.operations.inviting import invite
from openipt.casebook.operations.saving import save_entry
from openipt.policy import Actor
from openipt.therapy.forms import open_form
from openipt.therapy.vocabulary import vocabulary

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", ahead.DIARIES)
def test_no_rule_reads_what_is_left_out(name: str) -> None:
    ruled = {form for line in vocabulary()["finding_rules"] for form in line["forms"]}

    assert not {name, open_form(name).code} & ruled


@pytest.mark.django_db(databases=["default", "keys"])
def test_short_nights_with_more_energy_on_a_rhythm_diary_call_somebody(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    service = a_service(NOW)
    course = service.begin()
    account = invite(by=service.actor(), at=NOW, enrolment=course.label).account
    client = Actor(str(account.id), str(account.organisation_id), frozenset({"client"}), client=str(account.client))
    days = [{"date": f"2026-02-{day:02d}"} for day in range(20, 25)]

    saved = save_entry(
        by=client,
        at=NOW,
        enrolment=course.label,
        form="rhythm-diary",
        answers={"less_sleep_more_energy": True, "days": days},
    )

    assert saved.flags == ("R6",)
    assert Flag.objects.get(entry=saved.id).due_at == NOW.replace(hour=23, minute=59)
