"""A client on a cheap phone, from the slip to the therapist's next card; and everything that comes in between."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from cheap_phone import WINDOWS, CheapPhone, a_cheap_phone
from journeys.test_the_portal import a_new_course, a_slip
from playwright.sync_api import Page, expect

from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.forms import open_form

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

MOST_OF_A_PHQ_9, MOST_OF_A_NOTE, MOST_TO_A_BAD_DAY = 11, 6, 2
SHEET = open_form("emotion-identification").name
FEELING = f"/my/sheets/{key_of('emotion-identification')}/"
PLAN = {
    "warning_signs.0.text": "Counting hours",
    "alone.0.text": "A walk with the dog",
    "nobody_to_tell": "yes",
    "emergency_number": "112",
    "safer_discussed": "yes",
}


@pytest.fixture
def phone(browser, site) -> Iterator[CheapPhone]:
    with a_cheap_phone(browser, site) as one:
        yield one


def invited(staff: Page, phone: CheapPhone, called: str) -> tuple[str, tuple[str, str]]:
    """A course for somebody new, and a slip for them; return its address and what stands on the slip."""
    course = a_new_course(staff, phone.site, called)
    return course, a_slip(staff, course)


def makes_a_plan(staff: Page, course: str) -> None:
    """Therapist and client write the safety plan together; the sheet is sent as its page sends it."""
    address = f"{course}fill/safety-plan/?fresh=1"
    staff.goto(address)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', staff.content()))
    answer = staff.request.post(address, form={**fields, **PLAN, "_do": "save"}, headers={"Referer": address})
    assert "A walk with the dog" in staff.request.get(f"{course}safety/").text(), answer.text()


# ---- from the slip to the next card


def test_the_first_days_of_a_course(a_page, phone) -> None:
    staff = a_page()
    course, slip = invited(staff, phone, "Plover")
    phone.comes_in_first(slip)
    phone.is_in_order()

    answers_a_questionnaire(phone)

    the_therapist_finds(staff, f"{course}sessions/ahead/", "PHQ-9 is 8")


def test_the_people_of_a_life_and_a_day_with_one_of_them(a_page, phone) -> None:
    staff = a_page()
    course, slip = invited(staff, phone, "Redshank")
    phone.comes_in_first(slip)

    adds_somebody_and_moves_them(phone)
    notes_the_day(phone)

    the_therapist_finds(staff, f"{course}people/", "Lena")


def test_the_days_before_a_session(a_page, phone) -> None:
    staff = a_page()
    course, slip = invited(staff, phone, "Lapwing")
    makes_a_plan(staff, course)
    phone.comes_in_first(slip)

    walks_through_a_worksheet(phone)
    writes_what_to_talk_about(phone)
    finds_what_helps(phone)

    the_therapist_finds(staff, f"{course}sessions/ahead/", "The evening with Lena", SHEET)
    staff.get_by_role("link", name=SHEET).first.click()
    expect(staff.locator("main")).to_contain_text("She left the room")


def answers_a_questionnaire(phone: CheapPhone) -> None:
    """One question a screen, each answer its own button: eleven taps at most, the way there among them."""
    phone.open("/my/")
    phone.taps = 0
    phone.tap(phone.page.locator(f"a[href='/my/q/{key_of('phq-9')}/']"))
    phone.is_in_order()
    for _ in range(9):
        phone.tap("Several days" if phone.page.get_by_text("9 of 10").count() == 0 else "Not at all")
    phone.tap("Somewhat difficult")
    expect(phone.page.get_by_role("heading", name=re.compile("^Sent|^Thank you"))).to_be_visible()
    assert phone.taps <= MOST_OF_A_PHQ_9
    phone.is_in_order()


def adds_somebody_and_moves_them(phone: CheapPhone) -> None:
    """Two taps bring somebody onto the circle; a finger moves them, and so do keys."""
    phone.open("/my/people/")
    phone.page.get_by_label("What do you call them?").fill("Lena")
    phone.tap("Close")
    phone.is_in_order()
    phone.tap("Lena")
    phone.is_in_order()

    board = phone.page.locator(".board input:visible")
    board.scroll_into_view_if_needed()
    where = board.bounding_box()
    assert where
    phone.page.touchscreen.tap(where["x"] + where["width"] / 2, where["y"] + 22)  # near the upper edge: far
    expect(phone.page.locator("button[name=ring].chosen")).to_have_text("Far (now)")

    phone.page.locator("button[name=ring]", has_text="In touch").focus()
    phone.page.keyboard.press("Enter")
    expect(phone.page.locator("button[name=ring].chosen")).to_have_text("In touch (now)")


def notes_the_day(phone: CheapPhone) -> None:
    """Mood, who, what, how it was: six taps, the way to the page and the sending among them."""
    phone.open("/my/")
    phone.taps = 0
    phone.tap(phone.page.locator("nav a[href='/my/diary/']"))
    phone.is_in_order()
    phone.mark("mood", "4")
    phone.mark("interactions.0.person")
    phone.mark("interactions.0.kinds", "conflict")
    phone.mark("interactions.0.valence", "-2")
    phone.tap("Note it")
    expect(phone.page.get_by_role("status")).to_contain_text("Noted")
    assert phone.taps <= MOST_OF_A_NOTE
    expect(phone.page.locator("ol.notes li").first).to_contain_text("Lena: We quarrelled.")


def walks_through_a_worksheet(phone: CheapPhone) -> None:
    """A step a screen; what is written waits, and all of it is looked over before it goes."""
    phone.open(FEELING)
    steps = 0
    while not phone.page.get_by_role("heading", name="Look it over").count():
        box = phone.page.locator("textarea[name='event'], textarea[name='did']")
        phone.is_in_order() if steps < 3 else None
        if box.count():
            box.first.fill("She left the room" if box.first.get_attribute("name") == "event" else "I waited")
            phone.tap(phone.page.locator("button[value=next]:visible").last)
        else:
            phone.tap("Skip this")
        steps += 1
    assert steps > 5
    expect(phone.page.locator("main")).to_contain_text("She left the room")
    phone.is_in_order()
    phone.tap("Send it")
    phone.says("Sent. Thank you")
    phone.is_in_order()


def writes_what_to_talk_about(phone: CheapPhone) -> None:
    phone.open("/my/talk/")
    phone.page.locator("#f-most").fill("The evening with Lena")
    phone.tap("Send to my therapist")
    expect(phone.page.get_by_role("status")).to_contain_text("Sent")


def finds_what_helps(phone: CheapPhone) -> None:
    """Two taps from coming in to the page for bad days, one to help and the own plan."""
    phone.open("/my/")
    phone.taps = 0
    phone.tap("A bad day? What helps me")
    assert phone.taps <= MOST_TO_A_BAD_DAY
    phone.says("What helps me")
    phone.is_in_order()
    phone.tap(phone.page.locator("nav a.help"))
    phone.says("Help now")
    expect(phone.page.locator("main")).to_contain_text("A walk with the dog")
    phone.is_in_order()


def the_therapist_finds(staff: Page, address: str, *words: str) -> None:
    """On the therapist's own pages stands what came in."""
    staff.goto(address)
    for one in words:
        expect(staff.locator("main")).to_contain_text(one)


# ---- what happens to a phone


def test_leaving_in_a_hurry_keeps_the_draft_and_shows_nothing(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Avocet")
    phone.comes_in_first(slip)
    phone.open("/my/talk/")
    phone.page.locator("#f-most").fill("What he said at dinner")
    phone.tap("Leave now")
    expect(phone.page.get_by_text("No notes here.")).to_be_visible()
    phone.is_in_order()
    assert phone.page.url == f"{phone.site}/away/"

    phone.comes_in(slip[0])
    phone.open("/my/talk/")
    expect(phone.page.locator("#f-most")).to_have_value("What he said at dinner")


OUT_IN_SIGHT = """() => {
  const place = (one) => document.querySelector(one).getBoundingClientRect();
  const [out, bar, box] = [".exit", ".tabbar", "#f-note"].map(place);
  const way = document.elementFromPoint(out.x + out.width / 2, out.y + out.height / 2);
  return { out: out.top >= 0 && !!way.closest(".exit"), box: box.top >= out.bottom && box.bottom <= bar.top,
           wide: document.documentElement.scrollWidth <= innerWidth };
}"""


@pytest.mark.parametrize(("width", "height"), [(360, 740), (320, 568), (360, 440), (180, 370)])
def test_the_way_out_stays_in_sight_while_somebody_writes(a_page, browser, site, width, height) -> None:
    """On a narrow phone, over a keyboard, and at twice the size of everything."""
    staff = a_page()
    with a_cheap_phone(browser, site) as phone:
        _, slip = invited(staff, phone, f"Sandpiper{width}x{height}")
        phone.comes_in_first(slip)
        phone.page.set_viewport_size({"width": width, "height": height})
        phone.open("/my/diary/")
        phone.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert phone.page.evaluate(OUT_IN_SIGHT)["out"]

        phone.page.locator("#f-note").focus()
        phone.page.keyboard.type("My brother")

        seen = phone.page.evaluate(OUT_IN_SIGHT)
        assert seen["out"], seen
        assert seen["box"], seen
        assert seen["wide"] or width < 320, seen


def test_going_to_another_page_keeps_what_was_typed(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Greenshank")
    phone.comes_in_first(slip)
    for address, field in (("/my/diary/", "#f-note"), ("/my/talk/", "#f-most"), (f"{FEELING}2/", "main textarea")):
        phone.open(address)
        phone.page.locator(field).first.type("My brother rang")
        phone.tap(phone.page.locator("nav a", has_text="Today"))
        phone.says("Today")
        phone.open(address)
        expect(phone.page.locator(field).first).to_have_value("My brother rang")
        phone.is_in_order()
    phone.open("/my/begun/")
    phone.is_in_order()


def test_what_was_typed_is_kept_after_a_moment(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Turnstone")
    phone.comes_in_first(slip)
    phone.open("/my/diary/")
    with phone.page.expect_response(lambda one: one.request.method == "POST" and one.status == 204):
        phone.page.locator("#f-note").type("My brother rang")


def test_the_last_answer_to_a_question_stands_above_the_bar(a_page, phone) -> None:
    """Rather not saying is offered in sight, on long questions above all."""
    staff = a_page()
    _, slip = invited(staff, phone, "Phalarope")
    phone.comes_in_first(slip)
    for number in range(1, 10):
        phone.open(f"/my/q/{key_of('phq-9')}/{number}/")
        rather = phone.page.get_by_role("button", name="I would rather not say").bounding_box()
        bar = phone.page.locator(".tabbar").bounding_box()
        assert rather["y"] + rather["height"] <= bar["y"], number


def test_whoever_types_for_minutes_is_not_asked_for_the_pin(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Whinchat")
    phone.comes_in_first(slip)
    phone.sets_a_pin()
    phone.open("/my/talk/")
    phone.page.evaluate("(now => { Date.now = () => now + 40000; })(Date.now())")
    with phone.page.expect_request(lambda one: one.url.endswith("/my/lock/") and "_do=here" in (one.post_data or "")):
        phone.page.locator("#f-most").type("M")


def test_the_lock_covers_at_once_and_asks_after_two_minutes_behind(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Godwit")
    phone.comes_in_first(slip)
    phone.sets_a_pin()
    phone.open("/my/talk/")
    box = phone.page.locator("#f-most")
    box.fill("What he said at dinner")

    phone.goes_behind()
    expect(box).to_be_hidden()
    phone.comes_back(1)
    expect(box).to_be_visible()
    expect(box).to_have_value("What he said at dinner")

    phone.goes_behind()
    phone.comes_back(2.1)
    expect(phone.page.get_by_role("heading", name="Your PIN")).to_be_visible()
    expect(phone.page.get_by_text("They wait, locked")).to_be_visible()
    assert "dinner" not in phone.page.content()
    phone.is_in_order()
    phone.tap(phone.page.locator("a.help"))
    phone.says("Help now")
    phone.is_in_order()

    phone.open("/my/talk/")
    phone.types_the_pin()
    expect(phone.page.locator("#f-most")).to_have_value("What he said at dinner")


def test_away_without_a_line_the_words_stay_on_the_page_until_there_is_one(a_page, phone) -> None:
    """A phone that comes back in a tunnel can send nothing: it stays covered, and asks as soon as it can."""
    staff = a_page()
    _, slip = invited(staff, phone, "Curlew")
    phone.comes_in_first(slip)
    phone.sets_a_pin()
    phone.open("/my/talk/")
    phone.page.locator("#f-most").fill("What he said at dinner")

    phone.goes_behind()
    phone.context.set_offline(True)
    phone.comes_back(3)
    expect(phone.page.locator("#f-most")).to_be_hidden()
    assert phone.page.url == f"{phone.site}/my/talk/"
    phone.context.set_offline(False)

    expect(phone.page.get_by_role("heading", name="Your PIN")).to_be_visible()
    phone.open("/my/talk/")
    phone.types_the_pin()
    expect(phone.page.locator("#f-most")).to_have_value("What he said at dinner")


def test_a_second_phone_is_told_of_on_the_first(a_page, browser, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Dunlin")
    phone.comes_in_first(slip)
    with a_cheap_phone(browser, phone.site, WINDOWS) as other:
        other.comes_in(slip[0])
        other.says("Today")
        expect(other.page.get_by_text("Was this you?")).to_have_count(0)

        phone.open("/my/")
        expect(phone.page.get_by_text("Firefox on Windows")).to_be_visible()
        phone.is_in_order()
        phone.tap("No, or I am not sure")
        phone.is_in_order()
        phone.tap("Sign out on Firefox on Windows")
        other.open("/my/")
        other.says("Come in")
    phone.open("/my/")
    phone.says("Today")


def test_a_sign_in_that_ran_out_in_mid_sheet_loses_nothing(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Whimbrel")
    phone.comes_in_first(slip)
    phone.open(f"{FEELING}2/")
    box = phone.page.locator("main textarea").first
    box.fill("She left the room")
    phone.context.clear_cookies(name="openipt")
    phone.tap(phone.page.locator("button[value=next]:visible").last)
    phone.says("Please come in again")
    phone.is_in_order()
    assert "left the room" not in phone.page.content()

    phone.tap("Come in and go on")
    phone.comes_in(slip[0], here=True)

    expect(phone.page).to_have_url(f"{phone.site}{FEELING}2/")
    expect(phone.page.locator("main textarea").first).to_have_value("She left the room")
    expect(phone.page.get_by_role("status")).to_contain_text("Your words are here again")


# ---- without a script


def test_forms_help_and_plan_need_no_script(a_page, browser, site) -> None:
    """A browser in which scripts are switched off: everything can be answered, written, placed, and help is there."""
    staff = a_page()
    with a_cheap_phone(browser, site, java_script_enabled=False) as phone:
        course, slip = invited(staff, phone, "Knot")
        makes_a_plan(staff, course)
        phone.comes_in_first(slip)
        phone.sets_a_pin()
        phone.open("/my/")
        answers = f"/my/q/{key_of('phq-9')}/"
        phone.open(answers)
        for _ in range(2):
            phone.tap("Several days")
        expect(phone.page).to_have_url(f"{site}{answers}3/")
        phone.open(f"{FEELING}2/")
        phone.page.locator("main textarea").first.fill("She left the room")
        phone.tap(phone.page.locator("button[value=next]:visible").last)
        expect(phone.page).to_have_url(f"{site}{FEELING}3/")
        phone.open("/my/help/")
        expect(phone.page.locator("main")).to_contain_text("A walk with the dog")
        phone.tap("Leave now")
        phone.open("/help/")
        expect(phone.page.locator("main")).to_contain_text("Ring the emergency number")
