"""Every form on the shelf belongs to a kind of record, and none that staff write does so by chance."""

from __future__ import annotations

import pytest

from openipt import policy
from openipt.policy.table import table
from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form
from openipt.therapy.vocabulary import vocabulary

SHELF = [form_id for kind in ("questionnaires", "worksheets") for form_id in shelf.ids(kind)]
LISTED = {form: kind_id for kind_id, kind in table().kinds.items() for form in kind.forms}
TIES = {"client": "own", "therapist": "assigned", "proxy": "proxy"}


def opened(form_id: str) -> Form:
    return open_form(form_id)


def kind(form_id: str) -> str:
    form = opened(form_id)
    return policy.kind_of(form.id, form.kind, form.visibility)


def may(role: str, form_id: str, action: str) -> bool:
    return policy.decide(role, TIES[role], kind(form_id), action, facts=policy.facts()).allowed


def by_staff_alone(form: Form) -> bool:
    return "client" not in form.filled_by


def test_the_shelf_is_not_empty() -> None:
    assert len(SHELF) > 90


@pytest.mark.parametrize("form_id", sorted(LISTED))
def test_a_form_that_the_table_lists_stands_on_the_shelf(form_id: str) -> None:
    assert form_id in SHELF


def unlisted_of_staff(forms: list[Form]) -> list[str]:
    return [form.id for form in forms if by_staff_alone(form) and form.id not in LISTED]


def test_every_form_that_only_staff_fill_in_is_listed() -> None:
    assert unlisted_of_staff([opened(form_id) for form_id in SHELF]) == []


def test_a_new_form_of_staff_would_be_noticed() -> None:
    new = opened("session-record").model_copy(update={"id": "night-report"})
    assert unlisted_of_staff([new]) == ["night-report"]


def test_every_worksheet_of_the_shelf_is_listed() -> None:
    assert [form_id for form_id in shelf.ids("worksheets") if form_id not in LISTED] == []


@pytest.mark.parametrize(
    ("form_id", "expected"),
    [
        ("phq-9", "questionnaires"),
        ("hamd-17", "questionnaires"),
        ("safety-plan", "safety_plan"),
        ("violence-check", "violence_check"),
        ("safety-conversation", "safety_conversation"),
        ("intake", "session_records"),
        ("consent", "consent"),
        ("formulation", "session_records"),
        ("session-record", "session_records"),
        ("medical-review", "session_records"),
        ("mood-diary", "diary"),
        ("interpersonal-inventory", "inventory"),
        ("closeness-circle", "goals_homework"),
        ("communication-analysis", "goals_homework"),
        ("medication", "medication"),
        ("supervision-note", "supervision"),
        ("fidelity-rating", "supervision"),
        ("group-session", "group_records"),
        ("group-agreement", "group_records"),
        ("session-sheet", "appointments"),
        ("course-sheet", "session_records"),
    ],
)
def test_known_forms_are_where_one_looks_for_them(form_id: str, expected: str) -> None:
    assert policy.kind_of(form_id, opened(form_id).kind) == expected


@pytest.mark.parametrize("form_id", [form_id for form_id in SHELF if opened(form_id).filled_by == ("client",)])
def test_what_only_the_client_fills_in_the_client_may_write(form_id: str) -> None:
    assert may("client", form_id, "write")


@pytest.mark.parametrize("form_id", [one for one in SHELF if "client" in opened(one).filled_by])
def test_what_the_client_may_fill_in_the_client_may_write(form_id: str) -> None:
    assert may("client", form_id, "write")


@pytest.mark.parametrize("form_id", [one for one in SHELF if "therapist" in opened(one).filled_by])
def test_what_the_therapist_may_fill_in_the_therapist_may_write(form_id: str) -> None:
    """But for what supervision writes, and what a group writes without its therapists."""
    elsewhere = {"supervision", "group_records"}
    assert may("therapist", form_id, "write") == (kind(form_id) not in elsewhere)


@pytest.mark.parametrize("form_id", [one for one in SHELF if opened(one).visibility == "staff_asked_alone"])
def test_what_was_asked_alone_is_closed_to_client_and_proxy(form_id: str) -> None:
    assert not any(may(role, form_id, action) for role in ("client", "proxy") for action in ("read", "write"))


@pytest.mark.parametrize("form_id", [one for one in SHELF if opened(one).visibility == "therapist_only"])
def test_no_sheet_for_staff_is_written_by_the_client_but_the_own_consent(form_id: str) -> None:
    assert not may("client", form_id, "write") or form_id == "consent"


def test_a_sheet_of_a_services_own_shelf_goes_by_kind_and_visibility() -> None:
    assert policy.kind_of("our-scale", "questionnaire") == "questionnaires"
    assert policy.kind_of("our-scale", "questionnaire", "therapist_only") == "questionnaires"
    assert policy.kind_of("our-sheet", "worksheet") == "goals_homework"
    assert policy.kind_of("our-sheet", "worksheet", "shared_with_therapist") == "goals_homework"
    assert policy.kind_of("our-sheet", "worksheet", "client_private") == "goals_homework"
    assert policy.kind_of("our-sheet", "worksheet", "therapist_only") == "session_records"
    assert policy.kind_of("our-sheet", "worksheet", "staff_asked_alone") == "violence_check"
    assert policy.kind_of("our-sheet", "worksheet", "group") == "group_records"


def test_a_private_note_is_one_whatever_its_form() -> None:
    assert policy.kind_of("session-record", "worksheet", "process_note") == "process_notes"
    assert policy.kind_of("our-sheet", "worksheet", "process_note") == "process_notes"
    assert policy.kind_of("phq-9", "questionnaire", "process_note") == "process_notes"


def test_the_visibilities_are_those_of_the_vocabulary() -> None:
    assert set(table().visibilities) <= set(vocabulary()["visibility_kinds"])


def test_rows_with_a_life_of_their_own_have_a_kind() -> None:
    rows = {"person", "goal", "step", "event", "session", "decision"}
    assert {thing: policy.kind_of_thing(thing) for thing in rows} == {
        "person": "inventory",
        "goal": "goals_homework",
        "step": "goals_homework",
        "event": "goals_homework",
        "session": "appointments",
        "decision": "session_records",
    }


def test_what_is_no_form_and_no_row_is_refused_by_name() -> None:
    with pytest.raises(policy.Unknown, match=r"no kind of form 'letter' .* questionnaire, worksheet"):
        policy.kind_of("phq-9", "letter")
    with pytest.raises(policy.Unknown, match=r"no kind of thing 'pet' .* person"):
        policy.kind_of_thing("pet")
