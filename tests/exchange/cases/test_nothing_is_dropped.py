"""Every worked case reads, and nothing in it is dropped silently."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta

import pytest
from on_shelf import CASE_IDS

from openipt.exchange.cases import case_files
from openipt.exchange.cases.group import read_group
from openipt.exchange.cases.individual import read_individual
from openipt.exchange.cases.taking import Tree
from openipt.therapy.forms import form_ids, open_form, score

# What a file holds and a record does not, with the reason. Everything else must make a difference when it is changed.
DERIVED = {
    r"case\.synthetic": "only invented courses are read at all: the schema allows no other value",
    r"case\.problem_area": "the label of the file; the focus stands in formulation and contract",
    r"sessions\.\d+\.group_climate\.scale": "the scale of the form; the schema allows no other value",
}


def test_every_worked_case_is_on_the_shelf(worked):
    assert {"C01", "C02", "C03", "C05"} <= set(worked)
    assert len(worked) == len(case_files()) == len(set(CASE_IDS))


EACH_DAY = 4  # one place in so many is tried each day, all of them at night


@pytest.mark.parametrize("case", CASE_IDS)
def test_changing_a_value_of_a_file_changes_what_is_read(worked, case):
    """A value that could be changed without a difference in the case would have been dropped."""
    places = list(_ways(worked[case].page.data))
    assert _dropped(worked, case, places[int(case[1:]) % EACH_DAY :: EACH_DAY]) == []


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASE_IDS)
def test_changing_any_value_of_a_file_changes_what_is_read(worked, case):
    assert _dropped(worked, case, list(_ways(worked[case].page.data))) == []


def _dropped(worked, case, places) -> list[str]:
    data = copy.deepcopy(worked[case].page.data)
    read = read_group if "group" in data else read_individual
    base = read(Tree(copy.deepcopy(data)))
    unnoticed = map(_spell, _unnoticed(data, read, base, places))
    return [place for place in unnoticed if not any(re.fullmatch(known, place) for known in DERIVED)]


def _unnoticed(data, read, base, places) -> Iterator[tuple]:
    for way in places:
        box = data
        for step in way[:-1]:
            box = box[step]
        was = box[way[-1]]
        box[way[-1]] = _other(was)
        try:
            if read(Tree(data)) == base:
                yield way
        except (KeyError, ValueError):
            pass  # what cannot be read any more was noticed
        finally:
            box[way[-1]] = was


def _ways(value, way=()) -> Iterator[tuple]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _ways(part, (*way, key))
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _ways(part, (*way, n))
    elif value is not None:
        yield way


def _other(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(1)).isoformat()
    return value + " *"


def _spell(way) -> str:
    return ".".join(map(str, way))


@pytest.mark.parametrize("case", CASE_IDS)
def test_every_text_and_number_of_a_file_stands_in_the_case(worked, case):
    known = {str(leaf) for leaf in _leaves(worked[case].case)}
    missing = []
    for way in _ways(worked[case].page.data):
        value = worked[case].page.data
        for step in way:
            value = value[step]
        if not isinstance(value, bool) and str(value) not in known:
            missing.append((_spell(way), value))
    expected = {
        r".*incident\.id": "part of the name of its entry",
        r"sessions\.\d+\.attendance\.\d+\.status": "'dropped_out' is told by the day the member left",
        r"sessions\.\d+\.group_climate\.scale": "the scale of the form",
    }
    assert [one for one in missing if not any(re.fullmatch(place, one[0]) for place in expected)] == []


def _leaves(value) -> Iterator[object]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(key)
            yield from _leaves(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part)
    elif is_dataclass(value):
        for field in fields(value):
            if field.compare:
                yield from _leaves(getattr(value, field.name))
    elif isinstance(value, datetime):
        yield from (value.date().isoformat(), value.strftime("%Y-%m-%dT%H:%M"))
    elif isinstance(value, date):
        yield value.isoformat()
    elif value is not None and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize("case", CASE_IDS)
def test_every_answer_fits_our_forms(worked, case):
    shelf = set(form_ids())
    scored = 0
    for record in worked[case].case.records:
        for entry in record.entries:
            assert entry.kind != "answers" or entry.form in shelf, entry.id
            if entry.kind == "answers":
                assert score(open_form(entry.form), entry.answers).errors == (), entry.id
                scored += 1
    assert scored > 50


@pytest.mark.parametrize("case", CASE_IDS)
def test_ids_are_unique_and_the_same_at_every_reading(worked, case):
    records = worked[case].case.records
    ids = [entry.id for record in records for entry in record.entries]
    assert len(ids) == len(set(ids))
    again = read_group if worked[case].case.group else read_individual
    assert again(Tree(copy.deepcopy(worked[case].page.data))) == worked[case].case


def test_a_score_of_a_form_that_is_not_on_the_shelf_keeps_its_items(worked):
    data = copy.deepcopy(worked["C01"].page.data)
    data["sessions"][1]["measures"]["SRM5"] = {"items": [1, 2, 3, 4, 5], "total": 15}
    record = read_individual(Tree(data)).records[0]
    entry = next(entry for entry in record.entries if entry.form == "srm-5")
    assert (entry.kind, entry.total, entry.answers) == ("total_only", 15, {"items": [1, 2, 3, 4, 5]})
