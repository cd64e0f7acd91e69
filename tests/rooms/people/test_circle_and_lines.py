"""The circle is placed by a plain list, every save is a new one; lines between people; two circles side by side."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Draft, Enrolment, Entry
from openipt.casebook.operations.people import add_person
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.exchange.drawing import circles, circles_by_day, people_on, ties_by
from openipt.rooms.workspace.people.changes import changes
from openipt.rooms.workspace.people.known import ring_for
from openipt.therapy.words import render

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

BACKEND = "openipt.accounts.backend.Backend"
CIRCLE, TIES, SHEET = "closeness-circle", "ties", "interpersonal-inventory"
NAMES = {"Lena": "partner", "Noah": "child", "Rui": "friend"}


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now().replace(hour=9) - timedelta(days=60))


@pytest.fixture
def browser(service: Service) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account("T-01"), backend=BACKEND)
    return client


@pytest.fixture
def course(service: Service, browser: Client) -> Enrolment:
    return service.begin()


@pytest.fixture
def people(course: Enrolment, service: Service) -> dict[str, str]:
    """Three people without a place: name -> label."""
    for name, relation in NAMES.items():
        answers = {"alias": name, "relation": relation}
        add_person(by=service.actor(), at=service.at, enrolment=course.label, answers=answers, id=uuid4())
    return dict(zip(NAMES, (thing.id for thing in record(course).people), strict=True))


def page(course: Enrolment, tail: str = "") -> str:
    return f"/courses/{course.label}/people/{tail}"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def placed(people: dict[str, str], **rings: str) -> dict[str, str]:
    """What the page of the circle sends: `Lena="2"`, or `Lena="2>1"` with a wished ring."""
    sent = {"_id": str(uuid4())}
    for number, (name, who) in enumerate(people.items()):
        ring, _, wished = rings.get(name, "").partition(">")
        row = f"places.{number}"
        sent |= {f"{row}.person": who, f"{row}.angle": str(120 * number), f"{row}.ring": ring}
        sent[f"{row}.wished_ring"] = wished
    return sent


def drawn_on(service: Service, course: Enrolment, day: int, **more) -> None:
    """A circle that was saved so many days after the beginning."""
    at = service.at + timedelta(days=day)
    save_entry(by=service.actor(), at=at, enrolment=course.label, form=CIRCLE, **more)


def tied(*ties: tuple[str, str, str]) -> dict[str, str]:
    """What the page of the lines sends."""
    sent = {"_id": str(uuid4())}
    for number, (one, kind, other) in enumerate(ties):
        sent |= {f"ties.{number}.from": one, f"ties.{number}.tie": kind, f"ties.{number}.to": other}
    return sent


def hidden(answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, name
    return found[1]


# ---- placing ----


def test_a_plain_list_places_everybody(browser: Client, course: Enrolment, people) -> None:
    sent = browser.post(page(course, "circle/"), placed(people, Lena="2>1", Noah="1") | {"note": "So few."})

    assert sent.status_code == 303
    assert record(course).says(CIRCLE) == {
        "places": [
            {"person": people["Lena"], "ring": 2, "angle": 0, "wished_ring": 1},
            {"person": people["Noah"], "ring": 1, "angle": 120},
        ],
        "note": "So few.",
    }
    shown = text_of(browser.get(page(course)))
    assert "Lena and Noah stand on the two inner rings, of 2 on the circle. Lena is wished nearer." in shown


def test_every_save_is_a_new_circle_and_the_earlier_one_stays(browser: Client, course: Enrolment, people) -> None:
    browser.post(page(course, "circle/"), placed(people, Lena="3"))
    browser.post(page(course, "circle/"), placed(people, Lena="2"))

    rings = [entry.answers["places"][0]["ring"] for entry in circles(record(course))]
    assert rings == [3, 2]
    assert not Entry.objects.filter(form=CIRCLE, replaces__isnull=False).exists()
    assert "saved 2 times" in text_of(browser.get(page(course, "compare/")))


def test_the_same_page_sent_twice_is_one_circle(browser: Client, course: Enrolment, people) -> None:
    typed = placed(people, Lena="3")

    first, second = (browser.post(page(course, "circle/"), typed) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert "told=again" in second["Location"]
    assert len(circles(record(course))) == 1


def test_a_used_page_with_other_places_is_kept_and_said(browser: Client, course: Enrolment, people) -> None:
    typed = placed(people, Lena="3")
    browser.post(page(course, "circle/"), typed)

    sent = browser.post(page(course, "circle/"), placed(people, Lena="1") | {"_id": typed["_id"]})

    assert sent.status_code == 409
    assert Draft.objects.count() == 1
    assert re.search(r'name="places.0.ring" value="1" data-ring checked', sent.content.decode())
    assert hidden(sent, "_id") != typed["_id"]


def test_two_tabs_keep_two_circles_and_the_second_is_told(browser: Client, course: Enrolment, people) -> None:
    first = hidden(browser.get(page(course, "circle/")), "_newest")
    browser.post(page(course, "circle/"), placed(people, Lena="3") | {"_newest": first})

    sent = browser.post(page(course, "circle/"), placed(people, Lena="1") | {"_newest": first})

    assert "told=placed_beside" in sent["Location"]
    assert len(circles(record(course))) == 2
    assert "both are kept, and yours is the newest" in text_of(browser.get(sent["Location"]))


def test_whoever_came_while_the_page_was_open_keeps_their_place(browser: Client, course, people) -> None:
    typed = placed(people, Lena="1")
    browser.post(page(course, "add/"), {"_id": str(uuid4()), "alias": "Ana", "relation": "sibling", "ring": "3"})

    browser.post(page(course, "circle/"), typed)

    names = [person.name for person in people_on(record(course), circles(record(course))[-1])]
    assert names == ["Lena", "Ana"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"places.0.ring": "5"}, "“5” is not one of the answers here."),
        ({"places.0.angle": "361"}, "This goes from 0 to 360; you wrote “361”."),
        ({"places.0.angle": "left"}, "This takes a number; you wrote “left”."),
        ({"places.0.person": "P-99"}, "“P-99” is nobody of this circle."),
        ({"places.0.ring": ""}, "Nobody stands on the circle yet."),
        ({"places.0.shoe": "42"}, "This sheet does not ask for it."),
    ],
)
def test_a_circle_that_cannot_be_taken_comes_back_as_it_was_left(browser, course, people, typed, said) -> None:
    sent = browser.post(page(course, "circle/"), placed(people, Lena="2") | {"note": "Quiet"} | typed)

    assert sent.status_code == 422
    assert said in text_of(sent)
    assert "Quiet" in text_of(sent)
    assert not circles(record(course))


def test_a_circle_without_anybody_is_a_finding_where_it_is_said(browser: Client, course: Enrolment, people) -> None:
    browser.post(page(course, "circle/"), placed(people) | {"few_or_none": "yes"})

    assert record(course).says(CIRCLE) == {"few_or_none": True}
    assert browser.get(page(course)).status_code == 200
    assert browser.get(page(course, "compare/")).status_code == 200


def test_the_first_circle_proposes_the_ring_that_closeness_stands_for(browser, course, service) -> None:
    rings = {10: 1, 9: 1, 8: 2, 6: 2, 5: 3, 3: 3, 2: 4, 0: 4, None: None}
    assert {closeness: ring_for(closeness) for closeness in rings} == rings
    close = {"alias": "Lena", "relation": "partner", "closeness": 4, "wished_closeness": 9}
    add_person(by=service.actor(), at=service.at, enrolment=course.label, answers=close, id=uuid4())

    shown = browser.get(page(course, "circle/")).content.decode()

    assert 'name="places.0.ring" value="3" data-ring checked' in shown
    assert '<option value="1" selected>' in shown
    assert not circles(record(course))  # proposed, and stored only when somebody saves it


# ---- lines between people ----


def test_lines_are_entered_in_lists_and_told_in_words(browser: Client, course: Enrolment, people) -> None:
    lena, noah, rui = people.values()
    browser.post(page(course, "circle/"), placed(people, Lena="1", Noah="2", Rui="3"))

    sent = browser.post(page(course, "ties/"), tied((noah, "messenger", lena), (lena, "cut_off", rui)))

    assert sent.status_code == 303
    assert record(course).says(TIES)["ties"] == [
        {"from": noah, "to": lena, "tie": "messenger"},
        {"from": lena, "to": rui, "tie": "cut_off"},
    ]
    shown = browser.get(page(course))
    assert "Noah carries messages to Lena" in text_of(shown)
    assert "Lena and Rui: cut off" in text_of(shown)
    assert '<polygon points="' in shown.content.decode()  # the arrow of whoever carries messages


def test_new_lines_are_a_new_version(browser: Client, course: Enrolment, people) -> None:
    lena, noah, _ = people.values()
    browser.post(page(course, "ties/"), tied((noah, "messenger", lena)))
    mark = hidden(browser.get(page(course, "ties/")), "_replaces")

    browser.post(page(course, "ties/"), {"_id": str(uuid4()), "_replaces": mark})

    assert record(course).says(TIES) == {}
    assert Entry.objects.filter(form=TIES).count() == 2


def test_half_a_line_is_kept_and_not_drawn(browser: Client, course: Enrolment, people) -> None:
    sent = browser.post(page(course, "ties/"), tied((people["Noah"], "messenger", "")))

    assert "told=half" in sent["Location"]
    assert record(course).says(TIES)["ties"] == [{"from": people["Noah"], "tie": "messenger"}]
    assert "carries messages to" not in text_of(browser.get(page(course)))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("Noah", "messenger", "Noah"), "This line begins and ends with the same person."),
        (("Noah", "envies", "Lena"), "“envies” is not one of the answers here."),
    ],
)
def test_a_line_that_cannot_be_taken_is_said_beside_it(browser, course, people, line, said) -> None:
    one, kind, other = line

    sent = browser.post(page(course, "ties/"), tied((people[one], kind, people[other])) | {"strikes_me": "He tires."})

    assert sent.status_code == 422
    assert said in text_of(sent)
    assert "He tires." in text_of(sent)
    assert f'<option value="{people[one]}" selected>' in sent.content.decode()
    assert not Entry.objects.filter(form=TIES).exists()


def test_two_tabs_with_lines_keep_both(browser: Client, course: Enrolment, people) -> None:
    lena, noah, rui = people.values()
    browser.post(page(course, "ties/"), tied((noah, "messenger", lena)))
    mark = {"_replaces": hidden(browser.get(page(course, "ties/")), "_replaces")}
    browser.post(page(course, "ties/"), tied((noah, "close", lena)) | mark)

    sent = browser.post(page(course, "ties/"), tied((noah, "close", rui)) | mark)

    assert sent.status_code == 409
    assert record(course).says(TIES)["ties"][0]["to"] == lena
    again = {name: hidden(sent, name) for name in ("_id", "_replaces", "_settles")}
    assert browser.post(page(course, "ties/"), tied((noah, "close", rui)) | again).status_code == 303
    assert record(course).says(TIES)["ties"][0]["to"] == rui
    assert not Draft.objects.exists()


# ---- then and now ----


def a_move(people: dict[str, str], service: Service, course: Enrolment, then: str, now: str) -> list[str]:
    """What is said where Lena stood on one ring and stands on another; `2>1` has a wish."""
    for day, place in ((1, then), (20, now)):
        ring, _, wished = place.partition(">")
        row = {
            "person": people["Lena"],
            "ring": int(ring),
            "angle": 40,
            **({"wished_ring": int(wished)} if wished else {}),
        }
        drawn_on(service, course, day, answers={"places": [row]})
    known = record(course)
    told = changes(known, *circles(known), {who: name for name, who in people.items()})
    on = known.of(CIRCLE)[0].happened_at.date()
    return [render(line).replace(render_day(on), "then") for line in told]


def render_day(day: date) -> str:
    from openipt.therapy.words import catalogue

    return catalogue().spell(day)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ("3", "2", ["Lena moved one ring nearer since then."]),
        ("4", "1", ["Lena moved 3 rings nearer since then."]),
        ("1", "2", ["Lena moved one ring further away since then."]),
        ("2", "2", ["Everybody stands where they stood on then."]),
        ("3>1", "1>1", ["Lena moved 2 rings nearer since then.", "Lena stands where they were wished on then."]),
        ("3", "3>2", ["Lena is now wished at “close”."]),
        ("3>2", "3", ["For Lena no other place is wished any more."]),
    ],
)
def test_what_moved_is_said_in_words(people, service, course, then, now, said) -> None:
    assert a_move(people, service, course, then, now) == said


def test_who_came_who_left_and_who_is_out_of_touch_are_said(browser, people, service, course) -> None:
    lena, noah, rui = people.values()
    first = [{"person": lena, "ring": 1}, {"person": rui, "ring": 2}]
    drawn_on(service, course, 1, answers={"places": first})
    now = [{"person": lena, "ring": 1}, {"person": noah, "ring": 2}]
    drawn_on(service, course, 20, answers={"places": now, "lost_or_out": [lena]})

    shown = text_of(browser.get(page(course, "compare/")))

    day = render_day(circles(record(course))[0].happened_at.date())
    assert f"Lena was in touch on {day} and is out of touch now." in shown
    assert f"Rui was on the circle on {day} and is not now." in shown
    assert f"Noah is on the circle now and was not on {day}." in shown


def test_any_two_circles_are_compared_the_same_people_at_the_same_angle(browser, people, service, course) -> None:
    lena = people["Lena"]
    for day, ring in ((1, 4), (10, 3), (20, 1)):
        drawn_on(service, course, day, answers={"places": [{"person": lena, "ring": ring, "angle": 90}]})
    first, second, _ = circles(record(course))

    shown = browser.get(page(course, "compare/") + f"?then={second.id}&now={first.id}")  # in any order

    assert f"Lena moved one ring nearer since {render_day(first.happened_at.date())}." in text_of(shown)
    heights = re.findall(r'<text x="[\d.]+" y="([\d.]+)" class="t-name"[^>]*>Lena</text>', shown.content.decode())
    assert len(heights) == 4  # twice wide, twice narrow
    assert heights[0] == heights[1]
    assert browser.get(page(course, "compare/") + f"?then={uuid4()}").status_code == 404


def test_a_day_of_many_saves_counts_as_it_was_left(people, service, course) -> None:
    lena = people["Lena"]
    for ring in (4, 3, 2):
        drawn_on(service, course, 1, answers={"places": [{"person": lena, "ring": ring}]})
    drawn_on(service, course, 20, answers={"places": [{"person": lena, "ring": 1}]})

    known = record(course)

    assert [entry.answers["places"][0]["ring"] for entry in circles_by_day(known)] == [2, 1]


def test_an_earlier_circle_shows_the_lines_and_the_living_of_its_day(people, service, course) -> None:
    lena, noah, _ = people.values()
    how = {"by": service.actor(), "enrolment": course.label}
    places = [{"person": lena, "ring": 1}, {"person": noah, "ring": 2}]
    drawn_on(service, course, 1, answers={"places": places})
    tie = {"from": noah, "to": lena, "tie": "messenger"}
    first = save_entry(at=service.at + timedelta(days=1, hours=1), form=TIES, answers={"ties": [tie]}, **how)
    drawn_on(service, course, 20, answers={"places": places})
    late = service.at + timedelta(days=20)
    save_entry(at=late, form=TIES, answers={"ties": [tie | {"tie": "close"}]}, replaces=first.id, **how)
    older = record(course).newest(SHEET, lena)
    said = {**older.answers, "status": "deceased"}
    save_entry(at=late, form=SHEET, answers=said, about=lena, replaces=older.id, **how)

    known = record(course)
    then, now = circles(known)

    assert [tie.kind for tie in ties_by(known, then)] == ["messenger"]
    assert [tie.kind for tie in ties_by(known, now)] == ["close"]
    assert [one.died for one in people_on(known, then)] == [False, False]
    assert [one.died for one in people_on(known, now)] == [True, False]


def test_a_newer_circle_shows_that_somebody_is_in_touch_again(browser, people, service, course) -> None:
    lena = people["Lena"]
    older = record(course).newest(SHEET, lena)
    said = {**older.answers, "status": "lost_contact"}
    at = service.at + timedelta(days=1)
    how = {"by": service.actor(), "at": at, "enrolment": course.label, "form": SHEET, "about": lena}
    save_entry(answers=said, replaces=older.id, **how)
    assert "2 in this life now" in text_of(browser.get(page(course)))

    drawn_on(service, course, 20, answers={"places": [{"person": lena, "ring": 2}]})

    assert "3 in this life now" in text_of(browser.get(page(course)))


def test_the_roles_card_is_written_from_here_and_read_here(browser, course, service, people) -> None:
    assert f"/courses/{course.label}/fill/roles-card/" in browser.get(page(course)).content.decode()
    roles = [
        {"role": "parent", "wanted": "yes", "going": 6},
        {"role": "worker", "wanted": "mixed", "going": 0, "changed": True, "how_changed": "Nights"},
    ]
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label}
    save_entry(form="roles-card", answers={"roles": roles}, **how)

    shown = text_of(browser.get(page(course)))

    assert "Parent Yes 6" in shown
    assert "At work Yes and no 0 Nights" in shown


def test_half_filled_sheets_break_no_page(browser, course, service) -> None:
    person = add_person(by=service.actor(), at=service.at, enrolment=course.label, answers={}, id=uuid4())
    who = record(course).people[0].id
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label}
    save_entry(form=CIRCLE, answers={"places": [{"person": who}, {"ring": 1}, {}]}, **how)
    save_entry(form=TIES, answers={"ties": [{"from": "me"}, {}]}, **how)
    save_entry(form="roles-card", answers={"roles": [{}]}, **how)

    for tail in ("", "circle/", "ties/", "compare/", f"{who}/"):
        assert browser.get(page(course, tail)).status_code == 200, tail
    assert "Person 1" in text_of(browser.get(page(course)))
    assert person.made
