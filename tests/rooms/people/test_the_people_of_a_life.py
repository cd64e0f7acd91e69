"""The people of a client's life: somebody is added in two taps and a name, told more of, left out, ended, and back.

Nothing is overwritten, nothing typed is lost, and whoever has nothing to do with a course learns nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openipt.casebook.models import Draft, Enrolment, Entry, Thing
from openipt.casebook.operations import people as acts
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

BACKEND = "openipt.accounts.backend.Backend"
SHEET, CIRCLE = "interpersonal-inventory", "closeness-circle"
MOST = 15  # questions to the database, DESIGN section 8


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - timedelta(days=30))


def signed_in(service: Service, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account(name), backend=BACKEND)
    return client


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


@pytest.fixture
def course(service: Service, browser: Client) -> Enrolment:
    return service.begin()


def page(course: Enrolment, tail: str = "") -> str:
    return f"/courses/{course.label}/people/{tail}"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def added(browser: Client, course: Enrolment, **more: str) -> str:
    """Somebody added on the page; the label of the person."""
    sent = browser.post(page(course, "add/"), {"_id": str(uuid4()), "alias": "Lena", "relation": "partner", **more})
    assert sent.status_code == 303, text_of(sent)
    return record(course).people[-1].id


def hidden(browser: Client, address: str, name: str) -> str:
    """A hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', browser.get(address).content.decode())
    assert found, name
    return found[1]


def saved(browser: Client, course: Enrolment, who: str, **typed: str):
    """Send somebody's page, as it was made, with these answers."""
    address = page(course, f"{who}/")
    return browser.post(address, {"_id": str(uuid4()), "_replaces": hidden(browser, address, "_replaces"), **typed})


# ---- adding ----


def test_a_name_and_two_taps_add_a_person_and_place_them(browser: Client, course: Enrolment) -> None:
    lena = added(browser, course, ring="2")

    known = record(course)
    assert known.says(SHEET, lena) == {"alias": "Lena", "relation": "partner", "ring": 2}
    assert known.says(CIRCLE) == {"places": [{"person": lena, "ring": 2, "angle": 20.0}]}
    shown = text_of(browser.get(page(course) + f"?told=added_placed&who={lena}"))
    assert "Lena is in the record and on the circle." in shown
    assert "1 in this life now" in shown
    assert "One person in this life now. That is worth knowing, and nothing is missing." in shown


def test_who_comes_next_stands_where_there_is_room_and_nobody_else_moves(browser: Client, course: Enrolment) -> None:
    lena = added(browser, course, ring="2")
    rui = added(browser, course, alias="Rui", relation="friend", ring="3")

    places = record(course).says(CIRCLE)["places"]
    assert places == [{"person": lena, "ring": 2, "angle": 20.0}, {"person": rui, "ring": 3, "angle": 200.0}]


def test_somebody_can_be_added_without_a_place(browser: Client, course: Enrolment) -> None:
    added(browser, course)

    assert record(course).newest(CIRCLE) is None
    assert "Not on the circle." in text_of(browser.get(page(course)))


def test_a_person_sent_twice_is_one_person(browser: Client, course: Enrolment) -> None:
    typed = {"_id": str(uuid4()), "alias": "Lena", "relation": "partner", "ring": "1"}

    first, second = (browser.post(page(course, "add/"), typed) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert "told=again" in second["Location"]
    assert Thing.objects.filter(kind="person").count() == 1
    assert Entry.objects.filter(form__in=[SHEET, CIRCLE]).count() == 2


def test_the_mark_of_a_page_that_was_used_for_somebody_else_loses_nothing(browser: Client, course: Enrolment) -> None:
    mark = str(uuid4())
    browser.post(page(course, "add/"), {"_id": mark, "alias": "Lena", "relation": "partner"})

    sent = browser.post(page(course, "add/"), {"_id": mark, "alias": "Rui", "relation": "friend", "ring": "2"})

    assert sent.status_code == 409
    assert 'value="Rui"' in sent.content.decode()
    assert mark not in sent.content.decode()
    assert [record(course).says(SHEET, one.id)["alias"] for one in record(course).people] == ["Lena"]
    assert Draft.objects.count() == 1  # what came second is kept, although the transaction was undone


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"alias": " "}, "Write what this person is called."),
        ({"relation": ""}, "Say who this is to the client."),
        ({"relation": "enemy"}, "“enemy” is not one of the answers here."),
        ({"ring": "7"}, "“7” is not one of the answers here."),
        ({"alias": "L" * 61}, "Up to 60 characters fit here; these are 61."),
        ({"alias": "Le\0na"}, "There is a character in this text that cannot be kept."),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(browser, course, typed, said) -> None:
    sent = browser.post(page(course, "add/"), {"_id": str(uuid4()), "alias": "Rui", "relation": "friend", **typed})

    assert sent.status_code == 422
    assert said in text_of(sent)
    if "alias" not in typed:
        assert 'value="Rui"' in sent.content.decode()
    if "relation" not in typed:
        assert re.search(r'value="friend" checked', sent.content.decode())
    assert not Thing.objects.filter(kind="person").exists()


def test_somebody_begins_with_their_sheet_and_their_place_or_not_at_all(browser, course, monkeypatch) -> None:
    def broken(**told):
        if told["form"] == CIRCLE:
            raise RuntimeError("the lamp went out")
        return save_entry(**told)

    monkeypatch.setattr(acts, "save_entry", broken)
    with pytest.raises(RuntimeError):
        browser.post(page(course, "add/"), {"_id": str(uuid4()), "alias": "Lena", "relation": "partner", "ring": "1"})

    assert not Thing.objects.filter(kind="person").exists()
    assert not Entry.objects.filter(form=SHEET).exists()


# ---- one person ----


def test_six_questions_come_first_and_the_rest_waits(browser: Client, course: Enrolment) -> None:
    lena = added(browser, course)

    shown = browser.get(page(course, f"{lena}/")).content.decode()

    first, more = shown.split("More, when it is needed")
    names = ("alias", "relation", "closeness", "satisfying", "unsatisfying", "wished_closeness")
    assert all(f'name="{name}"' in first for name in names)
    later = ("turns_to", "turned_to_by", "never_talked_about", "satisfaction", "change_recent", "leave_out_of_insight")
    assert all(f'name="{name}"' in more and f'name="{name}"' not in first for name in later)


def test_a_sheet_is_a_new_version_and_what_the_page_does_not_ask_stays(browser: Client, course, service) -> None:
    lena = added(browser, course)
    older = record(course).newest(SHEET, lena)
    told = {**older.answers, "expects_of_them": "To listen", "conflict": 3}
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label, "form": SHEET, "about": lena}
    save_entry(answers=told, replaces=older.id, **how)

    sent = saved(browser, course, lena, alias="Lena", relation="partner", closeness="4", satisfying="Humour")

    assert sent.status_code == 303
    assert record(course).says(SHEET, lena) == told | {"closeness": 4, "satisfying": "Humour"}
    assert len(record(course).of(SHEET, lena)) == 1
    assert Entry.objects.filter(form=SHEET).count() == 3
    assert "How it was written down" in text_of(browser.get(page(course, f"{lena}/")))


def test_somebody_is_left_out_of_what_goes_with_mood_until_it_is_changed_on_their_page(browser, course) -> None:
    lena = added(browser, course)

    saved(browser, course, lena, alias="Lena", relation="partner", leave_out_of_insight="yes")

    assert record(course).says(SHEET, lena)["leave_out_of_insight"] is True
    assert "Left out of what goes with mood." in text_of(browser.get(page(course)))
    browser.post(page(course, f"{lena}/end/"), _ended(browser, course, lena, status="lost_contact"))
    assert record(course).says(SHEET, lena)["leave_out_of_insight"] is True
    saved(browser, course, lena, alias="Lena", relation="partner", leave_out_of_insight="no")
    assert record(course).says(SHEET, lena)["leave_out_of_insight"] is False
    assert "Left out of what goes with mood." not in text_of(browser.get(page(course)))


def test_a_later_sheet_that_says_nothing_of_it_brings_nobody_back(browser, course, service) -> None:
    lena = added(browser, course)
    saved(browser, course, lena, alias="Lena", relation="partner", leave_out_of_insight="yes")

    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label, "form": SHEET, "about": lena}
    save_entry(answers={"alias": "Lena", "relation": "partner", "closeness": 3}, **how)

    assert "Left out of what goes with mood." in text_of(browser.get(page(course)))
    shown = browser.get(page(course, f"{lena}/")).content.decode()
    assert re.search(r'name="leave_out_of_insight" value="yes" checked', shown)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"closeness": "11"}, "This goes from 0 to 10; you wrote “11”."),
        ({"alias": ""}, "Write what this person is called."),
        ({"leave_out_of_insight": "perhaps"}, "This takes yes or no; “perhaps” is neither."),
        ({"weight": "80"}, "This sheet does not ask for it."),
    ],
)
def test_a_sheet_that_cannot_be_taken_comes_back_whole(browser, course, typed, said) -> None:
    lena = added(browser, course)

    sent = saved(browser, course, lena, **{"alias": "Lena", "relation": "partner", "satisfying": "Humour", **typed})

    assert sent.status_code == 422
    assert said in text_of(sent)
    assert "Humour" in text_of(sent)
    assert Entry.objects.filter(form=SHEET).count() == 1


def test_two_tabs_with_one_sheet_keep_both(browser: Client, course: Enrolment) -> None:
    lena = added(browser, course)
    mark = hidden(browser, page(course, f"{lena}/"), "_replaces")
    both = [{"_id": str(uuid4()), "_replaces": mark, "alias": "Lena", "relation": "partner"} for _ in range(2)]
    browser.post(page(course, f"{lena}/"), {**both[0], "satisfying": "Humour"})

    second = browser.post(page(course, f"{lena}/"), {**both[1], "satisfying": "Music"})

    assert second.status_code == 409
    assert "In the record: Humour Yours: Music" in text_of(second)
    assert record(course).says(SHEET, lena)["satisfying"] == "Humour"
    assert Draft.objects.count() == 1
    again = {name: _field(second, name) for name in ("_id", "_replaces", "_settles")}
    once_more = {**again, "alias": "Lena", "relation": "partner", "satisfying": "Music"}
    assert browser.post(page(course, f"{lena}/"), once_more).status_code == 303
    assert record(course).says(SHEET, lena)["satisfying"] == "Music"
    assert not Draft.objects.exists()


def _field(answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, name
    return found[1]


def test_a_sign_in_that_ran_out_keeps_what_was_typed(browser: Client, course: Enrolment, service: Service) -> None:
    address = page(course, "add/")
    mark = hidden(browser, page(course), "_for")
    browser.logout()

    sent = browser.post(address, {"_id": str(uuid4()), "_for": mark, "alias": "Rui", "relation": "friend"})
    assert sent.status_code == 403
    browser.force_login(service.staff["T-01"], backend=BACKEND)
    back = browser.get(address)

    assert 'value="Rui"' in back.content.decode()
    assert "Everything you typed is here again." in text_of(back)
    assert not Thing.objects.filter(kind="person").exists()


# ---- an end, and being back ----


def _ended(browser: Client, course: Enrolment, who: str, **typed: str) -> dict[str, str]:
    return {"_id": str(uuid4()), "_replaces": hidden(browser, page(course, f"{who}/"), "_replaces"), **typed}


def test_whoever_has_died_stays_in_the_record_and_on_the_circle(browser: Client, course: Enrolment) -> None:
    lena, rui = added(browser, course, ring="1"), added(browser, course, alias="Rui", relation="friend", ring="3")

    browser.post(page(course, f"{lena}/end/"), _ended(browser, course, lena, status="deceased", year="2024"))

    known = record(course)
    assert known.says(SHEET, lena)["status"] == "deceased"
    assert known.says(SHEET, lena)["date_of_death"] == "2024"
    assert {row["person"] for row in known.says(CIRCLE)["places"]} == {lena, rui}
    assert known.says(CIRCLE)["lost_or_out"] == [lena]
    shown = text_of(browser.get(page(course)))
    assert "1 in this life now" in shown
    assert "Has died, or out of touch" in shown
    assert "has died 2024" in shown


def test_whoever_was_lost_can_be_back(browser: Client, course: Enrolment) -> None:
    lena = added(browser, course, ring="1")
    browser.post(page(course, f"{lena}/end/"), _ended(browser, course, lena, status="lost_contact"))

    sent = browser.post(page(course, f"{lena}/end/"), _ended(browser, course, lena, status="current"))

    assert "told=back" in sent["Location"]
    assert record(course).says(SHEET, lena)["status"] == "current"
    assert "1 in this life now" in text_of(browser.get(page(course)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"status": ""}, "Say whether they have died, or whether contact was lost."),
        ({"status": "gone fishing"}, "“gone fishing” is not one of the answers here."),
        ({"status": "deceased", "year": "20244"}, "you wrote “20244”"),
    ],
)
def test_an_end_that_cannot_be_taken_is_said(browser, course, typed, said) -> None:
    lena = added(browser, course)

    sent = browser.post(page(course, f"{lena}/end/"), _ended(browser, course, lena, **typed))

    assert sent.status_code == 422
    assert said in text_of(sent)
    assert typed.get("year", "") in sent.content.decode()
    assert "status" not in record(course).says(SHEET, lena)


def test_an_end_said_of_an_older_sheet_is_asked_once_more(browser: Client, course: Enrolment) -> None:
    lena = added(browser, course)
    stale = _ended(browser, course, lena, status="lost_contact")
    saved(browser, course, lena, alias="Lena", relation="partner", satisfying="Humour")

    sent = browser.post(page(course, f"{lena}/end/"), stale)

    assert sent.status_code == 409
    assert record(course).says(SHEET, lena).get("status") is None
    assert Draft.objects.count() == 1


# ---- who comes, and how much is asked ----


def test_the_outsider_meets_nothing(course: Enrolment, browser: Client, service: Service) -> None:
    lena = added(browser, course, ring="1")
    outsider = signed_in(service, "Outsider")

    for tail in ("", "add/", "circle/", "ties/", "compare/", f"{lena}/", f"{lena}/end/"):
        assert outsider.get(page(course, tail)).status_code == 404, tail
        assert outsider.post(page(course, tail), {"alias": "x"}).status_code in (404, 405), tail
    assert Thing.objects.filter(kind="person").count() == 1


def test_nobody_of_another_course_is_found_here(course: Enrolment, browser: Client, service: Service) -> None:
    lena, other = added(browser, course), service.begin()

    assert browser.get(page(other, f"{lena}/")).status_code == 404
    assert browser.post(page(other, f"{lena}/"), {"_id": str(uuid4()), "alias": "Lena"}).status_code == 404


@pytest.mark.parametrize("tail", ["", "circle/", "ties/", "compare/", "{}/"])
def test_thirty_people_ask_the_database_no_more_than_three(tail, course, browser) -> None:
    counts = []
    for more in (3, 27):
        for n in range(more):
            who = added(browser, course, alias=f"Person {n}", relation="friend", ring=str(n % 4 + 1))
        address = page(course, tail.format(who))
        browser.get(address)
        with CaptureQueriesContext(connections["default"]) as asked, CaptureQueriesContext(connections["keys"]) as keys:
            assert browser.get(address).status_code == 200
        counts.append(len([one for one in (*asked, *keys) if one["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE")]))

    assert counts[0] == counts[1] > 3
    assert counts[1] <= MOST
