"""The second half of a course by the keyboard alone: the focus was changed, and it comes to its ending."""

from __future__ import annotations

import re
from collections.abc import Callable

from a_course_by_keys import Course, decided
from playwright.sync_api import expect


def ninth_week(course: Course) -> None:
    keys = course.keys
    course.week(9)
    course.hold()
    with keys.counting("Worksheets"):
        course.sheet("t")
        keys.name("change_name", "No longer the one who leads")
        keys.name("old_role.good.0.text", "Everybody came to my desk")
        keys.name("new_role.good.0.text", "Evenings at home")
        keys.button("Save to the record")
    course.after(6, step="Have lunch with Rui", last="tried")


def tenth_week(course: Course) -> None:
    keys = course.keys
    course.week(10)
    course.on_the_phone("1111110001")
    course.hold()
    with keys.counting("Worksheets"):
        course.sheet("s")
        keys.name("supports.0.need", "Somebody to think aloud with")
        keys.button("Save to the record")
    course.after(7, step="Ask Rui for Thursdays", last="done")


def eleventh_week(course: Course) -> None:
    keys = course.keys
    course.week(11)
    course.hold()
    course.sheet("r")
    keys.name("situation", "Asking for the other task")
    keys.name("my_message", "I would like to take on the training.")
    keys.button("Save to the record")
    course.after(7, step="Ask for the training", last="done")


def twelfth_week(course: Course) -> None:
    course.week(12)
    course.on_the_phone("1111100001")
    course.hold()
    course.after(7, step="Begin the training", last="done")
    decided(course, "Four more, and then I try it alone.")


# ---- the ending ----


def a_week_of_ending(number: int) -> Callable[[Course], None]:
    def week(course: Course) -> None:
        course.week(number)
        if number == 14:
            course.on_the_phone("1110000001")
        course.hold()
        course.after(7, step=f"One evening for myself, week {number}", last="done")

    return week


def last_week(course: Course) -> None:
    """What was gained, what to watch for, when to look again; the note is signed and the course closed."""
    keys, page = course.keys, course.page
    course.week(16)
    course.on_the_phone("1100000000")
    course.hold()
    course.after(8, "END.08", "END.09", step="", last="done")
    decided(course, "I can do this by myself, and I know where you are.", "check_ins")
    keys.link("End the course")
    keys.go(page.get_by_role("link", name=re.compile("^Proper ending|^Finished|finished", re.IGNORECASE)))
    keys.mark(page.locator("input[name^=feels_]"))
    keys.field("What is different now", "I say what I need, and Lena asks.")
    keys.field("Own warning signs", "Leaving messages unread")
    keys.field("What worked", "Walking while we talk")
    keys.mark(page.locator("input[name=sadness_named]"))
    keys.mark(page.locator("input[name=way_back_named]"))
    keys.mark(page.locator("input[name=keep_1]"))
    keys.mark(page.locator("input[name=keep_3]"))
    keys.field("What comes next", "A look after one month and after three")
    keys.button("Write the ending")
    expect(page.locator("p.lead")).to_contain_text("15 December 2025")
    keys.link("Draft the letter")
    expect(page.get_by_label("The letter", exact=True)).to_contain_text("I say what I need")
    keys.link("Back to the ending")
    keys.link("Print the plan for keeping well")
    expect(page.get_by_text("Leaving messages unread")).to_be_visible()
