"""`openipt import-case`: an invented course into a service of invented people, once, at whatever time is wanted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from casebooks import Service, all_cases, worked_case
from cli.operating import run_one

from openipt.accounts.making import make_organisation
from openipt.accounts.models import Account, Organisation
from openipt.casebook.models import Enrolment, Entry, Score
from openipt.casebook.queries.record import record
from openipt.cli.case_reading import moved
from openipt.exchange.backup.wholeness import wrongs
from openipt.exchange.cases import case_files

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CASE_1 = next(path for path in case_files() if "case_01" in path.name)


def kept(*words: str) -> dict[str, int]:
    said = run_one(["import-case", *words, "--json"])
    assert said["code"] == 0, said["err"]
    return json.loads(said["out"])["kept"]


def refusal(*words: str) -> str:
    said = run_one(["import-case", *words])
    assert said["code"] == 1
    return said["err"]


def test_a_case_is_kept_whole_and_what_was_kept_is_listed(service: Service) -> None:
    said = run_one(["import-case", "C01"])

    assert said["code"] == 0
    assert "C01, Grief: a brother's sudden death" in said["out"]
    assert "new facts" in said["out"]
    told = worked_case("C01").records[0]
    assert len(record(Enrolment.objects.get(label="C01")).entries) == len(told.entries)
    assert list(wrongs(all_standing=True)) == []


def test_doing_it_twice_changes_nothing_and_says_so(service: Service) -> None:
    kept("C01")
    entries = Entry.objects.count()

    said = run_one(["import-case", str(CASE_1)])

    assert said["out"] == "C01 was kept before; nothing has changed.\n"
    assert Entry.objects.count() == entries


def test_it_can_begin_on_another_day_and_weekdays_stay(service: Service) -> None:
    kept("C01", "--shift-to", "2027-01-06")

    before, now = worked_case("C01").records[0], record(Enrolment.objects.get(label="C01"))
    assert date(2027, 1, 6) <= now.began_on <= date(2027, 1, 12)
    assert [one.day.weekday() for one in now.sessions] == [one.day.weekday() for one in before.sessions]


def test_the_same_case_on_other_days_is_refused_since_its_facts_would_stand_at_two_times(service: Service) -> None:
    kept("C01", "--shift-to", "2027-01-06")

    assert "is kept already" in refusal("C01")
    assert kept("C01", "--shift-to", "2027-01-06") == {"C01": 0}


def test_a_course_can_stop_at_a_session_and_go_on_later(service: Service) -> None:
    kept("C01", "--until-session", "3")
    known = record(Enrolment.objects.get(label="C01"))
    assert max(one.number for one in known.sessions if one.number) == 3
    assert known.ended_on is None

    assert kept("C01")["C01"] > 0
    assert record(Enrolment.objects.get(label="C01")).ended_on is not None
    assert list(wrongs(all_standing=True)) == []


def test_a_session_that_there_is_not_is_refused(service: Service) -> None:
    assert "there is no session 99; expected one of 1, 2" in refusal("C01", "--until-session", "99")


def test_a_group_moves_as_one(service: Service) -> None:
    group = next(case for case in all_cases() if case.group)
    told = moved(group, date(2027, 3, 1))

    sessions = {new.happened_at - old.happened_at for new, old in _pairs(told.group.sessions, group.group.sessions)}
    members = {new.began_on - old.began_on for new, old in _pairs(told.records, group.records) if old.began_on}
    assert sessions == members
    assert len(sessions) == 1


def _pairs(new, old):
    return zip(new, old, strict=True)


def test_staff_named_in_a_case_are_the_people_of_the_service(service: Service) -> None:
    kept("C01")
    kept("C02")
    assert Account.objects.filter(username="therapist").count() == 1


def test_real_people_and_invented_ones_never_mix(db) -> None:
    make_organisation(name="Hill Road", zone="UTC", by=None, at=datetime(2026, 3, 2, tzinfo=UTC))

    assert "holds real people (Hill Road)" in refusal("C01")
    assert "holds real people" in refusal("C01", "--organisation", "Hill Road")
    assert not Enrolment.objects.exists()


def test_where_two_services_are_there_it_has_to_be_said_which(service: Service) -> None:
    make_organisation(name="Second", zone="UTC", by=None, at=service.at, synthetic=True)

    said = "it is not said for which service; expected --organisation with one of: Test clinic, Second"
    assert said in refusal("C01")
    assert "no service 'Third'" in refusal("C01", "--organisation", "Third")
    assert kept("C01", "--organisation", "Second")["C01"] > 0
    assert Enrolment.objects.get(label="C01").organisation == Organisation.objects.get(name="Second")


# ---- cases that are not quite right


def test_what_cannot_be_found_is_refused_with_the_names_there_are(service: Service) -> None:
    assert "nothing.yaml: no such file or worked case; expected a file, or one of C01" in refusal("nothing.yaml")


def test_a_case_with_an_answer_that_its_form_cannot_take_is_refused_or_kept_without_that_score(
    service: Service, tmp_path
) -> None:
    path = tmp_path / "unfit.yaml"
    fit, unfit = "1, 3, 2, 1, 0], total: 17}, ALLIANCE5", "1, 3, 2, 1, 5], total: 22}, ALLIANCE5"
    path.write_text(CASE_1.read_text(encoding="utf-8").replace(fit, unfit))

    assert "q9 takes 0 to 3; got 5" in refusal(str(path))
    assert not Enrolment.objects.exists()

    said = run_one(["import-case", str(path), "--lenient"])
    assert said["code"] == 0
    assert "Passed over: unfit.yaml: C01-s03-phq-9 (phq-9): q9 takes 0 to 3; got 5; kept without a score" in said["err"]
    sheets = Entry.objects.filter(form="phq-9")
    assert sheets.count() - Score.objects.filter(form="phq-9", name="total").count() == 1
