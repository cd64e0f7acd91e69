"""A row has one digest: when it was just made, and when it is read back, on either engine."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps.registry import Apps
from django.db import models
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from service import CAROL, Service
from sheets import Owner, Sheet

from openipt.audit import digest
from openipt.audit.canonical import NoDigestError, decimal_text, float_text, json_text
from openipt.audit.models import AuditEvent

ID = UUID("01890000-0000-7000-8000-000000000001")
AT = datetime(2025, 10, 27, 9, 5, 0, 7, UTC)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
# PostgreSQL keeps no NUL in a text, and neither engine half a character
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
ZONED = st.datetimes(datetime(1900, 1, 2), datetime(2199, 1, 1), timezones=st.timezones())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | FINITE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
COLUMNS = {
    "form": TEXT,
    "words": st.none() | TEXT,
    "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
    "yes": st.none() | st.booleans(),
    "number": st.none() | FINITE | st.integers(-(2**53), 2**53),
    "share": st.none() | st.decimals(-99_999_999, 99_999_999, places=6),
    "at": st.none() | ZONED,
    "day": st.none() | st.dates(),
    "hour": st.none() | st.times(),
    "lasting": st.none() | st.timedeltas(timedelta(days=-100_000), timedelta(days=100_000)),
    "body": st.none() | st.binary(max_size=40),
    "answers": st.none() | JSON,
    "people": st.none() | st.lists(TEXT | st.lists(TEXT, max_size=3), max_size=4),
}


@given(st.fixed_dictionaries(COLUMNS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_that_is_read_back_has_the_digest_it_had_when_it_was_made(sheets: None, columns: dict[str, Any]) -> None:
    made = Sheet(owner=Owner(), **columns)
    made.save(force_insert=True)
    assert digest(Sheet.objects.get(pk=made.pk)) == digest(made)


@given(
    st.fixed_dictionaries(
        {
            "at": ZONED,
            "shown": st.lists(st.uuids().map(str), max_size=5),
            "rows": st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=3),
            "why": TEXT,
        }
    ),
    st.integers(1, 2**40),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_event_that_is_read_back_has_the_digest_it_had_when_it_was_made(
    sheets: None, columns: dict[str, Any], place: int
) -> None:
    made = AuditEvent(chain=str(AuditEvent.objects.count()), place=place, act="record.open", **columns)
    made.save(force_insert=True)
    assert digest(AuditEvent.objects.get(pk=made.pk)) == digest(made)


SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an id as text": ({"owner_id": ID}, {"owner_id": str(ID)}),
    "a time in another zone": ({"at": AT}, {"at": AT.astimezone(timezone(timedelta(hours=13)))}),
    "a day as text": ({"day": date(2025, 10, 27)}, {"day": "2025-10-27"}),
    "a whole number in a column of fractions": ({"number": 3}, {"number": 3.0}),
    "a zero with a sign": ({"number": 0.0}, {"number": -0.0}),
    "a fraction with more zeros": ({"share": Decimal("1.5")}, {"share": Decimal("1.5000")}),
    "a fraction as text": ({"share": Decimal("1.5")}, {"share": "1.5"}),
    "bytes in a view": ({"body": b"\x00\xff"}, {"body": memoryview(b"\x00\xff")}),
    "answers in another order": ({"answers": {"a": 1, "b": 2}}, {"answers": {"b": 2, "a": 1}}),
    "answers as tuples and with numbers as keys": ({"answers": {"1": [2, 3]}}, {"answers": {1: (2, 3)}}),
    "a fraction in answers that is whole": ({"answers": [1, 10**16]}, {"answers": [1.0, 1e16]}),
    "yes as one": ({"yes": True}, {"yes": 1}),
}


@pytest.mark.parametrize("what", SAME)
def test_what_is_stored_alike_has_one_digest(what: str) -> None:
    one, other = SAME[what]
    assert digest(Sheet(id=ID, **one)) == digest(Sheet(id=str(ID), **other))


DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one microsecond": ({"at": AT}, {"at": AT + timedelta(microseconds=1)}),
    "the last digit": ({"number": 0.1}, {"number": math.nextafter(0.1, 1)}),
    "nothing and an empty text": ({"words": None}, {"words": ""}),
    "nothing and no": ({"yes": None}, {"yes": False}),
    "nothing and zero": ({"whole": None}, {"whole": 0}),
    "a number and its text in answers": ({"answers": [1]}, {"answers": ["1"]}),
    "yes and one in answers": ({"answers": [True]}, {"answers": [1]}),
    "words in another column": ({"words": "a", "form": "b"}, {"words": "b", "form": "a"}),
    "two texts and one with a comma": ({"people": ["a", "b"]}, {"people": ["a,b"]}),
    "order in a list": ({"answers": [1, 2]}, {"answers": [2, 1]}),
    "large whole numbers": ({"answers": [2**60]}, {"answers": [2**60 + 1]}),
    "a key": ({"answers": {"a": None}}, {"answers": {"b": None}}),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_differs_has_another_digest(what: str) -> None:
    one, other = DIFFERENT[what]
    assert digest(Sheet(id=ID, **one)) != digest(Sheet(id=ID, **other))


def test_the_same_columns_in_another_table_have_another_digest() -> None:
    assert digest(Owner(id=ID)) != digest(Sheet(id=ID, form=""))


def test_a_digest_is_fixed_for_all_times() -> None:
    """Digests are on record: a change of how they are made would put every old row in the wrong."""
    sheet = Sheet(id=ID, form="phq-9", number=4.50, at=AT, body=b"\x01", answers={"q9": 0, "why": "å"}, people=["x"])
    assert digest(sheet) == "b9eda4d8e7f3925546e5276b53b4346ace23fa48975f0a7b602b58b39dca9f6f"


def test_a_column_that_is_added_later_and_empty_leaves_digests_as_they_were() -> None:
    class Grown(models.Model):
        added = models.TextField(null=True)  # noqa: DJ001
        id = models.UUIDField(primary_key=True)

        class Meta:
            apps = Apps()
            app_label = "audit_tests"
            db_table = Owner._meta.db_table

        def __str__(self) -> str:
            return ""

    assert digest(Grown(id=ID)) == digest(Owner(id=ID))
    assert digest(Grown(id=ID, added="")) != digest(Owner(id=ID))


REFUSED: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "a time without zone": ({"at": datetime(2025, 1, 1)}, ValueError, "without a zone"),
    "not a number": ({"number": math.nan}, ValueError, "not a finite number"),
    "endless": ({"number": math.inf}, ValueError, "not a finite number"),
    "not a number in answers": ({"answers": [math.nan]}, ValueError, "not a finite number"),
    "a decimal that is none": ({"share": Decimal("NaN")}, NoDigestError, "its column cannot hold"),
    "words in a column of numbers": ({"whole": "a secret"}, NoDigestError, "of type str that its column"),
    "words in a column of ids": ({"owner_id": "a secret"}, NoDigestError, "of type str that its column"),
    "words in a column of times": ({"at": "a secret"}, NoDigestError, "of type str that its column"),
    "an expression": ({"whole": F("whole") + 1}, TypeError, "only the database can work out"),
    "an expression in words": ({"words": F("form")}, TypeError, "only the database can work out"),
    "no key": ({"id": None}, ValueError, "no primary key"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_has_no_digest_says_why(what: str) -> None:
    columns, error, why = REFUSED[what]
    with pytest.raises(error, match=why) as refused:
        digest(Sheet(**{"id": ID, **columns}))
    assert "secret" not in str(refused.value)


def test_a_kind_of_column_without_canonical_form_is_named() -> None:
    class Drawing(models.Model):
        picture = models.FileField()

        class Meta:
            apps = Apps()
            app_label = "audit_tests"

        def __str__(self) -> str:
            return ""

    with pytest.raises(TypeError, match="picture is a FileField"):
        digest(Drawing(id=1))


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e22, "1" + "0" * 22), (1e-7, "0.0000001"), (-0.0, "0"), (2.5, "2.5"), (100.0, "100"), (-1.50, "-1.5")],
)
def test_numbers_are_written_without_exponent(value: float, text: str) -> None:
    assert float_text(value) == text
    assert decimal_text(Decimal(repr(value))) == text
    assert json_text({"b": [value], "a": None}) == f'{{"a":null,"b":[{text}]}}'


@given(FINITE)
def test_a_number_is_never_lost_by_writing_it(value: float) -> None:
    assert float(float_text(value)) == value


def test_days_and_hours_are_written_the_same_from_text() -> None:
    one = Sheet(id=ID, day=date(2025, 1, 2), hour=time(9, 5), lasting=timedelta(minutes=50))
    other = Sheet(id=ID, day="2025-01-02", hour="09:05", lasting="00:50:00")
    assert digest(one) == digest(other)


def test_an_event_notes_the_digest_that_its_row_has_ever_after(service: Service) -> None:
    event = service.writes(CAROL, answers={"mood": 1e16, "q9": 0.1}, share=Decimal("1.25"))
    sheet = Sheet.objects.get()
    assert AuditEvent.objects.get().rows == [["audit_tests_sheet", str(sheet.pk), digest(sheet)]] == event.rows
