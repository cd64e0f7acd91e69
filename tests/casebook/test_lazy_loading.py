"""A record loads in the same few questions whatever its size, and unseals only what somebody looks at."""

import pytest
from casebooks import Service, worked_case
from django.db import connections
from django.test.utils import CaptureQueriesContext

from openipt.casebook import sealing
from openipt.casebook.models import sealed
from openipt.casebook.queries.record import record, records

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_one_course_and_four_cost_the_same_number_of_questions(service: Service) -> None:
    for case_id in ("C01", "C02", "C03", "C08"):
        service.keep(worked_case(case_id))
    counts = []
    for labels in (["C02"], ["C01", "C02", "C03", "C08"]):
        enrolments = [service.enrolment(label) for label in labels]
        records(enrolments)
        with CaptureQueriesContext(connections["default"]) as asked:
            records(enrolments)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 6


def test_opening_a_record_unseals_no_answer_until_it_is_asked_for(service: Service, monkeypatch) -> None:
    service.keep(worked_case("C02"))
    opened: list[str] = []
    unseal = sealing.unseal

    def watched(scope, place, blob):
        opened.append(place[0])
        return unseal(scope, place, blob)

    monkeypatch.setattr(sealed.sealing, "unseal", watched)

    known = record(service.enrolment("C02"))
    before = opened.count("entry")
    known.says("formulation")

    assert before < len(known.entries) / 2  # session sheets and reported totals alone
    assert opened.count("entry") == before + 1


def test_the_words_of_a_client_do_not_show_in_what_a_traceback_prints(service: Service) -> None:
    service.keep(worked_case("C02"))
    entry = record(service.enrolment("C02")).of("formulation")[-1]
    entry.answers.get("client_words")

    assert str(entry.answers.get("client_words")) not in repr(entry)
