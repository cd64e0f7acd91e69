"""What was written stays readable on the form it was written on, whatever happens to the shelf."""

from __future__ import annotations

from pathlib import Path

import pytest
from casebooks import Service

from openipt.casebook.models import Definition, Entry
from openipt.casebook.operations.beginning import move_course
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.therapy.forms import has_form, open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SCALE = """grammar: openipt-form/1
id: our-scale
version: {version}
kind: questionnaire
title: "Our scale"
purpose: "Two questions of our own."
rights: ours
filled_by: [client]
items:
  - {{id: q1, kind: scale, min: 0, max: 3, low: "no", high: "very", label: "One"}}
  - {{id: q2, kind: scale, min: 0, max: 3, low: "no", high: "very", label: "Two"}}
primary: total
scores:
  - {{id: total, label: "Total", method: sum, items: [q1, q2], range: [0, {top}], higher_is: worse}}
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch) -> Path:
    """A service's own shelf with a scale of its own."""
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path / "shelf"))
    return tmp_path / "shelf"


def put(shelf: Path, version: str, text: str = SCALE) -> None:
    """Put a version of the scale on the shelf, under an address that was not read before."""
    folder = shelf / "questionnaires" / "our-scale"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "form.yaml").write_text(text.format(version=version, top=6))


def answered(service: Service):
    """A course in which the scale was answered."""
    course = service.begin()
    answers = {"q1": 2, "q2": 3}
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="our-scale", answers=answers)
    return course


def test_an_entry_is_scored_on_its_own_version_after_the_shelf_has_moved_on(
    service: Service, shelf: Path, tmp_path: Path, monkeypatch
) -> None:
    put(shelf, "1.0.0")
    course = answered(service)
    other = tmp_path / "next"
    put(
        other, "2.0.0", SCALE.replace("max: 3", "max: 1").replace("{top}", "2")
    )  # on which these answers would be impossible
    monkeypatch.setenv("OPENIPT_LIBRARY", str(other))

    known = record(course)
    result = known.result(known.of("our-scale")[0])

    assert open_form("our-scale").version == "2.0.0"
    assert (result.valid, result.version, result.scores["total"]) == (True, "1.0.0", 5)


def test_an_entry_stays_readable_when_its_form_has_left_the_shelf(
    service: Service, shelf: Path, tmp_path: Path, monkeypatch
) -> None:
    put(shelf, "1.0.0")
    course = answered(service)
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path / "empty"))

    known = record(course)

    assert has_form("our-scale")
    assert [reading.value for reading in known.readings("our-scale")] == [5]


def test_the_fingerprint_of_a_kept_text_is_that_of_the_text(service: Service) -> None:
    import hashlib

    service.begin()
    for kept in Definition.objects.all():
        assert hashlib.sha256(kept.text.encode()).hexdigest() == kept.sha
    assert Entry.objects.filter(definition__isnull=True).count() == 0


def test_a_running_course_keeps_its_manual_until_it_is_moved_with_a_reason(service: Service) -> None:
    course = service.begin(manual="ipt-classic")
    assert manual_of(record(course)).id == "ipt-classic"

    with pytest.raises(ValueError, match="say why"):
        move_course(by=service.actor(), at=service.at, enrolment=course.label, manual="ipt-b", why=" ")
    move_course(by=service.actor(), at=service.at, enrolment=course.label, manual="ipt-b", why="Eight will do.")

    assert manual_of(record(course)).id == "ipt-b"
    sheets = Entry.objects.filter(enrolment=course, form="course-sheet")
    assert sheets.count() == 2  # the first one stays
    assert sheets.latest("seq").definition_id is not None
