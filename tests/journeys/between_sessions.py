"""What a client does on the phone between two sessions, and where the therapist finds it: steps of the journeys."""

from __future__ import annotations

import re

from cheap_phone import CheapPhone
from journeys.test_the_portal import a_new_course, a_slip
from playwright.sync_api import Page, expect

from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.forms import open_form

MOST_OF_A_PHQ_9, MOST_OF_A_NOTE, MOST_TO_A_BAD_DAY = 11, 6, 2
OF_THE_DAY, TO_TALK_ABOUT = "The dishes again", "The evening with Lena"
SHEET = open_form("emotion-identification").name
FEELING = f"/my/sheets/{key_of('emotion-identification')}/"
PLAN = {
    "warning_signs.0.text": "Counting hours",
    "alone.0.text": "A walk with the dog",
    "nobody_to_tell": "yes",
    "emergency_number": "112",
    "safer_discussed": "yes",
}


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
    phone.page.locator("#f-note").fill(OF_THE_DAY)
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
    phone.page.locator("#f-most").fill(TO_TALK_ABOUT)
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


def the_therapist_begins_the_session(staff: Page, course: str) -> Page:
    """From looking ahead into the session: its page is the one with the card on it."""
    staff.goto(f"{course}sessions/ahead/")
    staff.get_by_role("button", name="Begin session 1 now").first.click()
    expect(staff).to_have_url(re.compile(r"/meetings/.*told=started"))
    return staff
