"""What happens to a phone while somebody writes on it: a hurry, a lock, a tunnel, a second phone. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from between_sessions import FEELING, invited
from cheap_phone import WINDOWS, CheapPhone, a_cheap_phone
from playwright.sync_api import expect

from openipt.rooms.portal.questions.asking import key_of

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def phone(browser, site) -> Iterator[CheapPhone]:
    with a_cheap_phone(browser, site) as one:
        yield one


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


def _opened_again(phone, address: str, field: str, typed: str):
    """Open a page until what was typed stands there, for some seconds; return its field."""
    for _ in range(20):
        phone.open(address)
        found = phone.page.locator(field).first
        if found.input_value() == typed:
            break
        phone.page.wait_for_timeout(500)
    return found


def test_going_to_another_page_keeps_what_was_typed(a_page, phone) -> None:
    staff = a_page()
    _, slip = invited(staff, phone, "Greenshank")
    phone.comes_in_first(slip)
    pages = {
        "/my/diary/": "#f-note",
        "/my/talk/": "#f-most",
        f"{FEELING}2/": "main textarea",
        "/my/goals/": "#f-statement",
    }
    for address, field in pages.items():
        phone.open(address)
        phone.page.locator(field).first.type("My brother rang")
        phone.tap(phone.page.locator("nav a", has_text="Today"))
        phone.says("Today")
        # It is sent on the way out, and nothing waits for it: it may come in after the next page was asked for.
        expect(_opened_again(phone, address, field, "My brother rang")).to_have_value("My brother rang")
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
