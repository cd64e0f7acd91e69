"""A course on its way, by the keyboard alone: what a therapist does in every week of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from client_at_home import ClientAtHome
from playwright.sync_api import expect
from walking import Clinic, Keys, begin_session, sign_in, sign_note, write_card

FIRST = datetime(2025, 9, 1, 10, tzinfo=UTC)
CALLED = "Robin"
PHQ9 = "ed001844"  # what stands for it in an address of the client's


class Course:
    """A course on its way: the clinic, whose hands, where it stands."""

    def __init__(self, clinic: Clinic, keys: Keys) -> None:
        self.clinic, self.keys, self.page = clinic, keys, keys.page
        self.number = 0
        self.client: ClientAtHome | None = None
        self.cards: dict[int, int] = {}

    def week(self, number: int) -> None:
        """The day of a session: the therapist comes in the morning and signs in."""
        self.number = number
        self.clinic.turn(FIRST + timedelta(days=7 * (number - 1)))
        with self.keys.counting("Signing in"):
            sign_in(self.keys, self.clinic, "Ana")

    def hold(self) -> None:
        with self.keys.counting("Looking ahead and beginning"):
            begin_session(self.keys, CALLED, self.number)

    def back(self) -> None:
        """To the session that is held, from wherever a form led."""
        with self.keys.counting("Back to the session"):
            self.keys.go(self.page.locator("main nav a", has_text=re.compile("^Sessions$")).first)
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(f"session {self.number} of")

    def sheet(self, letter: str) -> None:
        """Open a sheet of the session by its key; saving it leads back."""
        self.keys.key(letter)

    def task(self, page: str) -> None:
        """Open a page from the agenda of the session."""
        self.keys.go(self.page.locator(".agenda .tools a", has_text=page))

    def after(self, mood: int, *marked: str, known: tuple[str, ...] = (), step: str, last: str = "") -> None:
        """Write the card and sign the note; a card is counted by itself."""
        before = self.keys.taps
        with self.keys.counting("After cards"):
            write_card(self.keys, mood, *marked, known=known, step=step, last=last)
            sign_note(self.keys)
        self.cards[self.number] = self.keys.taps - before

    def on_paper(self, answers: str) -> None:
        """Type the questionnaire in that the client filled in on paper: a key for each answer, each of them counted."""
        with self.keys.counting("Questionnaires on paper"):
            self.task("PHQ-9 from paper")
            for key in answers:
                self.page.keyboard.press(key)
            self.keys.taps += len(answers)
            self.keys.button("Save PHQ-9")
        expect(self.page.get_by_text(re.compile(r"PHQ-9 was \d+ on")).first).to_be_visible()

    def on_the_phone(self, answers: str) -> None:
        """The client answers on the way to the session: taps of theirs, and none of the therapist's."""
        assert self.client is not None
        self.client.answers(answers, PHQ9)


def decided(course: Course, says: str, action: str = "none") -> None:
    """A decision point, with the client's own view."""
    keys = course.keys
    with keys.counting("Decisions"):
        keys.link("Write the decision")  # from the note that was just signed
        keys.field("The client says", says)
        keys.answer("action", action)
        keys.button("Write the decision")
    expect(course.page.get_by_text(says).first).to_be_visible()
