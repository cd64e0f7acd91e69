"""A session that is interrupted twelve times: nothing is stored twice or half, and what was typed is there again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect
from walking import Clinic, a_clinic, a_desk

pytestmark = [pytest.mark.long_journey, pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

KEPT = re.compile(r"^Kept \d\d:\d\d")
STEP = "One step, agreed together"


@dataclass
class Desk:
    """Somebody at work: the clinic, their browser, the course and its session; and every answer that was an error."""

    clinic: Clinic
    context: BrowserContext
    course: str = ""
    session: str = ""

    def __post_init__(self) -> None:
        self.errors: list[str] = []
        self.context.on("response", self._heard)

    def _heard(self, answer: Response) -> None:
        if answer.status >= 500:
            self.errors.append(f"{answer.status} {answer.url}")

    def open(self, address: str) -> Page:
        page = self.context.new_page()
        page.goto(address)
        return page

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.clinic.address}/sign-in/demo")
        page.get_by_role("button", name="Ana").click()
        page.wait_for_url(f"{self.clinic.address}/")

    def sign_out_behind(self) -> None:
        """The sign-in runs out while the page stays open."""
        with closing(sqlite3.connect(_database(self.clinic), timeout=10)) as tables, tables:
            tables.execute("DELETE FROM django_session")

    def rows(self, form: str) -> int:
        """How many sheets of a form stand in the record, older versions among them."""
        with closing(sqlite3.connect(f"file:{_database(self.clinic)}?mode=ro", uri=True, timeout=10)) as tables:
            return int(tables.execute("SELECT count(*) FROM casebook_entry WHERE form = ?", [form]).fetchone()[0])


def _database(clinic: Clinic) -> str:
    return str(clinic.home / "record.sqlite3")


@pytest.fixture
def desk(browser, tmp_path) -> Iterator[Desk]:
    """Ana at her desk, in the middle of a first session."""
    with a_clinic(tmp_path) as clinic:
        context = a_desk(browser)
        made = Desk(clinic, context)
        page = context.new_page()
        made.sign_in(page)
        page.goto(f"{clinic.address}/courses/new/")
        page.get_by_label("What shall the client be called here?").fill("Robin")
        page.get_by_text("IPT for depression, adults", exact=True).first.click()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Begin the course").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Robin")
        made.course = page.url
        page.goto(f"{made.course}sessions/new/")
        page.get_by_role("button", name="Begin the session").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("session 1")
        made.session = f"{made.course}sessions/1/"
        page.close()
        yield made
        assert made.errors == []
        context.close()


def kept(page: Page) -> None:
    """Within two seconds what was typed is kept, and the page says so."""
    expect(page.locator("[data-kept]")).to_have_text(KEPT, timeout=10_000)


def type_step(page: Page, words: str) -> None:
    page.get_by_label(STEP).fill(words)


def test_twelve_interruptions_lose_nothing(desk):
    for interrupted in (
        the_network_goes_while_the_card_is_written,
        the_lid_is_closed,
        the_server_dies_while_the_card_is_written,
        the_server_dies_as_the_card_is_saved,
        the_sign_in_runs_out_over_the_card,
        two_tabs_write_one_card,
        the_way_back_leads_to_a_card_that_was_saved,
        the_lid_is_closed_over_a_note,
        the_sign_in_runs_out_over_a_note,
        a_note_is_signed_twice_at_once,
        two_tabs_begin_one_session,
        the_network_goes_and_the_sign_in_runs_out_over_a_sheet,
    ):
        interrupted(desk)
        assert desk.errors == [], interrupted.__name__


def the_network_goes_while_the_card_is_written(desk: Desk) -> None:
    page = desk.open(desk.session)
    desk.context.set_offline(True)
    type_step(page, "Ring Rui")
    expect(page.locator("[data-kept]")).to_have_text(re.compile("^No connection. What you typed is only on this page"))
    desk.context.set_offline(False)
    kept(page)

    page.reload()
    expect(page.get_by_label(STEP)).to_have_value("Ring Rui")
    assert desk.rows("session-record") == 0  # kept is not handed in
    page.close()


def the_lid_is_closed(desk: Desk) -> None:
    page = desk.open(desk.session)
    page.locator(".tap.steps label", has_text="7").click()
    type_step(page, "Ring Rui on Sunday")
    kept(page)
    page.close(run_before_unload=False)

    page = desk.open(desk.session)
    expect(page.get_by_label(STEP)).to_have_value("Ring Rui on Sunday")
    expect(page.locator("input[name=mood][value='7']")).to_be_checked()
    page.close()


def the_server_dies_while_the_card_is_written(desk: Desk) -> None:
    page = desk.open(desk.session)
    desk.clinic.kill()
    type_step(page, "Ring Rui on Sunday evening")
    expect(page.locator("[data-kept]")).to_have_text(re.compile("^No connection"))
    desk.clinic.start()
    kept(page)
    page.close(run_before_unload=False)

    page = desk.open(desk.session)
    expect(page.get_by_label(STEP)).to_have_value("Ring Rui on Sunday evening")
    page.close()


def the_server_dies_as_the_card_is_saved(desk: Desk) -> None:
    page = desk.open(desk.session)
    type_step(page, "Ring Rui at six")
    kept(page)
    desk.clinic.kill()
    page.get_by_role("button", name="Save the card").click()
    expect(page).to_have_url(re.compile("chrome-error|/after/"))
    desk.clinic.start()
    assert desk.rows("session-record") == 0

    page.goto(desk.session)
    expect(page.get_by_label(STEP)).to_have_value("Ring Rui at six")
    page.get_by_role("button", name="Save the card").click()
    expect(page.get_by_text("is in the record")).to_be_visible()
    assert (desk.rows("session-record"), desk.rows("between-session-step")) == (1, 1)
    page.close()


def the_sign_in_runs_out_over_the_card(desk: Desk) -> None:
    page = desk.open(desk.session)
    page.get_by_text("Change the card").click()
    type_step(page, "Ring Rui at seven")
    desk.sign_out_behind()
    page.get_by_role("button", name="Save the card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in again")
    expect(page.get_by_text("it is not lost")).to_be_visible()
    come_in_again(desk, page)

    expect(page.get_by_label(STEP)).to_have_value("Ring Rui at seven")
    page.get_by_role("button", name="Save the card").click()
    expect(page.get_by_text("is in the record")).to_be_visible()
    assert desk.rows("session-record") == 2  # the first one, and its newer version
    page.close()


def come_in_again(desk: Desk, page: Page) -> None:
    """Sign in beside it, then go on where the page says."""
    on = page.get_by_role("link", name="Sign in and go on").get_attribute("href")
    there = re.search(r"next=([^&]+)", on or "")
    desk.sign_in(page)
    page.goto(desk.clinic.address + (there.group(1) if there else ""))


def two_tabs_write_one_card(desk: Desk) -> None:
    one, other = desk.open(desk.session), desk.open(desk.session)
    for page, words in ((one, "Ring Rui at eight"), (other, "Ring Lena")):
        page.get_by_text("Change the card").click()
        type_step(page, words)
    one.get_by_role("button", name="Save the card").click()
    expect(one.get_by_text("is in the record")).to_be_visible()
    other.get_by_role("button", name="Save the card").click()

    expect(other.get_by_role("alert")).to_contain_text("Somebody was faster")
    expect(other.get_by_label(STEP)).to_have_value("Ring Lena")
    other.get_by_role("button", name="Save the card").click()
    expect(other.get_by_text("is in the record")).to_be_visible()
    for page in (one, other):
        page.close()


def the_way_back_leads_to_a_card_that_was_saved(desk: Desk) -> None:
    page = desk.open(desk.session)
    page.get_by_text("Change the card").click()
    type_step(page, "Ring Lena on Monday")
    page.get_by_role("button", name="Save the card").click()
    expect(page.get_by_text("is in the record")).to_be_visible()
    before = desk.rows("session-record")
    page.go_back()
    if not page.get_by_label(STEP).is_visible():
        page.get_by_text("Change the card").click()
    page.get_by_role("button", name="Save the card").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("session 1")
    assert desk.rows("session-record") <= before + 1
    page.goto(desk.session)
    expect(page.get_by_role("paragraph").filter(has_text="Ring Lena on Monday").first).to_be_visible()
    page.close()


WORDS = "Robin spoke about Rui. Asked about safety."


def the_lid_is_closed_over_a_note(desk: Desk) -> None:
    page = open_note(desk)
    page.get_by_label("The note").fill(WORDS)
    kept(page)
    page.close(run_before_unload=False)

    page = desk.open(desk.course)
    page.get_by_role("heading", name="Not yet in the record").locator("..").get_by_role("link").first.click()
    expect(page.get_by_label("The note")).to_have_value(WORDS)
    assert desk.rows("session-note") == 0
    page.close()


def open_note(desk: Desk) -> Page:
    page = desk.open(desk.session)
    page.get_by_role("link", name="Edit and sign the note").click()
    return page


def the_sign_in_runs_out_over_a_note(desk: Desk) -> None:
    page = open_note(desk)
    page.get_by_label("The note").fill(f"{WORDS} Next Monday.")
    desk.sign_out_behind()
    page.get_by_role("button", name="Sign the note").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in again")
    come_in_again(desk, page)

    expect(page.get_by_label("The note")).to_have_value(f"{WORDS} Next Monday.")
    assert desk.rows("session-note") == 0
    page.close()


def a_note_is_signed_twice_at_once(desk: Desk) -> None:
    page = open_note(desk)
    page.get_by_label("The note").fill(WORDS)
    statuses = page.evaluate(TWICE)

    assert statuses == [200, 200]
    assert desk.rows("session-note") == 1
    page.reload()
    expect(page.get_by_role("paragraph").filter(has_text="Signed by Ana")).to_have_count(1)
    page.close()


TWICE = """async () => {
  const form = document.querySelector("form.write");
  const send = () => fetch(form.action, { method: "POST", body: new FormData(form) }).then((answer) => answer.status);
  return Promise.all([send(), send()]);
}"""


def two_tabs_begin_one_session(desk: Desk) -> None:
    one, other = (desk.open(f"{desk.course}sessions/new/") for _ in range(2))
    one.get_by_role("button", name="Begin the session").click()
    expect(one.get_by_role("heading", level=1)).to_contain_text("session 2")
    other.get_by_role("button", name="Begin the session").click()

    expect(other.get_by_role("alert")).to_contain_text("There is a session 2 already.")
    assert desk.rows("session-sheet") == 2
    for page in (one, other):
        page.close()


def the_network_goes_and_the_sign_in_runs_out_over_a_sheet(desk: Desk) -> None:
    page = desk.open(f"{desk.course}fill/intake/")
    desk.context.set_offline(True)
    page.get_by_label("Diagnosis").fill("Depression")
    expect(page.locator("[data-kept]")).to_have_text(re.compile("^Not kept: no connection"))
    desk.context.set_offline(False)
    desk.sign_out_behind()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in again")
    come_in_again(desk, page)

    expect(page.get_by_label("Diagnosis")).to_have_value("Depression")
    page.close()
