"""A worksheet never demands completeness, so no page may break on one that is half filled in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.fits import MODULE

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

HALF_FILLED = {
    "medication": {"drug": "Something for sleep"},
    "timeline": {"mark": "event", "text": "The move"},
    "closeness-circle": {"places": [{"person": "P1"}]},
    "ties": {"ties": [{"tie": "close"}]},
    "communication-analysis": {"lines": [{"speaker": "me"}], "rewrite": [{"said": "I was afraid."}]},
    "formulation": {},
    "contract": {"minutes": 50},
    "safety-plan": {},
    "goals-and-boundaries": {"statement": "Sleep"},
}


@pytest.fixture
def service(db) -> Service:
    service = a_service(timezone.now() - timedelta(days=3))
    service.organisation.promise = {MODULE: {"on": True, "read_by": "somebody", "read_on": "2026-01-01"}}
    service.organisation.save()
    return service


@pytest.mark.parametrize("form", HALF_FILLED)
def test_every_page_of_a_course_stands_on_a_half_filled_sheet(service: Service, form: str) -> None:
    course = service.begin()
    saved = save_entry(
        by=service.actor(), at=service.at, enrolment=course.label, form=form, answers=HALF_FILLED[form], about="X1"
    )
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    for page in ("", "people/", "treatment/", "insight/", f"entries/{saved.id}/"):
        assert browser.get(f"/courses/{course.label}/{page}").status_code == 200, page
    assert browser.get("/").status_code == 200
