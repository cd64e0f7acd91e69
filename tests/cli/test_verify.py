"""`openipt verify`, `anchor`, `rebuild`, `tick`: a whole service is said to be whole, and what is wrong is named."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from casebooks import Service, worked_case
from cli.operating import run_one
from django.db import connection, connections

from openipt.audit.append_only import drop, lifted, make
from openipt.casebook.models import APPEND_ONLY, Entry, Standing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.sealing.held import held
from openipt.casebook.sealing.models import ScopeKey
from openipt.exchange.backup import wholeness
from openipt.exchange.backup.wholeness import NOTED, wrongs

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


@pytest.fixture
def course(service: Service):
    """A course with an answered questionnaire, and a whole worked case beside it."""
    made = service.begin()
    save_entry(by=service.actor(), at=service.at, enrolment=made.label, form="phq-9", answers=CALM)
    return made


def change(statement: str, *values: object, table: str) -> None:
    """What somebody with all rights on the database might do."""
    with lifted(table), connection.cursor() as cursor:
        cursor.execute(statement, values)
        connection.check_constraints()  # PostgreSQL puts that off, and then cannot make the guards again


def verify(*more: str) -> dict:
    said = run_one(["verify", "--json", *more])
    told = json.loads(said["out"])
    assert said["code"] == (0 if told["whole"] else 1)
    return told


def kinds(*more: str) -> set[str]:
    return {one["kind"] for one in verify(*more)["faults"]}


def test_a_service_at_work_is_whole_and_says_how_much_was_checked(service, course) -> None:
    service.keep(worked_case("C01"))

    said = run_one(["verify", "--standing"])

    assert said["code"] == 0, said["err"]
    assert "Everything is as it was written." in said["out"]
    assert "2 courses" in said["out"]


def test_every_append_only_table_is_verified_and_only_definitions_by_their_own_sum() -> None:
    assert {model.__name__ for model in APPEND_ONLY} - {model.__name__ for model in NOTED} == {"Definition"}


def test_a_changed_entry_is_named_by_its_id_and_not_by_what_it_says(service, course) -> None:
    entry = Entry.objects.get(form="phq-9")
    change("UPDATE casebook_entry SET about = 'x' WHERE form = 'phq-9'", table="casebook_entry")

    said = run_one(["verify"])

    assert said["code"] == 1
    assert str(entry.id) in said["err"]
    assert "Something is wrong" in said["out"]


def test_an_entry_whose_text_was_swapped_with_another_is_named_twice(service, course) -> None:
    intake = Entry.objects.get(form="intake")
    body = bytes(intake.body)
    change("UPDATE casebook_entry SET body = %s WHERE form = 'phq-9'", body, table="casebook_entry")

    assert {"row_differs", "sealed"} <= kinds()


def test_a_changed_definition_is_named(service, course) -> None:
    change("UPDATE casebook_definition SET text = text || ' ' WHERE name = 'phq-9'", table="casebook_definition")
    assert kinds() == {"definition"}


@pytest.mark.parametrize("table", ["casebook_definition", "casebook_entry", "post_messagestep", "audit_auditevent"])
def test_a_table_without_its_guards_is_named(service, table) -> None:
    drop(table)
    try:
        faults = verify()["faults"]
        assert [(one["kind"], one["where"]) for one in faults] == [("guard", table)]
    finally:
        make(table)


def test_a_key_store_without_its_guards_is_named(service, course) -> None:
    keys = connections["keys"]
    on = " ON sealing_scopekey" if keys.vendor == "postgresql" else ""
    with keys.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER sealing_scopekey_never_deleted{on}")
    assert kinds() == {"guard"}


def test_a_key_that_does_not_open_is_named(service, course) -> None:
    row = ScopeKey.objects.get(id=course.client.scope)
    ScopeKey.objects.filter(id=row.id).update(wrapped=bytes(row.wrapped)[:-1] + b"\x00")
    held.empty()

    faults = verify()["faults"]

    assert ("key", f"scope:{row.id}") in {(one["kind"], one["where"]) for one in faults}


def test_a_client_whose_key_was_erased_is_no_fault(service, course) -> None:
    ScopeKey.objects.filter(id=course.client.scope).update(wrapped=None, erased_at=service.at)
    held.empty()
    assert verify("--standing")["whole"]


def test_a_scope_of_which_the_key_store_knows_nothing_is_named(service, course, monkeypatch) -> None:
    monkeypatch.setattr(wholeness, "_used", lambda: {course.client.scope, course.id})
    assert [one.where for one in wrongs()] == [f"scope:{course.id}"]


def test_a_row_of_the_caseload_that_is_not_what_the_record_says_is_named_and_can_be_made_anew(service, course) -> None:
    Standing.objects.filter(enrolment=course).update(need="nothing", flags_open=0)

    [fault] = verify("--standing")["faults"]
    assert fault["kind"] == "standing"
    assert "openipt rebuild standing" in fault["words"]

    said = run_one(["rebuild", "standing", "--json"])
    assert (said["code"], json.loads(said["out"])["made"]) == (0, 1)
    assert verify("--standing")["whole"]


# ---- anchors


def test_the_anchor_of_today_is_one_line_and_the_same_all_day(service, course) -> None:
    first, second = run_one(["anchor"])["out"], run_one(["anchor"])["out"]
    assert first == second
    assert first.startswith("openipt anchor 1 | ")
    assert first.count("\n") == 1


def test_a_line_that_was_kept_elsewhere_shows_that_the_end_was_cut_off(service, course, tmp_path) -> None:
    kept = tmp_path / "kept-at-the-notary"
    kept.write_text(f"# anchors of Hill Road\n{run_one(['anchor'])['out']}\n")
    assert verify("--against", str(kept))["whole"]

    change("DELETE FROM audit_auditevent WHERE act = 'save_entry'", table="audit_auditevent")

    assert "line" in kinds("--against", str(kept))
    assert "line" in kinds("--against", kept.read_text().splitlines()[1])


@pytest.mark.parametrize("given", ["openipt anchor 1", "no-such-file"])
def test_what_is_no_anchor_is_refused_and_named(service, given) -> None:
    said = run_one(["verify", "--against", given])
    assert said["code"] == 1
    assert given in said["err"]


def test_a_new_anchor_can_be_asked_for(service, course) -> None:
    run_one(["anchor"])
    assert run_one(["anchor", "--new"])["out"].startswith("openipt anchor 2 | ")


# ---- the tick as a command


def test_the_tick_says_nothing_where_nothing_was_to_do(service) -> None:
    assert run_one(["tick"]) == {"code": 0, "out": "", "err": ""}


def test_the_tick_says_what_it_did_and_can_be_asked_for_another_moment(service, course) -> None:
    said = run_one(["tick", "--json", "--at", (service.at + timedelta(days=1)).isoformat()])
    told = json.loads(said["out"])
    assert (told["told"], told["expired"], told["reckoned"]) == (1, 1, 1), "nothing leaves a service of invented people"
    assert (said["code"], told["well"]) == (0, True)


def test_a_tick_that_could_not_do_all_ends_with_1_and_says_what(service, monkeypatch) -> None:
    from openipt.post import ticking

    monkeypatch.setattr(ticking, "purge_drafts", lambda at: 1 / 0)
    said = run_one(["tick"])
    assert said["code"] == 1
    assert "Could not be done: drafts" in said["err"]
