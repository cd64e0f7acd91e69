"""A new client through sixteen sessions to a signed ending, by the keyboard alone, with every tap counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from a_course_by_keys import CALLED, FIRST, Course, decided
from client_at_home import ClientAtHome
from playwright.sync_api import expect
from walking import Keys, a_clinic, a_desk, sign_in
from weeks_to_the_ending import a_week_of_ending, eleventh_week, last_week, ninth_week, tenth_week, twelfth_week

pytestmark = [pytest.mark.long_journey, pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

MOST_ON_A_CARD = 16  # CLINICAL-RULES 4: a routine After card
MOST_IN_TEN = 300  # the first ten sessions of a course


def first_week(course: Course) -> None:
    """A client comes: is it the right treatment, consent, intake, the check that is asked alone, a first score."""
    keys, page = course.keys, course.page
    course.week(1)
    with keys.counting("Beginning the course"):
        keys.link("New client")
        keys.field("What shall the client be called here?", CALLED)
        keys.field("Age", "34", exact=True)
        keys.answer("manual", "ipt-classic")
        keys.button("Go on")
        keys.answer("rule_anxiety", "yes")
        keys.button("Begin the course")
        expect(page.get_by_role("alert")).to_contain_text("another treatment is the first choice")
        keys.mark(page.locator("input[name=told_elsewhere]"))
        keys.field("Why this treatment", "I want to talk about us, not about my fears.")
        keys.button("Begin the course")
    expect(page.get_by_role("heading", level=1)).to_have_text(CALLED)
    keys.button("Begin session 1 now")
    with keys.counting("First phase"):
        course.task("Consent")
        keys.answer("treatment", "yes")
        keys.button("Save the consent")
        expect(page.get_by_role("heading", level=1)).to_have_text("Intake")  # what comes next opens by itself
        keys.field("Diagnosis", "Depression")
        keys.button("Save the intake")
        asked_alone(course)
    course.on_paper("2222221112")
    flagged(course)
    course.back()
    course.after(3, "INI.01", "INI.02", "INI.03", known=("INI.14",), step="Ring Rui on Sunday")
    settled_by_the_colleague(course)


def asked_alone(course: Course) -> None:
    """Violence and coercion, asked with nobody else there; saved, it leads back to the session."""
    course.task("Violence")
    course.keys.answer("asked_alone", "yes")
    course.keys.answer("about", "all_current")
    course.keys.answer("result", "none")
    course.keys.answer("safe_to_raise", "yes")
    course.keys.button("Save what was said")


def flagged(course: Course) -> None:
    """The answer on item 9 asks for a person: it is handed to a colleague, who asks and settles it."""
    keys, page = course.keys, course.page
    with keys.counting("The flag"):
        keys.link("Write the outcome")
        expect(page.get_by_text("Yours", exact=True)).to_be_visible()
        keys.link("Hand it to a colleague")
        keys.chip("Bea")
        keys.field(
            "What was done so far, and what you ask for",
            "Asked aloud, no plan. I am out until Thursday: please ring on Wednesday.",
        )
        keys.button("Hand it over")
        expect(page.locator("dl")).to_contain_text("Whose task")
        expect(page.get_by_role("definition").filter(has_text="Bea")).to_be_visible()


def settled_by_the_colleague(course: Course) -> None:
    """Two days later the colleague rings, and writes what was said: the flag is closed, with words, by a person."""
    course.clinic.turn(FIRST + timedelta(days=2))
    context = a_desk(course.page.context.browser)
    hers = Keys(context.new_page())
    hers.looks.seen = course.keys.looks.seen
    sign_in(hers, course.clinic, "Bea")
    hers.link(f"Write the outcome for {CALLED}")
    hers.field("What was said, and what was done", "Rang. Thoughts in the evening, no plan; knows the numbers.")
    hers.answer("what", "closed")
    hers.name("no_conversation", "Asked on the telephone, alone, as on the sheet; she is with her sister until Monday.")
    hers.button("Write it down")
    expect(hers.page.get_by_role("heading", level=1)).to_have_text(f"{CALLED}: an answer that asked for a person")
    expect(hers.page.get_by_text("Thoughts in the evening, no plan")).to_be_visible()
    context.close()


def second_week(course: Course) -> None:
    """Life beside the low mood: what happened, who is there, and where they stand; and how to reach the client."""
    keys, page = course.keys, course.page
    course.week(2)
    course.hold()
    course.on_paper("2222221102")
    with keys.counting("First phase"):
        course.task("Timeline")
        on_the_timeline(course, "The project was refused, nothing said", "2025", "dispute")
        on_the_timeline(course, "Mother moved in", "2025", "family")
        keys.link("People", exact=True)
        for name, relation, ring in (("Lena", "Partner", "In touch"), ("Rui", "Friend", "Far")):
            keys.field("What shall we call this person?", name)
            keys.chip(relation, ".adding")
            keys.button(ring)
            expect(page.get_by_text(f"{name} is in the record and on the circle.")).to_be_visible()
        on_the_circle(course)
    with keys.counting("The client’s way in"):
        a_way_in(course)
    course.back()
    course.after(4, known=("INI.06", "INI.07", "INI.08"), step="Ask Lena for an hour", last="done")


def a_way_in(course: Course) -> None:
    """How to reach the client safely is asked first; then the slip is made, and handed over."""
    keys, page = course.keys, course.page
    keys.link("Client’s way in")
    keys.link("Ask how to reach them")
    keys.answer("phone_shared", "only_me")
    keys.answer("way", "phone")
    keys.answer("channels", "in_person")
    keys.button("Save")
    keys.button("Make the slip")
    name, code = page.locator("dd.big").all_inner_texts()
    course.client = ClientAtHome(page.context.browser, course.clinic.address, (name, code))


def on_the_timeline(course: Course, what: str, year: str, kind: str) -> None:
    course.keys.field("What happened?", what)
    course.keys.field("Year", year)
    course.keys.choose(course.page.get_by_label("What kind of thing?"), kind)
    course.keys.button("Put it on the timeline")


def on_the_circle(course: Course) -> None:
    """By keys: Lena nearer, and where she is wished."""
    keys, page = course.keys, course.page
    keys.link("Move people on the circle")
    keys.to(page.get_by_role("slider", name="Lena"))
    keys.way("ArrowUp")
    expect(page.locator("[data-say]")).to_have_text("Lena: close, ring 2 of 4.")
    keys.taps += 1
    keys.button("Save the circle")


def third_week(course: Course) -> None:
    """What to work on, said in the client's words, and agreed on one card: one page leads to the next."""
    keys, page = course.keys, course.page
    course.week(3)
    course.hold()
    with keys.counting("First phase"):
        course.task("Choosing the focus")
        expect(page.locator(".area input:checked")).to_have_count(0)
        keys.answer("_role_PA_DISPUTE", "primary")
        keys.answer("_role_PA_TRANSITION", "runner_up")
        keys.field("Why this focus, in words", "What hurts most, and nearest to the beginning")
        keys.button("Save the focus")
        keys.field("Name of the condition", "Depression")
        keys.field("What we said, to the client", "It goes along with a quarrel that nobody speaks of.")
        keys.answer("client_fit", "8")
        keys.field("In the client's words", "It is a fight nobody is having.")
        keys.button("Save the formulation")
        keys.answer("agreed_how", "spoken")
        keys.button("Save the agreement")
        keys.answer("scope", "self")
        keys.field("What would we see you do?", "Say what the project meant")
        keys.answer("baseline", "0")
        keys.answer("target", "8")
        keys.button("Save the goal")
    done = ("INI.09", "INI.10", "INI.11", "INI.12")
    course.after(4, known=done, step="Tell Lena about Tuesday", last="tried")


# ---- the middle ----


def fourth_week(course: Course) -> None:
    course.week(4)
    course.on_the_phone("2221111102")
    course.hold()
    with course.keys.counting("Worksheets"):
        the_dispute(course)
    course.after(5, step="Ask Lena when, not whether", last="done")
    decided(course, "It is a little lighter. I want to go on.")


def the_dispute(course: Course) -> None:
    course.sheet("m")
    course.keys.name("issue_one_line", "Nobody says what the project meant")
    course.keys.name("expectations_mine.0.text", "That she asks how it went")
    course.keys.answer("stage", "impasse")
    course.keys.button("Save to the record")


def fifth_week(course: Course) -> None:
    keys, page = course.keys, course.page
    course.week(5)
    course.hold()
    with keys.counting("Worksheets"):
        course.sheet("c")
        keys.answer("lines.0.speaker", "me")
        keys.name("lines.0.said", "You would have said no.")
        page.keyboard.press("Enter")
        page.keyboard.type("Ask me, then.")
        keys.taps += 1
        keys.name("rewrite.1.said", "I was afraid, so I did not ask.")
        keys.button("Save to the record")
        asked_alone(course)
    course.after(5, step="Say the sentence to Lena", last="tried")


def sixth_week(course: Course) -> None:
    keys = course.keys
    course.week(6)
    course.on_the_phone("1122111101")
    course.hold()
    with keys.counting("Worksheets"):
        course.sheet("d")
        keys.name("problem", "When to speak with Lena")
        keys.name("options.0.text", "On Saturday, walking")
        keys.name("options.1.text", "By letter")
        keys.button("Save to the record")
    course.after(5, step="Walk with Lena on Saturday", last="done")


def seventh_week(course: Course) -> None:
    keys = course.keys
    course.week(7)
    course.hold()
    with keys.counting("Worksheets"):
        course.sheet("e")
        keys.name("event", "Lena asked, and listened")
        keys.name("words.0.word", "relieved")
        keys.button("Save to the record")
    course.after(6, step="Tell Rui, too", last="done")


def eighth_week(course: Course) -> None:
    """Half-way: look back, decide, and change the focus, whose history stays."""
    keys = course.keys
    course.week(8)
    course.on_the_phone("1111111101")
    course.hold()
    with keys.counting("Review and change of focus"):
        course.task("Look back together")
        keys.field("The client says", "We talk again. Now it is the work that is gone.")
        keys.answer("focus_fits", "no")
        keys.field("If not: what about it changes", "The quarrel is settled; the lost work is not.")
        keys.button("Write the review")  # the focus fits no more: the page of the focus comes next
        keys.answer("_role_PA_DISPUTE", "none")
        keys.answer("_role_PA_TRANSITION", "primary")
        keys.field("Why the focus was changed", "The quarrel is settled; what is left is the lost work.")
        keys.button("Save the focus")
        keys.answer("client_fit", "9")
        keys.button("Save the formulation")
    course.after(6, known=("MID.10",), step="Look at the old desk once more", last="done")
    decided(course, "It helps. I know now what it is about.")


WEEKS = [
    first_week,
    second_week,
    third_week,
    fourth_week,
    fifth_week,
    sixth_week,
    seventh_week,
    eighth_week,
    ninth_week,
    tenth_week,
    eleventh_week,
    twelfth_week,
    *(a_week_of_ending(number) for number in (13, 14, 15)),
    last_week,
]


def test_sixteen_sessions_by_the_keyboard_alone(browser, tmp_path):
    with a_clinic(tmp_path, FIRST) as clinic:
        context = a_desk(browser)
        course = Course(clinic, Keys(context.new_page()))
        for week in WEEKS[:10]:
            week(course)
        of_ten, opened = course.keys.taps, course.keys.opened
        for week in WEEKS[10:]:
            week(course)
        tell(course, of_ten, opened)
        assert max(course.cards.values()) <= MOST_ON_A_CARD, course.cards
        assert of_ten <= MOST_IN_TEN, course.keys.counted
        the_caseload_says_how_it_ended(course)
        context.close()


def tell(course: Course, of_ten: int, opened: int) -> None:
    """Print the figures: `pytest -s` shows them."""
    keys = course.keys
    print(f"\nTaps of the first ten sessions: {of_ten} (at most {MOST_IN_TEN}); of all sixteen: {keys.taps}")
    print(f"Among them: {opened} pages of the first ten opened, each by a link, a button or a key")
    print(f"Not among them: {course.client.taps if course.client else 0} answers of the client on their own phone")
    print(f"After cards, saving and signing included: {course.cards}")
    print(f"Tabs and arrows on the way, all sixteen: {keys.ways}")
    for what, (taps, ways) in keys.counted.items():
        print(f"  {what}: {taps} taps, {ways} Tabs and arrows")


def the_caseload_says_how_it_ended(course: Course) -> None:
    keys, page = course.keys, course.page
    keys.link("Caseload")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=CALLED, exact=True))
    expect(row).to_contain_text("Nothing is due.")
    expect(row).to_contain_text("PHQ-9 went from 15 to 2, in the remission range.")
    expect(row).to_contain_text("Last: session 16, today")
    keys.link(CALLED, exact=True)
    expect(page.get_by_text("15 December 2025").first).to_be_visible()
    expect(page.get_by_text("Unsigned note")).to_have_count(0)
    keys.link("Agreed", exact=True)
    expect(page.locator(".focuses > li")).to_have_count(2)
    expect(page.locator(".focuses > li.before")).to_contain_text("dispute")
