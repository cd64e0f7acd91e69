"""A session is written in two acts, each whole or not at all: that it was held, and what happened in it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from casebooks import Service

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Draft, Entry, Flag, Standing, Thing
from openipt.casebook.operations import sessions
from openipt.casebook.operations.drafting import save_draft
from openipt.casebook.operations.notes import NothingWritten, add_to_note, sign_note
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, save_entry
from openipt.casebook.operations.sessions import NumberTaken, amend_session, close_session, hold_session, sheet_answers
from openipt.casebook.operations.standing import row_of
from openipt.casebook.queries.notes import own_drafts, signed, unsigned
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.therapy.record import session_sheet, step_after

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


@pytest.fixture
def course(service: Service):
    return service.begin()


def held(service: Service, course, number: int = 1, **more):
    """A session that the therapist held; the later ones a week after each other."""
    at = service.at + max(0, number - 1) * WEEK
    facts = {"kind": "attended", "minutes": 50, "modality": "in_person", "id": uuid4(), **more}
    happened_at = facts.pop("happened_at", at - HOUR)
    enrolment, by = facts.pop("enrolment", course.label), facts.pop("by", None) or service.actor()
    return hold_session(by=by, at=at, enrolment=enrolment, number=number, happened_at=happened_at, **facts)


def card(service: Service, course, session: UUID, answers=None, **more):
    """The After card of a session."""
    told = answers if answers is not None else {"mood": 4, "tasks": ["MID.01"], "safety_asked": True}
    by, at = more.pop("by", None) or service.actor(), more.pop("at", service.at)
    return close_session(
        by=by, at=at, enrolment=course.label, session=str(session), answers=told, id=more.pop("id", uuid4()), **more
    )


def acts(course) -> list[str]:
    return list(AuditEvent.objects.filter(client=str(course.client_id)).order_by("place").values_list("act", flat=True))


# ---- that it was held ----


def test_a_session_that_was_held_is_in_the_record_with_its_number_and_its_two_times(service: Service, course) -> None:
    saved = held(service, course, 1)

    [met] = record(course).sessions
    assert (met.id, met.number, met.kind, met.uses, met.attended) == (str(saved.id), 1, "attended", 1, True)
    assert (met.happened_at, met.recorded_at) == (service.at - HOUR, service.at)
    assert (met.minutes, met.modality) == (50, "in_person")


def test_its_row_and_its_sheet_are_one_act(service: Service, course) -> None:
    saved = held(service, course)

    event = AuditEvent.objects.filter(client=str(course.client_id)).latest("place")
    assert event.act == "hold_session"
    assert sorted(table for table, _, _ in event.rows) == ["casebook_entry", "casebook_thing"]
    assert str(saved.id) in {row for _, row, _ in event.rows}


def test_sent_twice_it_is_one_session(service: Service, course) -> None:
    name = uuid4()

    first, second = held(service, course, id=name), held(service, course, id=name)

    assert (first.made, second.made) == (True, False)
    assert Thing.objects.filter(kind="session").count() == 1
    assert acts(course).count("hold_session") == 1


def test_under_one_id_no_second_session_hides_behind_the_first(service: Service, course) -> None:
    name = uuid4()
    held(service, course, id=name)

    with pytest.raises(SameIdOtherBody):
        held(service, course, id=name, minutes=30)

    assert [met.minutes for met in record(course).sessions] == [50]


def test_two_people_cannot_both_hold_session_one(service: Service, course) -> None:
    held(service, course, 1)

    with pytest.raises(NumberTaken) as taken:
        held(service, course, 1, id=uuid4())

    assert taken.value.number == 1
    assert len(record(course).sessions) == 1


@pytest.mark.parametrize(
    ("kind", "uses", "attended"),
    [
        ("attended", 1, True),
        ("joint", 1, True),
        ("double", 2, True),
        ("phone_check", 0, True),
        ("late_cancel", 0, False),
        ("no_show", 0, False),
    ],
)
def test_the_kind_says_whether_it_counts(service: Service, course, kind: str, uses: int, attended: bool) -> None:
    held(service, course, 1 if uses else 0, kind=kind)

    [met] = record(course).sessions
    assert (met.uses, met.attended) == (uses, attended)
    assert record(course).counted() == uses


def test_a_date_that_was_not_kept_counts_where_the_contract_says_so_and_keeps_its_reason(service, course) -> None:
    saved = held(service, course, 1, kind="late_cancel", uses=1, missed_reason="Ill.", minutes=None, modality=None)

    known = record(course)
    assert known.counted() == 1
    assert known.held() == ()
    assert known.says("session-record", str(saved.id))["missed_reason"] == "Ill."
    assert acts(course).count("hold_session") == 1


def test_a_date_missed_while_an_answer_waits_is_itself_a_task(service: Service, course) -> None:
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="phq-9", answers=IN_DANGER)

    saved = held(service, course, 0, kind="no_show", happened_at=service.at)

    assert saved.flags == ("R11",)
    assert Flag.objects.filter(enrolment=course, rule="R11").exists()


def test_a_kind_that_is_none_is_refused_by_name_and_nothing_is_stored(service: Service, course) -> None:
    with pytest.raises(Invalid) as refused:
        held(service, course, kind="walked_out")

    assert [trouble.item for trouble in refused.value.troubles] == ["kind"]
    assert not Thing.objects.exists()


def test_a_sheet_that_was_wrong_is_written_anew_and_the_older_one_stays(service: Service, course) -> None:
    saved = held(service, course, 1)
    name = uuid4()

    for _ in range(2):  # sent twice
        amend_session(
            by=service.actor(),
            at=service.at,
            enrolment=course.label,
            session=str(saved.id),
            answers=sheet_answers(0, "late_cancel"),
            happened_at=service.at - 2 * HOUR,
            id=name,
        )

    [met] = record(course).sessions
    assert (met.kind, met.attended, met.uses) == ("late_cancel", False, 0)
    assert Entry.objects.filter(form="session-sheet").count() == 2


def test_whoever_has_no_tie_can_neither_hold_nor_close_nor_sign(service: Service, course) -> None:
    stranger = service.actor("T-99")
    saved = held(service, course)

    with pytest.raises(NotVisible):
        held(service, course, 2, by=stranger)
    with pytest.raises(NotVisible):
        card(service, course, saved.id, by=stranger)
    with pytest.raises(NotVisible):
        sign_note(by=stranger, at=service.at, enrolment=course.label, session=str(saved.id), text="Mine.")
    assert not Entry.objects.filter(form="session-record").exists()


# ---- what happened in it ----


def test_the_card_the_step_and_how_the_last_one_went_are_one_act(service: Service, course) -> None:
    one, two = held(service, course, 1), held(service, course, 2)
    card(service, course, one.id, step={"text": "Ask Lena to come on Sunday", "person": "P01"})

    card(
        service,
        course,
        two.id,
        at=service.at + WEEK,
        step={"text": "Tell her how it went"},
        last={"status": "done", "what_happened": "She came."},
    )

    known = record(course)
    first, second = known.sessions
    last, step = step_after(known, first), step_after(known, second)
    assert (last.answers["status"], last.answers["what_happened"]) == ("done", "She came.")
    assert last.answers["text"] == "Ask Lena to come on Sunday"
    assert (step.answers["text"], step.answers["status"]) == ("Tell her how it went", "planned")
    event = AuditEvent.objects.filter(client=str(course.client_id)).latest("place")
    assert event.act == "close_session"
    assert sorted(table for table, _, _ in event.rows) == ["casebook_entry"] * 3 + ["casebook_thing"]


def test_the_card_tells_of_the_sessions_day_also_when_it_is_written_a_day_later(service: Service, course) -> None:
    saved = held(service, course)

    card(service, course, saved.id, at=service.at + timedelta(days=1))

    entry = record(course).newest("session-record", str(saved.id))
    assert entry.happened_at == service.at - HOUR
    assert entry.recorded_at == service.at + timedelta(days=1)


def test_where_the_step_cannot_be_written_the_card_is_not_written_either(service: Service, course) -> None:
    saved = held(service, course)

    with pytest.raises(Invalid) as refused:
        card(service, course, saved.id, step={"text": "x" * 4001})

    assert [trouble.item for trouble in refused.value.troubles] == ["text"]
    assert not Entry.objects.filter(form__in=["session-record", "between-session-step"]).exists()
    assert not Thing.objects.filter(kind="step").exists()


def test_nothing_stands_where_the_last_write_of_the_act_fails(service: Service, course, monkeypatch) -> None:
    saved = held(service, course)
    before = (Entry.objects.count(), Thing.objects.count(), AuditEvent.objects.count())
    monkeypatch.setattr(sessions, "raise_flags", lambda *args, **more: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        card(service, course, saved.id, step={"text": "Ring Rui"})

    assert (Entry.objects.count(), Thing.objects.count(), AuditEvent.objects.count()) == before


def test_the_card_sent_twice_is_one_card(service: Service, course) -> None:
    saved, name = held(service, course), uuid4()

    first = card(service, course, saved.id, id=name, step={"text": "Ring Rui"})
    second = card(service, course, saved.id, id=name, step={"text": "Ring Rui"})

    assert (first.made, second.made) == (True, False)
    assert Entry.objects.filter(form="session-record").count() == 1
    assert Thing.objects.filter(kind="step").count() == 1


def test_a_card_is_changed_by_a_newer_version_and_its_step_goes_with_it(service: Service, course) -> None:
    saved = held(service, course)
    first = card(service, course, saved.id, step={"text": "Ring Rui", "person": "P02"})

    second = card(
        service, course, saved.id, {"mood": 6}, replaces=first.id, step={"text": "Write to Rui", "person": ""}
    )

    known = record(course)
    assert session_sheet(known, known.sessions[0]) == {"mood": 6}
    assert step_after(known, known.sessions[0]).answers["text"] == "Write to Rui"
    assert Thing.objects.filter(kind="step").count() == 1
    card(service, course, saved.id, {"mood": 6, "tasks": []}, replaces=second.id, step={"text": "", "person": ""})
    known = record(course)
    assert step_after(known, known.sessions[0]) is None
    assert Entry.objects.filter(form="between-session-step").count() == 2  # kept, and taken back


def test_of_two_tabs_the_second_is_kept_beside_the_first(service: Service, course) -> None:
    saved = held(service, course)
    first = card(service, course, saved.id, {"mood": 4})

    for _ in range(2):  # sent twice, it waits once
        with pytest.raises(Replaced) as late:
            card(service, course, saved.id, {"mood": 7}, id=UUID(int=7))

    assert late.value.entry == first.id
    assert session_sheet(record(course), record(course).sessions[0])["mood"] == 4
    [waits] = own_drafts(service.actor(), course.label)
    assert (waits.id, waits.beside) == (late.value.draft, True)


def test_what_was_kept_of_the_card_goes_with_its_saving(service: Service, course) -> None:
    saved, name = held(service, course), uuid4()
    draft = {"by": service.actor(), "enrolment": course.label, "form": "session-record", "about": str(saved.id)}
    save_draft(at=service.at, body={"pairs": [["mood", "4"]]}, id=name, **draft)
    assert len(own_drafts(service.actor(), course.label)) == 1

    card(service, course, saved.id, id=name)

    assert not Draft.objects.exists()
    assert save_draft(at=service.at, body={"pairs": []}, id=name, **draft) is False  # a late one stays dead


def test_a_card_of_no_session_is_written_nowhere(service: Service, course) -> None:
    with pytest.raises(NotVisible):
        card(service, course, uuid4())

    assert not Entry.objects.filter(form="session-record").exists()


def test_after_each_act_the_prepared_row_is_what_the_record_says(service: Service, course) -> None:
    saved = held(service, course)
    for act in (
        lambda: card(service, course, saved.id, step={"text": "Ring Rui"}),
        lambda: sign_note(
            by=service.actor(), at=service.at, enrolment=course.label, session=str(saved.id), text="Done."
        ),
        lambda: held(service, course, 2),
    ):
        act()
        row = Standing.objects.get(enrolment=course)
        reckoned = row_of(course, record(course), row.on)
        assert {name: getattr(row, name) for name in reckoned if name != "told"} == {
            name: value for name, value in reckoned.items() if name != "told"
        }


# ---- the note ----


def test_signing_is_saving_and_what_comes_later_is_added(service: Service, course) -> None:
    saved = held(service, course)
    signing = {"by": service.actor(), "enrolment": course.label, "session": str(saved.id)}
    assert [met.number for met in unsigned(record(course))] == [1]

    note = sign_note(at=service.at, text="Session 1. PHQ-9 19.", **signing)
    add_to_note(at=service.at + WEEK, text="The doctor rang back.", note=str(note.id), id=uuid4(), **signing)

    known = record(course)
    stands = signed(known, known.sessions[0])
    assert stands.note.answers["text"] == "Session 1. PHQ-9 19."
    assert [one.answers["text"] for one in stands.addenda] == ["The doctor rang back."]
    assert unsigned(known) == ()


def test_a_note_is_signed_once_and_other_words_wait(service: Service, course) -> None:
    saved = held(service, course)
    signing = {"by": service.actor(), "at": service.at, "enrolment": course.label, "session": str(saved.id)}

    first, second = sign_note(text="As it was.", **signing), sign_note(text="As it was. ", **signing)
    with pytest.raises(SameIdOtherBody):
        sign_note(text="As I wish it had been.", **signing)

    assert (first.made, second.made) == (True, False)
    known = record(course)
    assert [entry.answers["text"] for entry in known.of("session-note")] == ["As it was."]


def test_an_empty_note_is_none_and_an_addendum_needs_its_note(service: Service, course) -> None:
    saved = held(service, course)
    signing = {"by": service.actor(), "at": service.at, "enrolment": course.label, "session": str(saved.id)}

    with pytest.raises(NothingWritten):
        sign_note(text="  \n", **signing)
    with pytest.raises(NotVisible):
        add_to_note(text="More.", note=str(uuid4()), id=uuid4(), **signing)

    assert not Entry.objects.filter(form="session-note").exists()
