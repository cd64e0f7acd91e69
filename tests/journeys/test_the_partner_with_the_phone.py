"""An attack: somebody at home takes the client's phone, and tries what a phone offers.

The client wrote, and left in a hurry. The other one goes back and forward, opens what the browser remembers, pulls the
line, looks into the source, the storage, the printed page, and at last into every file the browser keeps. Words that
stand nowhere else were planted wherever the client writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cheap_phone import ANDROID, SIZE, CheapPhone
from evidence.canaries import SONG, canary, found_in_files
from journeys.conftest import FLAGS, chromium
from journeys.test_the_portal import a_new_course, a_slip
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from openipt.rooms.portal.questions.asking import key_of

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

QUESTIONS = f"/my/q/{key_of('phq-9')}/"
SHEET = f"/my/sheets/{key_of('emotion-identification')}/2/"
STORED = """async () => {
  const bases = indexedDB.databases ? await indexedDB.databases() : [];
  const caught = window.caches ? await caches.keys() : [];
  const workers = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
  return {
    local: { ...localStorage }, session: { ...sessionStorage }, bases, caught, workers: workers.length,
    cookies: document.cookie, name: window.name, state: history.state, referrer: document.referrer,
    asked: "Notification" in window ? Notification.permission : "never",
  };
}"""
NOTHING = {"local": {}, "session": {}, "bases": [], "caught": [], "workers": 0, "name": "", "state": None}


@pytest.fixture
def profile(tmp_path) -> Path:
    """Where the browser of this phone keeps all that it keeps."""
    return tmp_path / "profile"


@pytest.fixture
def kept(browser: Browser, profile: Path) -> Iterator[BrowserContext]:
    """A browser as it is on a phone: it keeps its files, and keeps pages alive for whoever goes back to them."""
    context = browser.browser_type.launch_persistent_context(
        str(profile),
        executable_path=chromium(),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
        viewport=SIZE,
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
        user_agent=ANDROID,
    )
    yield context
    context.close()


@pytest.fixture
def phone(kept: BrowserContext, site: str) -> CheapPhone:
    made = CheapPhone(kept, site)
    made.slow(1)  # whoever attacks has time
    return made


def writes_and_leaves(phone: CheapPhone) -> list[str]:
    """What the client does: a note, an answer about danger, a sheet that is not finished; then a step at the door."""
    phone.open("/my/diary/")
    phone.page.locator("#f-note").fill(canary())
    phone.mark("mood", "2")
    phone.tap("Note it")
    phone.open(f"{QUESTIONS}9/")
    phone.tap("Nearly every day")
    phone.says("Thank you for telling us")
    phone.open("/my/people/")
    phone.page.get_by_label("What do you call them?").fill(canary())
    phone.tap("Close")
    phone.open(SHEET)
    phone.page.locator("main textarea").first.fill(canary())
    phone.tap(phone.page.locator("button[value=next]:visible").last)
    phone.open("/my/talk/")
    phone.page.locator("#f-most").fill(canary())
    phone.tap("Leave now")
    return remembered(phone)


def remembered(phone: CheapPhone) -> list[str]:
    """The list of pages that the browser shows to whoever holds a finger on the way back: its addresses and titles."""
    entries = phone.engine.send("Page.getNavigationHistory")["entries"]
    ours = [one for one in entries if one["url"].startswith(phone.site)]
    assert {one["title"] for one in ours} == {"Notes"}
    assert not [one for one in ours if SONG in one["url"] + one["userTypedURL"]]
    return [one["url"] for one in ours]


def nothing_on(page: Page) -> None:
    """On the screen, in the source, on paper: no word of the client's, and no word of danger."""
    source = page.content()
    assert SONG not in source, page.url
    assert "Thank you for telling us" not in source, page.url
    page.emulate_media(media="print")
    assert SONG not in page.inner_text("body"), page.url
    page.emulate_media(media="screen")
    assert page.title() == "Notes"


def test_after_the_client_left_in_a_hurry_nothing_is_found(a_page, phone, profile) -> None:
    staff = a_page()
    slip = a_slip(staff, a_new_course(staff, phone.site, "Ruff"))
    phone.comes_in_first(slip)
    addresses = writes_and_leaves(phone)

    the_screen_says_nothing(phone)
    nothing_lies_in_the_storage(phone)
    the_way_back_and_forward_shows_nothing(phone, len(addresses))
    no_address_that_was_open_opens_again(phone, addresses)
    the_door_offers_nobodys_name(phone, slip[0])
    without_a_line_nothing_was_kept(phone, addresses)
    phone.context.close()
    no_file_of_the_browser_sings(profile)


def the_screen_says_nothing(phone: CheapPhone) -> None:
    expect(phone.page).to_have_url(f"{phone.site}/away/")
    assert phone.page.inner_text("body").split() == ["Notes", "No", "notes", "here."]


def nothing_lies_in_the_storage(phone: CheapPhone) -> None:
    found = phone.page.evaluate(STORED)
    assert {name: found[name] for name in NOTHING} == NOTHING
    assert found["cookies"] == "", "no cookie of ours is read by a script"
    assert found["asked"] in ("default", "denied", "never"), "no notice was ever asked for"
    mine = {one["name"]: one["value"] for one in phone.context.cookies()}
    assert set(mine) <= {"openipt-form", "openipt-door"}, "the sign-in is gone; the mark of the door stays"
    assert not [value for value in mine.values() if SONG in value]


def the_way_back_and_forward_shows_nothing(phone: CheapPhone, steps: int) -> None:
    """Every page behind this one asks who comes; none is brought back as it was."""
    for turn in (phone.page.go_back, phone.page.go_forward):
        for _ in range(steps):
            if turn(wait_until="load") is None and phone.page.url == "about:blank":
                break
            nothing_on(phone.page)
            assert phone.page.url.partition("?")[0].removeprefix(phone.site).startswith(("/in/", "/away/", "/help/"))


def no_address_that_was_open_opens_again(phone: CheapPhone, addresses: list[str]) -> None:
    for address in dict.fromkeys(addresses):
        phone.page.goto(address)
        nothing_on(phone.page)
        if "/my/" in address:
            expect(phone.page.get_by_role("heading", name="Come in")).to_be_visible()


def the_door_offers_nobodys_name(phone: CheapPhone, name: str) -> None:
    phone.open("/in/")
    assert name not in phone.page.content()
    assert phone.page.locator("[name=login]").input_value() == ""
    assert phone.page.locator("datalist").count() == 0


def without_a_line_nothing_was_kept(phone: CheapPhone, addresses: list[str]) -> None:
    """With the line pulled, a browser shows what it keeps by itself: nothing of the room."""
    phone.context.set_offline(True)
    for address in {one for one in addresses if "/my/" in one}:
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            phone.page.goto(address)
    phone.context.set_offline(False)


def no_file_of_the_browser_sings(profile: Path) -> None:
    files = found_in_files(profile)
    assert sum(1 for one in profile.rglob("*") if one.is_file()) > 20, "the browser kept its files here"
    assert files == {}


def test_a_search_that_could_not_find_would_be_seen(phone, profile) -> None:
    """The same browser, the same look, a page that may be stored: its words lie in the files."""
    phone.open(f"/help/?{canary()}")
    phone.context.close()

    assert found_in_files(profile)


# ---- a phone that is signed in


def test_a_locked_room_shows_nothing_by_the_way_back(a_page, phone) -> None:
    """The client locks the room and puts the phone down. Whoever goes back at once is asked for the PIN."""
    staff = a_page()
    phone.comes_in_first(a_slip(staff, a_new_course(staff, phone.site, "Sanderling")))
    phone.sets_a_pin()
    phone.open("/my/diary/")
    phone.page.locator("#f-note").fill(canary())
    phone.tap("Note it")
    assert SONG in phone.page.content()
    phone.open("/my/keys/")
    phone.tap("Lock it now")
    phone.says("Your PIN")

    for turn in (phone.page.go_back, phone.page.go_back, phone.page.go_back, phone.page.go_forward):
        turn(wait_until="load")
        nothing_on(phone.page)
        expect(phone.page.get_by_role("heading", name="Your PIN")).to_be_visible()
    for address in ("/my/", "/my/diary/", "/my/more/", "/my/looked/", "/my/keys/", "/my/keys/pin/", "/my/people/"):
        phone.open(address)
        nothing_on(phone.page)
        expect(phone.page.get_by_role("heading", name="Your PIN")).to_be_visible()


def test_on_a_phone_that_only_sends_the_list_of_pages_gives_nothing_away(a_page, phone) -> None:
    """The client chose that nothing can be read. The other one goes through all that the browser remembers."""
    staff = a_page()
    course = a_new_course(staff, phone.site, "Turnstone")
    phone.comes_in_first(a_slip(staff, course))
    phone.open("/my/reach/")
    for field, value in (("phone_shared", "often"), ("way", "write_only")):
        phone.mark(field, value)
    phone.tap("Send to my clinic")
    phone.open("/my/diary/")
    phone.page.locator("#f-note").fill(canary())
    phone.tap("Note it")
    phone.open(f"{QUESTIONS}1/")
    phone.tap("Several days")
    addresses = remembered(phone)

    for address in dict.fromkeys([*addresses, f"{phone.site}/my/looked/", f"{phone.site}/my/more/"]):
        phone.page.goto(address)
        nothing_on(phone.page)
        assert "your answer so far" not in phone.page.content(), address
    staff.goto(f"{course}sessions/ahead/")
    assert re.search(r"[Mm]ood", staff.content()), "at the clinic it was received"
