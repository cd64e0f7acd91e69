"""A question that was written once finds what the ORM finds, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from casebooks import a_service
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openipt.accounts.models import Account
from openipt.audit.models import AuditEvent
from openipt.casebook.models import Enrolment, Entry, Standing, Thing, Tie
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.visible import live
from openipt.tables.asking import Question
from openipt.tables.writing import insert, overwrite

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

TIES = Question(
    lambda account, label, at: Tie.objects.filter(live(at), account_id=account, enrolment__label=label).select_related(
        "enrolment__client", "enrolment__group", "enrolment__organisation"
    )
)
FORMS = Question(lambda enrolment: Entry.objects.filter(enrolment_id=enrolment).order_by("seq").values_list("form"))


def plain(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_come_with_those_selected_along_and_every_value_is_as_the_orm_gives_it(django_assert_num_queries) -> None:
    service = a_service(NOW)
    course, by = service.begin(), service.actor()
    how = {"account": service.staff["T-01"].id, "label": course.label, "at": service.at}
    TIES.ask(**how)

    with django_assert_num_queries(1):
        [found] = TIES.ask(**how)
        client, organisation, group = found.enrolment.client, found.enrolment.organisation, found.enrolment.group

    again = Tie.objects.get(id=found.id)
    assert plain(found) == plain(again)
    assert plain(found.enrolment) == plain(Enrolment.objects.get(id=course.id))
    assert (client.id, organisation.promise, group) == (course.client_id, service.organisation.promise, None)
    assert by.id == str(found.account_id)


@given(
    label=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60), shift=st.integers()
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_is_a_value_and_never_a_part_of_the_question(label: str, shift: int) -> None:
    service = a_service(NOW) if not Account.objects.exists() else None
    at = (service.at if service else Tie.objects.first().since) + timedelta(hours=shift % 1000)
    if service:
        service.begin()
    for tie in Tie.objects.select_related("enrolment"):
        for name in (label, tie.enrolment.label):
            written = [one.id for one in TIES.ask(account=tie.account_id, label=name, at=at)]
            asked = Tie.objects.filter(live(at), account_id=tie.account_id, enrolment__label=name)
            assert written == [one.id for one in asked]


def test_tuples_come_as_the_driver_gives_them() -> None:
    service = a_service(NOW)
    course = service.begin()
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="check-in", answers={})

    assert [form for (form,) in FORMS.ask(enrolment=course.id)][-1] == "check-in"
    assert FORMS.ask(enrolment=uuid4()) == []
    assert FORMS.first(enrolment=uuid4()) is None


def test_a_value_that_never_reaches_the_database_is_refused() -> None:
    changed = Question(lambda label: Enrolment.objects.alias(low=Lower("label")).filter(low=label.lower()))

    with pytest.raises(ValueError, match="label"):
        Question(lambda label: Enrolment.objects.all()).ask(label="K-1")
    with pytest.raises(ValueError, match="label"):
        changed.ask(label="K-1")


def test_a_row_is_added_once_and_the_guards_hold() -> None:
    service = a_service(NOW)
    course = service.begin()
    thing = Thing(
        organisation_id=course.organisation_id,
        enrolment=course,
        kind="person",
        label="P9",
        seq=99,
        created_at=service.at,
        by=service.staff["T-01"].id,
    )

    insert([thing])

    assert plain(Thing.objects.get(id=thing.id)) == plain(thing)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([thing])


def test_a_key_that_the_database_counts_is_on_the_row_afterwards() -> None:
    service = a_service(NOW)
    service.begin()
    newest = AuditEvent.objects.latest("id")

    assert newest.pk is not None
    assert AuditEvent.objects.get(pk=newest.pk).hash == newest.hash


def test_a_cache_is_written_over_only_where_it_stands() -> None:
    service = a_service(NOW)
    course = service.begin()
    row = Standing.objects.get(enrolment=course)
    row.state = "early"

    assert overwrite(row)
    assert Standing.objects.get(enrolment=course).state == "early"
    row.pk = uuid4()
    assert not overwrite(row)


def test_one_of_none_is_answered_without_asking(django_assert_num_queries) -> None:
    none = Question(lambda enrolment: Entry.objects.filter(enrolment_id=enrolment, form__in=()))

    with django_assert_num_queries(0):
        assert none.ask(enrolment=uuid4()) == []
        assert none.first(enrolment=uuid4()) is None
