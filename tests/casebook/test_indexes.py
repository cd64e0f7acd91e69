"""An index is written with every row. One that only begins another one finds nothing that the other does not."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

TABLES = [model._meta.db_table for model in apps.get_app_config("casebook").get_models()]
LOOKED_FOR = {"casebook_entry": {("enrolment_id", "seq"), ("group_id", "seq"), ("client_id",), ("replaces_id",)}}


def indexes_of(table):
    """Return the columns of each index of a table, and whether it only finds: what is unique holds a rule as well."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [
        (tuple(one["columns"]), not (one["unique"] or one["primary_key"]))
        for name, one in found.items()
        if one["index"] and not name.endswith("_like")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_no_index_begins_another(table):
    every = indexes_of(table)
    longer = {columns[:n] for columns, _ in every for n in range(1, len(columns))}

    assert [columns for columns, only_finds in every if only_finds and columns in longer] == []
    assert len({columns for columns, _ in every}) == len(every), "two are the same"


@pytest.mark.django_db
def test_what_is_looked_for_is_still_found_by_an_index():
    for table, wanted in LOOKED_FOR.items():
        assert wanted <= {columns for columns, _ in indexes_of(table)}
