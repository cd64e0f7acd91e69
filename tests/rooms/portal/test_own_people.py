"""My people: somebody in two taps, the circle by finger and by keys, lines between them; the therapist sees them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms.portal.test_between_sessions import answers_of
from rooms.portal.test_own_sheets import therapist
from rooms.test_query_counts import MOST, asked

from openipt.pictures.circle_values import RINGS
from openipt.pictures.seats import Ground
from openipt.rooms.portal.life.circle import SIDE, place_at, touched

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

AROUND = re.compile(r'<circle [^>]*class="f-none c-ink"')
CIRCLE, SHEET, TIES, CONTENT = "closeness-circle", "interpersonal-inventory", "ties", "own-satisfaction"


def people_of(phone) -> list[str]:
    return re.findall(r'href="/my/people/([0-9a-f-]{36})/"', phone.text("/my/people/"))


def somebody(phone, name: str = "Lena", ring: str = "2") -> str:
    before = set(people_of(phone))
    told = phone.send("/my/people/add/", alias=name, ring=ring)
    assert told["Location"] == "/my/people/?told=added"
    (made,) = set(people_of(phone)) - before
    return made


def test_somebody_new_is_a_name_and_one_tap(phone) -> None:
    made = somebody(phone)

    (circle,) = phone.entries(CIRCLE)
    assert [(row["person"], row["ring"]) for row in answers_of(circle)["places"]] == [(made, 2)]
    assert answers_of(phone.entries(SHEET)[0]) == {"alias": "Lena", "ring": 2}
    page = phone.text("/my/people/")
    assert "<svg" in page
    assert "Close to you now: Lena." in page


def test_the_therapist_finds_them_on_the_page_of_people(phone) -> None:
    somebody(phone)

    assert "Lena" in therapist(phone).get(f"/courses/{phone.enrolment.label}/people/").content.decode()


def test_added_twice_by_two_taps_it_is_one_person(phone) -> None:
    said = {"_id": str(uuid4()), "alias": "Lena", "ring": "1"}
    phone.browser.post("/my/people/add/", said)

    assert phone.browser.post("/my/people/add/", said)["Location"].endswith("told=again")
    assert len(people_of(phone)) == 1
    assert phone.browser.post("/my/people/add/", {**said, "alias": "Rui"}).status_code == 409


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_nobody_without_a_name(phone, name) -> None:
    told = phone.send("/my/people/add/", alias=name, ring="1")

    assert told.status_code == 422
    assert not phone.entries(SHEET)
    assert name.strip() in told.content.decode()


def test_a_ring_by_key_moves_one_and_leaves_the_others(phone) -> None:
    lena, rui = somebody(phone, "Lena", "1"), somebody(phone, "Rui", "3")

    phone.send(f"/my/people/{lena}/place/", ring="4")
    phone.send(f"/my/people/{lena}/place/", wished="1")

    rows = {row["person"]: row for row in answers_of(phone.entries(CIRCLE)[-1])["places"]}
    assert (rows[lena]["ring"], rows[lena]["wished_ring"]) == (4, 1)
    assert rows[rui]["ring"] == 3
    assert "Far, you would like: very close" in phone.text("/my/people/")


def test_a_finger_on_the_circle_places_somebody_there(phone) -> None:
    lena = somebody(phone)
    ground = Ground(SIDE, 0.0)
    x, y = (round(one * 340 / SIDE) for one in ground.point(90.0, ground.radius(4)))

    phone.browser.post(f"/my/people/{lena}/place/", {"_id": str(uuid4()), "at340.x": x, "at340.y": y})

    (row,) = answers_of(phone.entries(CIRCLE)[-1])["places"]
    assert row["ring"] == 4
    assert abs(row["angle"] - 90) < 1


@given(ring=st.integers(1, RINGS), angle=st.floats(0, 359), board=st.sampled_from([280, 340]))
def test_where_the_finger_lands_is_where_they_stand(ring, angle, board) -> None:
    ground = Ground(SIDE, 0.0)
    x, y = (round(one * board / SIDE) for one in ground.point(angle, ground.radius(ring)))

    found = touched({f"at{board}.x": str(x), f"at{board}.y": str(y)})

    assert found is not None
    assert found[0] == ring
    assert min(abs(found[1] - angle), 360 - abs(found[1] - angle)) < 3


@pytest.mark.parametrize(
    "said", [{}, {"at280.x": "0", "at280.y": "0"}, {"at280.x": "x", "at280.y": "1"}, {"at280.x": "5"}]
)
def test_a_key_on_the_picture_moves_nobody(said) -> None:
    assert touched(said) is None


@given(st.floats(-500, 900), st.floats(-500, 900))
def test_every_touch_is_some_place(x, y) -> None:
    ring, angle = place_at(x, y)

    assert 1 <= ring <= RINGS
    assert 0 <= angle <= 360


def test_what_the_client_says_keeps_what_the_therapist_wrote_and_does_not_show_it(phone) -> None:
    lena = somebody(phone)
    first = phone.entries(SHEET)[-1]
    said = {**answers_of(first), "expects_of_them": "canary", "safety": "unsure"}
    phone.write(SHEET, said, about=lena, replaces=first.id)
    page = phone.text(f"/my/people/{lena}/")
    assert "canary" not in page

    told = phone.send(
        f"/my/people/{lena}/",
        alias="Lena",
        relation="friend",
        satisfying="We laugh",
        _replaces=re.search(r'name="_replaces" value="([^"]+)"', page)[1],
        _do="send",
    )

    assert told["Location"].endswith("told=said")
    assert answers_of(phone.entries(SHEET)[-1]) == {**said, "relation": "friend", "satisfying": "We laugh"}
    assert "We laugh" in phone.text(f"/my/people/{lena}/")
    shown = therapist(phone).get(f"/courses/{phone.enrolment.label}/people/{lena}/").content.decode()
    assert "We laugh" in shown


def test_a_sheet_that_was_changed_meanwhile_is_kept_beside_it(phone) -> None:
    lena = somebody(phone)
    page = phone.text(f"/my/people/{lena}/")
    older = re.search(r'name="_replaces" value="([^"]+)"', page)[1]
    phone.write(SHEET, {"alias": "Lena", "satisfying": "theirs"}, about=lena, replaces=phone.entries(SHEET)[-1].id)

    told = phone.send(f"/my/people/{lena}/", alias="Lena", satisfying="mine", _replaces=older, _do="send")

    assert told.status_code == 409
    assert answers_of(phone.entries(SHEET)[-1])["satisfying"] == "theirs"


@pytest.mark.parametrize(
    "said", [{"alias": ""}, {"alias": "Lena", "closeness": "11"}, {"alias": "Lena", "safety": "none"}]
)
def test_what_cannot_be_taken_stays_on_the_page(phone, said) -> None:
    lena = somebody(phone)
    told = phone.send(f"/my/people/{lena}/", unsatisfying="The dishes", _do="send", **said)

    assert told.status_code == 422
    assert "The dishes" in told.content.decode()
    assert len(phone.entries(SHEET)) == 1


def test_on_the_page_of_somebody_the_circle_says_by_a_shape_and_in_words_who_it_is(phone) -> None:
    lena, _ = somebody(phone, "Lena", "1"), somebody(phone, "Rui", "3")

    page = phone.text(f"/my/people/{lena}/")

    assert len(AROUND.findall(page)) == 1 + 1, "around one dot, and beside its words in the key"
    assert "the person this is about" in page
    assert not AROUND.findall(phone.text("/my/people/")), "the page of all is about nobody alone"


def test_somebody_who_died_stays_on_the_page_apart(phone) -> None:
    lena = somebody(phone)
    older = phone.entries(SHEET)[-1].id
    phone.send(f"/my/people/{lena}/", alias="Lena", status="deceased", _replaces=str(older), _do="send")

    page = phone.text("/my/people/")
    assert page.index("No longer in my life") < page.index(f"/my/people/{lena}/")
    assert answers_of(phone.entries(CIRCLE)[-1])["lost_or_out"] == [lena]


def test_how_content_one_is_is_one_tap_and_stands_beside_the_symptoms(phone) -> None:
    lena = somebody(phone)
    for n in "37":
        phone.send(f"/my/people/{lena}/between/", satisfaction=n)

    _, second = phone.entries(CONTENT)
    assert answers_of(second) == {"person": lena, "satisfaction": 7}
    assert second.about == lena
    assert "Lena" in therapist(phone).get(f"/courses/{phone.enrolment.label}/").content.decode()
    assert phone.send(f"/my/people/{lena}/between/", satisfaction="11")["Location"] == f"/my/people/{lena}/"
    assert len(phone.entries(CONTENT)) == 2


def test_a_line_between_two_people_is_drawn_and_taken_away(phone) -> None:
    lena, rui = somebody(phone, "Lena"), somebody(phone, "Rui")

    phone.send("/my/people/lines/", **{"from": lena, "to": rui, "tie": "messenger"})
    assert "Lena carries messages to Rui" in phone.text("/my/people/")
    assert phone.send("/my/people/lines/", **{"from": lena, "to": lena, "tie": "close"}).status_code == 422
    phone.send("/my/people/lines/", gone="0")

    drawn, gone = phone.entries(TIES)
    assert answers_of(drawn) == {"ties": [{"from": lena, "to": rui, "tie": "messenger"}]}
    assert gone.replaces_id == drawn.id
    assert "carries messages to Rui" not in phone.text("/my/people/")


def test_nobody_of_another_circle_is_a_page(phone) -> None:
    for tail in ("", "place/", "between/"):
        assert phone.get(f"/my/people/{uuid4()}/{tail}").status_code == 404


def test_in_write_only_the_circle_is_not_shown_and_can_still_be_added_to(phone) -> None:
    lena = somebody(phone)
    phone.send(f"/my/people/{lena}/", alias="Lena", satisfying="canary", _replaces="", _do="send")
    phone.write("safe-contact", {"way": "write_only"})

    pages = phone.text("/my/people/") + phone.text(f"/my/people/{lena}/")

    assert "ringpicture" not in pages
    assert "at280" not in pages
    assert "canary" not in pages
    assert "Close to you" not in pages
    assert phone.send("/my/people/add/", alias="Rui", ring="1").status_code == 302


@pytest.mark.parametrize("page", ["/my/people/", "/my/people/{}/"])
def test_a_page_asks_few_questions_of_the_database(phone, page) -> None:
    for name in ("Lena", "Rui", "Ana"):
        made = somebody(phone, name)

    assert asked(phone.browser, page.format(made)) <= MOST
