"""Together: sheets from the session page and back, one line caught and taken back, help as deep as one wants."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from uuid_utils.compat import uuid7

from openipt.casebook.models import Draft, Mark
from openipt.casebook.queries.courses import open_course
from openipt.casebook.queries.record import record
from openipt.rooms.filling.signing_in import COOKIE
from openipt.rooms.workspace.sessions.chips import chips
from openipt.rooms.workspace.sessions.meeting import meeting
from openipt.rooms.workspace.sheets.beside_session import KEYS, sheets_of_other_areas
from openipt.therapy.forms import form_ids
from openipt.therapy.manuals import open_manual, open_task

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PAGE = "/courses/C02/sessions/9/"
CARD = "/courses/C02/meetings/S09/after/"


def words_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def known(clinic, course: str = "C02"):
    return record(clinic.enrolment(course))


def catch(browser: Client, kind: str, text: str, mark=None, **more: str):
    typed = {"_then": "catch", "_catch_id": str(mark or uuid4()), "_catch_kind": kind, "_catch_text": text, **more}
    return browser.post(CARD, typed)


# ---- sheets ----


def test_every_key_opens_one_sheet_of_the_shelf() -> None:
    assert len(set(KEYS.values())) == len(KEYS)
    assert set(KEYS) <= set(form_ids())
    assert "n" not in KEYS.values()  # it begins a line to catch


def test_sheets_are_plain_links_that_know_the_session(visitor, clinic) -> None:
    page = unescape(visitor.get(PAGE).content.decode())

    assert 'href="/courses/C02/fill/communication-analysis/?session=S09&back=S09"' in page
    assert 'href="/courses/C02/fill/interpersonal-inventory/?back=S09"' in page  # about the person, not the session


def test_a_sheet_leads_back_to_its_session_and_is_listed_there_once(visitor, clinic) -> None:
    typed = {"_id": str(uuid7()), "_do": "save", "problem": "Go to the second Wednesday?"}
    saved = visitor.post("/courses/C02/fill/decision-analysis/?session=S09&back=S09", typed)
    listed = visitor.get(saved["Location"]).content.decode()

    assert saved["Location"] == f"{PAGE}?told=sheet#h-sheets"
    assert listed.count(f"/courses/C02/entries/{typed['_id']}/") == 1
    newer = {"_id": str(uuid7()), "_do": "save", "problem": "Go, or wait?"}
    visitor.post(f"/courses/C02/fill/decision-analysis/?replaces={typed['_id']}&back=S09", newer)
    again = visitor.get(PAGE).content.decode()
    assert f"/courses/C02/entries/{typed['_id']}/" not in again
    assert f"/courses/C02/entries/{newer['_id']}/" in again


def test_from_a_saved_sheet_one_goes_straight_on_to_the_card_of_the_session(visitor, clinic) -> None:
    typed = {"_id": str(uuid7()), "_do": "save", "problem": "Go to the second Wednesday?"}
    address = "/courses/C02/fill/decision-analysis/?session=S09&back=S09"
    saved = visitor.post(address, typed)
    again = visitor.post(address, typed)  # sent twice: this one stands on its own page

    on = '<a class="no-print" href="#h-after">Go on to After the session</a>'
    assert on in visitor.get(saved["Location"]).content.decode()
    assert on not in visitor.get(PAGE).content.decode()  # nothing was saved just now
    entry = unescape(visitor.get(again["Location"]).content.decode())
    assert f'<a href="{PAGE}">Back to session 9</a> · <a href="{PAGE}#h-after">Go on to After the session</a>' in entry
    assert 'id="h-after"' in visitor.get(PAGE).content.decode()


def test_sheets_of_other_areas_stand_behind_a_fold_and_keep_their_keys(visitor, clinic) -> None:
    page = unescape(visitor.get(PAGE).content.decode())  # the focus of this course is a dispute
    at_hand, folded = (
        page.split("Open a sheet")[1].split("</section>")[0].split("<summary>Sheets of other areas</summary>")
    )

    assert "/fill/dispute-map/" in at_hand
    for form in ("role-transition", "grief-reconstruction", "isolation"):
        assert f"/fill/{form}/" not in at_hand
        assert re.search(rf'/fill/{form}/[^"]*" data-key="{KEYS[form]}"', folded)
    assert {form for form in KEYS if f"/fill/{form}/" in at_hand + folded} == set(KEYS)


def test_no_area_is_another_before_a_focus_is_chosen_and_a_manual_may_use_a_sheet_in_more() -> None:
    assert sheets_of_other_areas(open_manual("ipt-classic"), ()) == frozenset()
    assert sheets_of_other_areas(open_manual("ipt-classic"), ("PA_GRIEF", "PA_DISPUTE")) == {
        "role-transition",
        "isolation",
    }
    assert "dispute-map" not in sheets_of_other_areas(open_manual("ipt-sad"), ("PA_ROLE_INSECURITY",))


def test_a_sheet_that_asks_for_a_person_shows_that_first(visitor, clinic) -> None:
    typed = {"_id": str(uuid7()), "_do": "save", "cause_kind": "suicide"}
    saved = visitor.post("/courses/C01/fill/grief-reconstruction/?session=S07&back=S07", typed)

    assert saved["Location"].startswith(f"/courses/C01/entries/{typed['_id']}/")


def test_an_address_that_names_no_session_of_this_course_leads_back_to_none(visitor, clinic) -> None:
    page = visitor.get("/courses/C02/fill/decision-analysis/?back=//elsewhere.example").content.decode()

    assert "elsewhere" not in page
    assert "Back to" not in page.split("<form")[0]


# ---- catch it now ----


@pytest.mark.parametrize(
    ("kind", "form", "item"),
    [
        ("incident", "pattern-log", "trigger"),
        ("person", "interpersonal-inventory", "alias"),
        ("event", "timeline", "text"),
    ],
)
def test_one_line_becomes_an_entry_of_its_form_that_stands_with_the_session(visitor, clinic, kind, form, item) -> None:
    mark = uuid4()
    answer = catch(visitor, kind, f"A line, {kind}", mark)
    entry = next(one for one in known(clinic).entries if one.id == str(mark))
    page = words_of(visitor.get(answer["Location"]))

    assert (entry.form, entry.answers[item]) == (form, f"A line, {kind}")
    assert f"Caught: A line, {kind}" in page
    assert f": A line, {kind}" in page.split("Sheets of this session")[1]
    session = next(one for one in known(clinic).sessions if one.number == 9)
    assert session.id in (
        entry.about,
        next(one.id for one in known(clinic).sessions if one.happened_at == session.happened_at),
    )


def test_a_line_sent_twice_is_there_once_and_what_was_not_said_stays_unsaid(visitor, clinic) -> None:
    mark = uuid4()
    for _ in range(2):
        assert catch(visitor, "event", "Moved out", mark, _catch_on="2025-05").status_code == 302
    caught = [one for one in known(clinic).entries if one.answers.get("text") == "Moved out"]

    assert len(caught) == 1
    assert caught[0].answers == {"mark": "event", "date": "2025-05", "text": "Moved out"}
    undated = uuid4()
    catch(visitor, "event", "Some day", undated)
    assert "date" not in next(one for one in known(clinic).entries if one.id == str(undated)).answers
    assert visitor.get("/courses/C02/").status_code == 200


def test_a_line_is_taken_back_with_one_button_and_kept(visitor, clinic) -> None:
    mark = uuid4()
    page = visitor.get(catch(visitor, "person", "Bo", mark)["Location"]).content.decode()
    assert f'value="undo:{mark}"' in page

    back = visitor.post(CARD, {"_then": f"undo:{mark}"})

    assert "Taken back." in words_of(visitor.get(back["Location"]))
    assert Mark.objects.filter(target=mark, what="retracted").count() == 1
    assert f"/courses/C02/entries/{mark}/" not in visitor.get(PAGE).content.decode()
    other = next(one for one in known(clinic).entries if one.form == "phq-9")
    assert visitor.post(CARD, {"_then": f"undo:{other.id}"}).status_code == 404  # only lines are taken back here


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"_catch_kind": "incident", "_catch_text": " "}, "There is nothing written yet"),
        ({"_catch_kind": "rumour", "_catch_text": "Psst"}, "“rumour” is not one of the answers here"),
        ({"_catch_kind": "person", "_catch_text": "x" * 61}, "Up to 60 characters fit here; these are 61"),
        ({"_catch_kind": "event", "_catch_text": "Moved", "_catch_on": "in May"}, "you wrote “in May”"),
    ],
)
def test_a_line_that_cannot_be_taken_stays_as_it_was_typed(visitor, clinic, typed, words) -> None:
    before = len(known(clinic).entries)
    answer = visitor.post(CARD, {"_then": "catch", **typed})

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert typed["_catch_text"].strip() in words_of(answer)
    assert len(known(clinic).entries) == before


def test_without_scripts_the_card_comes_along_and_nothing_typed_on_it_is_lost(visitor, clinic) -> None:
    Draft.objects.all().delete()
    card = {"_id": str(uuid4()), "_replaces": "", "note": "Half a sentence"}
    answer = catch(visitor, "incident", "She cried", **card)

    assert "Half a sentence" in visitor.get(answer["Location"]).content.decode()
    Draft.objects.all().delete()


def test_who_may_not_write_catches_nothing(outsider, supervisor, clinic) -> None:
    before = len(known(clinic).entries)

    assert catch(outsider, "incident", "Psst").status_code == 404
    assert catch(supervisor, "incident", "Psst").status_code == 403
    assert len(known(clinic).entries) == before
    assert "Catch it now" not in words_of(supervisor.get(PAGE))


# ---- the opening, and tasks by exception ----


def test_what_came_first_is_one_tap_and_is_kept(visitor, clinic) -> None:
    stored = known(clinic).newest("session-record", "S09")
    typed = {"_id": str(uuid4()), "_replaces": stored.id, "opener_first": "event_first", "mood": "4"}
    assert visitor.post(CARD, typed).status_code == 302

    assert known(clinic).newest("session-record", "S09").answers["opener_first"] == "event_first"
    page = visitor.get(f"{PAGE}?change=card").content.decode()
    assert re.search(r'form="after-card" name="opener_first" value="event_first" checked', page)


def test_a_card_that_was_handed_in_is_on_the_page_of_whoever_asks_to_change_it(visitor, supervisor, clinic) -> None:
    read, change = visitor.get(PAGE).content.decode(), f'href="{PAGE}?change=card#'

    assert 'id="after-card"' not in read
    assert (change + "h-after" in read, change + "opening" in read) == (True, True)
    assert 'id="after-card"' in visitor.get(f"{PAGE}?change=card").content.decode()
    looked = supervisor.get(f"{PAGE}?change=card").content.decode()
    assert ('id="after-card"' in looked, "?change=card" in looked) == (False, False)


def test_a_card_that_is_being_changed_stays_on_the_page_as_it_was_kept(visitor, clinic) -> None:
    stored = known(clinic).newest("session-record", "S09")
    typed = {"_id": str(uuid4()), "_replaces": stored.id, "note": "He waited at the door.", "mood": "4"}
    assert visitor.post("/courses/C02/meetings/S09/draft/", typed).status_code == 200

    assert "He waited at the door." in visitor.get(PAGE).content.decode()


def test_a_fresh_card_opens_with_what_left_a_sheet_in_this_session_and_nothing_by_habit(visitor, clinic) -> None:
    visitor.post(
        "/courses/C02/fill/communication-analysis/?session=S09&back=S09",
        {"_id": str(uuid7()), "_do": "save", "lines.0.speaker": "me", "lines.0.said": "Right."},
    )
    by = clinic.actor("Everybody", ("therapist", "facilitator"))
    met = meeting(open_course(by, "C02", clinic.at), 9)
    fresh = {chip.value for chip in chips(met, [], None)["tasks"] if chip.marked}
    written = {chip.value for chip in chips(met, [("tasks", "MID.03")], None, True)["tasks"] if chip.marked}
    lines = [line for part in met.agenda for line in (*part.lines, *part.folded)]
    own = {line.id for line in lines if line.sheets and line.sheets[0].form == "communication-analysis"}

    assert own
    assert own <= fresh
    assert not fresh & {line.id for line in lines if not line.sheets}
    assert "MID.02" not in fresh or any(entry.form == "phq-9" for _, entry in met.entries)
    assert written == {"MID.03"}  # a card that is in the record is never added to


def test_every_sheet_of_a_session_can_be_told_from_the_others_of_its_form(visitor, clinic) -> None:
    first = words_of(visitor.get("/courses/C02/sessions/1/")).split("Sheets of this session")[1]
    goals = words_of(visitor.get("/courses/C02/sessions/8/")).split("Sheets of this session")[1]

    assert first.count("Timeline: how bad it was, ") == 3
    assert "Goals and boundaries: Notice anger on the day and name it" in goals
    assert "Timeline Timeline" not in first
    assert "Goals and boundaries Goals and boundaries" not in goals


# ---- deep help ----


@pytest.mark.parametrize("area", ["INI", "MID", "END", "GRF", "DSP", "TRN", "DEF"])
def test_every_task_of_the_classic_course_has_guidance_an_example_and_a_reason(area: str) -> None:
    manual = open_manual("ipt-classic")
    every = {offer.task for offer in manual.offers} | {step for one in manual.areas for step in one.steps}
    tasks = [open_task(name) for name in every if name.startswith(area)]

    assert tasks
    for task in tasks:
        assert task.guide
        assert len(task.example) >= 3
        assert task.why


def test_each_task_on_the_agenda_says_why_it_is_there_now(visitor, clinic) -> None:
    page = words_of(visitor.get(PAGE))

    assert page.count("Why this now?") == page.count("One minute of it")
    assert "Every session of this phase has it." in page
    assert "It is a step of the focus: role dispute." in page or "It was done in" in page


# ---- the page stays light, and the card outlasts a sign-in ----


def test_the_session_page_asks_no_more_than_before_however_many_sheets_there_are(visitor, clinic) -> None:
    def asked() -> int:
        visitor.get(PAGE)
        with CaptureQueriesContext(connections["default"]) as here, CaptureQueriesContext(connections["keys"]) as keys:
            assert visitor.get(PAGE).status_code == 200
        return len(
            [one for one in (*here, *keys) if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
        )

    before = asked()
    for n in range(5):
        catch(visitor, "incident", f"Moment {n}")

    assert asked() == before <= 15


def test_a_card_outlasts_a_sign_in_that_ran_out_without_scripts(visitor, clinic) -> None:
    marks = dict(
        re.findall(
            r'type="hidden" name="(_for|_id)" value="([^"]+)"', visitor.get(f"{PAGE}?change=card").content.decode()
        )
    )
    typed = {**marks, "note": "He sat down again.", "mood": "4"}
    signed_out = Client(HTTP_HOST="localhost")
    away = signed_out.post(CARD, urlencode(typed), content_type="application/x-www-form-urlencoded")

    assert away.status_code == 403
    assert "it is not lost" in words_of(away)
    visitor.cookies[COOKIE] = away.cookies[COOKIE].value  # signed in again, on the same device
    back = visitor.get(CARD)
    assert "He sat down again." in back.content.decode()
    assert "Not yet in the record." in words_of(back)
    assert visitor.get(CARD).status_code == 302  # it came back once, and is kept by nobody else now


# ---- what was caught goes over to the sheet ----

TALK = "/courses/C02/fill/communication-analysis/"


def test_a_talk_begins_with_the_person_and_the_day_of_the_incident_that_was_caught(visitor, clinic) -> None:
    person = known(clinic).people[0].id
    catch(visitor, "incident", "He left the table", _catch_with=person, _catch_on="2025-11-01")

    page = visitor.get(f"{TALK}?session=S09&back=S09")

    assert re.search(rf'name="with_person" value="{person}" checked', page.content.decode())
    assert 'name="when.day" type="date" value="2025-11-01"' in page.content.decode()
    said = "Caught in this session: “He left the table”. The person and the day are taken from it"
    assert said in words_of(page)


def test_a_talk_of_another_session_and_one_that_is_turned_take_nothing_over(visitor, clinic) -> None:
    person = known(clinic).people[0].id
    catch(visitor, "incident", "He left the table", _catch_with=person)

    for address in (f"{TALK}?session=S08&back=S08", TALK):
        page = visitor.get(address)
        assert "with_person" in page.content.decode()
        assert not re.search(r'name="with_person" value="[^"]+" checked', page.content.decode())
    turned = visitor.post(f"{TALK}?session=S09&back=S09", {"_id": str(uuid7()), "_do": "turn:to"}, follow=True)
    assert "He left the table" not in words_of(turned)


def test_an_incident_takes_a_day_and_no_less(visitor, clinic) -> None:
    answer = catch(visitor, "incident", "He left the table", _catch_on="2025-11")

    assert answer.status_code == 422
    assert "Write the day as 2025-10-27; you wrote “2025-11”." in words_of(answer)
