"""A worked course tells the same story, whether it is replayed from its file or read back from the record."""

from dataclasses import replace

import pytest
from casebooks import Service, worked_case

from openipt.casebook.queries.record import group_record, record
from openipt.exchange.cases import case_files, open_case
from openipt.exchange.cases.replay import as_json, replay

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CASES = sorted({open_case(path).id for path in case_files()})


def read_back(service: Service, case):
    """The same case, every record of it read from the database."""
    records = tuple(record(service.enrolment(one.enrolment)) for one in case.records)
    group = service.enrolment(case.records[0].enrolment).group
    return replace(case, records=records, group=group_record(group) if group else None)


def without_row_ids(told):
    """The story without the ids of rows: a file counts them, the record has its own."""
    if isinstance(told, dict):
        return {key: without_row_ids(value) for key, value in told.items() if key not in ("entry", "client")}
    return [without_row_ids(one) for one in told] if isinstance(told, list) else told


@pytest.mark.parametrize("case_id", CASES)
def test_the_held_story_of_a_case_is_the_story_of_its_file(case_id: str, service: Service) -> None:
    case = worked_case(case_id)
    service.keep(case)

    from_file = as_json(replay(case, people=True, words=True))
    from_record = as_json(replay(read_back(service, case), people=True, words=True))

    assert without_row_ids(from_record) == without_row_ids(from_file)


@pytest.mark.parametrize("case_id", ["C01", "C02"])
def test_keeping_a_case_twice_changes_nothing(case_id: str, service: Service) -> None:
    case = worked_case(case_id)
    first = service.keep(case)
    again = service.keep(case)

    assert all(first.values())
    assert not any(again.values())
