"""In a browser: what is typed at the opening stands on the card; an edit of the note is seen before it is signed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

SESSION = "/courses/C02/sessions/10/"


def test_the_opening_is_mirrored_on_the_card_and_a_date_that_is_tapped_hides_the_other(a_page, site) -> None:
    page = a_page(viewport={"width": 390, "height": 844})
    page.goto(site + SESSION)
    page.get_by_role("link", name="Change what came first, the mood or the event").click()

    page.locator("#opening input[name=mood][value='7']").check(force=True)
    page.locator("#card-link").fill("Better; Lena asked.")

    card = page.locator("#after-card")
    expect(card.get_by_text("Mood today: 7 of 10")).to_be_visible()
    expect(card.get_by_text("Better; Lena asked.")).to_be_visible()
    card.locator("input[name=next_date].offered").first.check(force=True)
    expect(page.locator("#card-day")).to_be_hidden()
    card.locator("input[name=next_date]").last.check(force=True)
    expect(page.locator("#card-day")).to_be_visible()

    expect(card.locator("[data-kept]")).to_contain_text("Kept")
    page.reload()
    page.get_by_role("button", name="Throw this draft away").click()
    expect(page.get_by_text("Not yet in the record")).to_have_count(0)


def test_both_lines_of_a_card_say_the_same_time_once_it_is_kept_again(a_page, site) -> None:
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + SESSION)
    page.get_by_text("Change the card").click()
    card = page.locator("#after-card")
    card.locator("#card-step").fill("Ring Rui")
    expect(card.locator("[data-kept]")).to_contain_text("Kept")
    page.reload()
    above = card.locator("[data-kept-above]")
    opened = above.inner_text()  # with its day, as the server says it

    card.locator("#card-step").fill("Ring Rui on Sunday")

    expect(card.locator("[data-kept]")).to_contain_text("Kept")
    expect(above).not_to_have_text(opened)
    expect(above).to_have_text(card.locator("[data-kept]").inner_text())
    page.get_by_role("button", name="Throw this draft away").click()
    expect(page.get_by_text("Not yet in the record")).to_have_count(0)


def test_an_edited_note_shows_what_was_changed_before_it_is_signed(a_page, site) -> None:
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + SESSION)
    page.get_by_role("link", name="Edit and sign the note").click()
    changed = page.locator("[data-changed]")
    expect(changed).to_be_hidden()

    text = page.get_by_label("The note", exact=True)
    text.fill(text.input_value() + "\n\nShe will ring me.")

    expect(changed).to_be_visible()
    expect(changed.locator("li")).to_have_text(["Written in She will ring me."])
    text.fill(text.input_value().replace("She will ring me.", ""))
    expect(changed).to_be_hidden()
