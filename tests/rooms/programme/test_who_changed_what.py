"""What was changed about a service is only ever added, noted in the audit, and holds no word of a client."""

from __future__ import annotations

from uuid import uuid4

import pytest
from casebooks import Service
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from openipt.accounts.changes import APPEND_ONLY, Change, Settled
from openipt.accounts.models import Membership
from openipt.audit.append_only import lifted
from openipt.audit.models import AuditEvent
from openipt.audit.verifying import verify
from openipt.casebook.models import Enrolment
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def some_changes(service: Service, lead: Client, sent) -> None:
    ines = service.staff["Ines"]
    day = timezone.now().date().isoformat()
    lead.post("/service/people/add/", sent(name="Leyla", username="leyla", role="therapist", since=day))
    lead.post(f"/service/people/{ines.id}/role/", sent(role="supervisor", since=day))
    lead.post(f"/service/people/{ines.id}/role/", sent(role="lead", since=day, why="She leads."))
    lead.post(f"/service/people/{ines.id}/sign-out/", sent())
    lead.post(f"/service/people/{ines.id}/close/", sent(why="Left."))


def test_every_act_is_noted_with_its_rows_in_the_chain_of_the_service(service, lead, sent) -> None:
    some_changes(service, lead, sent)

    events = AuditEvent.objects.filter(act__startswith="service.")
    marta, here = str(service.staff["Marta"].id), str(service.organisation.id)
    assert {(one.by, one.chain, one.client) for one in events} == {(marta, here, "")}
    noted = {row[1] for event in events for row in event.rows}
    assert {str(one.id) for one in Change.objects.all()} <= noted
    assert list(verify(APPEND_ONLY)) == []


def test_a_change_that_was_written_anew_is_found(service, lead, sent) -> None:
    some_changes(service, lead, sent)
    connection.check_constraints()  # PostgreSQL alters no table of which something is still to be checked
    with lifted("accounts_change"), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_change SET what = 'details' WHERE what = 'close'")
        connection.check_constraints()

    assert [fault.kind for fault in verify(APPEND_ONLY)] == ["row_differs"]


@pytest.mark.parametrize("table", ["accounts_change", "accounts_settled"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET why = ''", "DELETE FROM {table}"])
def test_the_database_lets_nobody_rewrite_it(service, lead, sent, table, statement) -> None:
    some_changes(service, lead, sent)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))


def test_the_page_says_who_changed_what(service, lead, said, sent) -> None:
    some_changes(service, lead, sent)

    told = said(lead.get("/service/changes/"))

    for words in (
        "Marta added Leyla as therapist.",
        "Marta gave a role: Ines is supervisor from",
        "Marta asked that Ines be lead from",
        "Waits for a second person.",
        "Marta signed Ines out everywhere.",
        "Marta closed the account of Ines.",
        "The service was set up.",
    ):
        assert words in told


def test_many_changes_are_read_page_by_page(service, lead, said) -> None:
    at = timezone.now()
    rows = [
        Change(id=uuid4(), organisation=service.organisation, what="signed_out", account=service.staff["Ines"], at=at)
        for _ in range(130)
    ]
    for n, one in enumerate(rows):
        one.at = at.replace(microsecond=n)
    Change.objects.bulk_create(rows)
    Settled.objects.bulk_create([Settled(change=one, how="done", at=one.at) for one in rows])

    first = lead.get("/service/changes/")
    there = first.content.decode().split('href="?before=')[1].split('"')[0]
    rest = lead.get(f"/service/changes/?before={there}")

    assert said(first).count("signed Ines out everywhere") == 100
    assert said(rest).count("signed Ines out everywhere") == 30
    assert lead.get("/service/changes/?before=nonsense").status_code == 200


# ---- no content of any client


def test_no_word_of_any_client_stands_on_these_pages(clinic: Service) -> None:
    from rooms.conftest import signed_in

    clinic.account("Answering", ("lead",))
    for who in ("Answering", "Running"):
        browser = signed_in(clinic, who)
        therapist = clinic.staff["TH-01"]
        held = Membership.objects.filter(account=therapist).first()
        pages = [
            browser.get(f"/service/{tail}")
            for tail in ("", "people/", "people/add/", "promise/", "alone/", "numbers/", "changes/")
        ]
        pages += [
            browser.get(f"/service/people/{therapist.id}/{tail}")
            for tail in ("", "role/", f"role/{held.id}/", "way-in/", "close/", "details/")
        ]
        assert {page.status_code for page in pages} == {200}
        heard = b"".join(page.content for page in pages).decode()
        assert [word for word in canaries() if word in heard] == []
        assert "open course" in heard, "only how many"


def canaries() -> list[str]:
    """Names, codes, labels and words of every client of the clinic."""
    found: list[str] = []
    for one in Enrolment.objects.select_related("client"):
        found += [f">{one.label}<", f"/courses/{one.label}/", one.client.code] if len(one.client.code) > 3 else []
        for entry in record(one).entries:
            found += [text for text in entry.answers.values() if isinstance(text, str) and len(text) > 12]
    assert len(found) > 500
    return found


def test_who_runs_the_machine_still_opens_no_course(clinic: Service, operator: Client) -> None:
    label = Enrolment.objects.values_list("label", flat=True)[0]
    assert operator.get("/service/").status_code == 200
    assert operator.get(f"/courses/{label}/").status_code == 404
