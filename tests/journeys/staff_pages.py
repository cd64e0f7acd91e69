"""Every page that a therapist has, by a name, with where it is found in a running clinic; a browser walks them.

An address of the address book that is neither here nor among those that only take something in is a red test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import APIRequestContext, Page

# A course that runs, one that has ended, one in a group: in the clinic of the journeys.
RUNNING, FINISHED, IN_A_GROUP = "C02", "C01", "C05-M7"
FACES = (
    "communication-analysis",
    "decision-analysis",
    "dispute-map",
    "role-transition",
    "grief-reconstruction",
    "isolation",
    "pattern-log",
    "role-play",
)
AGREED = (
    "consent",
    "intake",
    "safety",
    "medical",
    "alone",
    "recover",
    "timeline",
    "medication",
    "focus",
    "formulation",
)
PLAIN_SHEETS = ("interpersonal-inventory", "safety-plan", "phq-9", "relapse-plan", "between-session-step", "talk-about")

# Name of the page -> its address. {c} is a course that runs; what else stands in braces is looked up, see `lookups`.
PAGES: dict[str, str] = {
    "caseload": "/",
    "caseload of another week": "/?on=2025-10-27",
    "new client": "/courses/new/",
    "for a second person": "/sign-off/",
    "somebody stands in": "/leave/",
    "what is switched on": "/service/insight/",
    # the course
    "course story": "/courses/{c}/",
    "course story at its end": "/courses/{finished}/",
    "course story of a group member": "/courses/{member}/",
    "course story as it was": "/courses/{c}/?on=2025-11-03",
    "which treatment": "/courses/{c}/treatment/",
    "notes that remind the client": "/courses/{c}/reminders/",
    "another manual": "/courses/{c}/move/",
    "client's way in": "/courses/{c}/invite/",
    "who looked": "/courses/{c}/looks/",
    "safety plan": "/courses/{c}/safety/",
    "young people and caregivers": "/courses/{c}/young/",
    "consent of a young person": "/courses/{c}/agreed/young/",
    # the session
    "session": "/courses/{c}/sessions/{newest}/",
    "session before": "/courses/{c}/sessions/{before}/",
    "first session": "/courses/{c}/sessions/1/",
    "session of a group": "/courses/{member}/sessions/4/",
    "look ahead": "/courses/{c}/sessions/ahead/",
    "start a session": "/courses/{c}/sessions/new/",
    "nobody met": "/courses/{c}/sessions/missed/",
    "change a session": "/courses/{c}/meetings/{meeting}/amend/",
    "note": "/courses/{c}/meetings/{meeting}/note/",
    "note as text": "/courses/{c}/meetings/{meeting}/note.txt",
    "session by its id": "/courses/{c}/meetings/{meeting}/",
    # the first phase
    "agreed": "/courses/{c}/agreed/",
    **{f"agreed, {name}": f"/courses/{{c}}/agreed/{name}/" for name in (*AGREED, "contract", "goal")},
    "one goal": "/courses/{c}/agreed/goal/{goal}/",
    # people
    "people": "/courses/{c}/people/",
    "people of a finished course": "/courses/{finished}/people/",
    "add a person": "/courses/{c}/people/add/",
    "circle": "/courses/{c}/people/circle/",
    "ties": "/courses/{c}/people/ties/",
    "circles compared": "/courses/{c}/people/compare/",
    "person": "/courses/{c}/people/{person}/",
    "end with a person": "/courses/{c}/people/{person}/end/",
    # measures, care, insight
    "measures": "/courses/{c}/measures/",
    "papers": "/courses/{c}/measures/paper/",
    "paper": "/courses/{c}/measures/paper/phq-9/",
    "care": "/courses/{c}/care/",
    "medicine": "/courses/{c}/care/medicine/",
    "other care": "/courses/{c}/care/other/",
    "insight": "/courses/{c}/insight/",
    # flags, deciding, ending
    "flags": "/courses/{c}/flags/",
    "flag": "/courses/{c}/flags/{flag}/",
    "decision": "/courses/{c}/decisions/{point}/",
    "mid-point review": "/courses/{c}/review/",
    "ending": "/courses/{c}/ending/",
    "ending of a finished course": "/courses/{finished}/ending/",
    "gains letter": "/courses/{c}/ending/letter/",
    "keeping well": "/courses/{finished}/keeping-well/",
    "going on": "/courses/{c}/going-on/",
    "missed sessions": "/courses/{c}/missed/",
    "handing over": "/courses/{c}/handing-over/",
    # sheets
    **{f"sheet, {form}": f"/courses/{{c}}/fill/{form}/" for form in (*FACES, *PLAIN_SHEETS)},
    "sheet, question by question": "/courses/{c}/fill/communication-analysis/?plain=1",
    "sheet, a talk to begin with": "/courses/{c}/fill/communication-analysis/?replaces={talk}",
    "entry, a talk": "/courses/{c}/entries/{talk}/",
    "entry, circle": "/courses/{c}/entries/{drawn}/",
    # the shelf
    "forms": "/forms/",
    "form": "/forms/phq-9/",
    "form whose words are not here": "/forms/wsas/",
    "lessons": "/lessons/",
    "lesson": "/lessons/reading-faces-and-postures/",
    "manuals": "/manuals/",
    "manual": "/manuals/ipt-classic/",
    "components": "/ui/",
    # around
    "signing in": "/sign-in/",
    "looking around": "/sign-in/demo",
    "your own sign-in": "/sign-in/yours/",
    "where you are signed in": "/sign-in/yours/places/",
    "nothing here": "/nope",
    "refused": "/?on=tomorrow",
}
# What only takes something in: it has no page of its own.
TAKES_ONLY = {
    "courses/<slug:course_id>/insight/give/",
    "courses/<slug:course_id>/insight/take-back/",
    "courses/<slug:course_id>/fill/<slug:form_id>/draft",
    "courses/<slug:course_id>/flags/<slug:flag_id>/draft/",
    "courses/<slug:course_id>/flags/<slug:flag_id>/outcome/",
    "courses/<slug:course_id>/flags/<slug:flag_id>/hand-over/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/after/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/draft/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/drop/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/note/draft/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/note/drop/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/note/sign/",
    "courses/<slug:course_id>/meetings/<slug:session_id>/note/add/",
}

# What stands there only while something waits or was just asked for: a scene below, or a journey of its own.
OF_A_MOMENT = {"find/", "courses/<slug:course_id>/sign-off/<uuid:decision_id>/"}


@dataclass(frozen=True)
class Site:
    """A running clinic in which somebody is signed in."""

    address: str
    ask: APIRequestContext
    course: str = RUNNING
    finished: str = FINISHED
    member: str = IN_A_GROUP

    def read(self, path: str) -> str:
        """The page at a path, as it was sent."""
        return self.ask.get(self.address + path).text()

    def links(self, path: str, pattern: str) -> list[str]:
        """What a pattern catches in the links of a page, first to last."""
        return list(dict.fromkeys(re.findall(rf'href="[^"]*{pattern}', self.read(path))))


def places(site: Site) -> dict[str, str]:
    """Where every page is found in this clinic; one that is found nowhere is left out."""
    known = lookups(site)
    return {
        name: path.format(**known)
        for name, path in PAGES.items()
        if all(known.get(need) for need in re.findall(r"{(\w+)}", path))
    }


def lookups(site: Site) -> dict[str, str]:
    """What stands in addresses and differs from clinic to clinic."""
    story = f"/courses/{site.course}/"
    numbers = site.links(story, r"/sessions/(\d+)/")
    newest = max(map(int, numbers), default=1)
    session = f"{story}sessions/{newest}/"
    return {
        "c": site.course,
        "finished": site.finished,
        "member": site.member,
        "newest": str(newest),
        "before": str(max(newest - 1, 1)),
        "meeting": _first(site.links(session, r"/meetings/([^/]+)/note/")),
        "goal": _first(site.links(f"{story}agreed/", r"/agreed/goal/([^/\"]+)/")),
        "person": _first(one for one in site.links(f"{story}people/", r"/people/(P[^/\"]+)/")),
        "flag": _first(reversed(site.links(f"{story}flags/", r"/flags/([^/\"]+)/"))),
        "point": _first(site.links(story, r"/decisions/([^/\"]+)/")) or "DP4",
        "talk": _sheet(site, story, "Communication analysis"),
        "drawn": _sheet(site, story, "Closeness circle"),
    }


def _sheet(site: Site, story: str, title: str) -> str:
    """The newest entry of a form that the course story names by this title."""
    found = re.findall(rf'/entries/([^/"]+)/">\s*{re.escape(title)}', site.read(story))
    return found[-1] if found else ""


def _first(found: object) -> str:
    return next(iter(found), "")  # type: ignore[call-overload]


# ---- states of a page that one does not reach by an address alone

Scene = Callable[[Page, Site], None]


def refused_sheet(page: Page, site: Site) -> None:
    """422: a sheet that cannot be taken as it is; what was typed stays."""
    page.goto(f"{site.address}/courses/{site.course}/fill/phq-9/?fresh=1")
    page.get_by_text("Only the total is known").click()
    page.locator("#total").fill("99")
    page.get_by_role("button", name="Save the total").click()
    page.get_by_role("alert").wait_for()


def refused_client(page: Page, site: Site) -> None:
    """422: a client without a name, on a day that is none."""
    page.goto(f"{site.address}/courses/new/")
    page.get_by_label("Age", exact=True).fill("three")
    page.get_by_role("button", name="Go on: is it the right one?").click()
    page.get_by_role("alert").wait_for()


def found_by_name(page: Page, site: Site) -> None:
    """A client looked for by part of a name."""
    page.goto(f"{site.address}/")
    page.get_by_label("Find a client by part of the name").fill("mat")
    page.get_by_role("button", name="Find the client").click()
    page.get_by_role("heading", name="Find a client").wait_for()


def kept_both(page: Page, site: Site) -> None:
    """409: the same sheet handed in twice with different answers; both stand on the page."""
    address = f"{site.address}/courses/{site.course}/fill/phq-9/?fresh=1"
    page.goto(address)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content()))
    answers = {f"q{n}": "1" for n in range(1, 9)} | {"q9": "0", "_do": "save"}
    site.ask.post(address, form={**fields, **answers}, headers={"Referer": address})
    for n in range(1, 9):
        page.locator(f'input[name="q{n}"][value="2"]').check(force=True)
    page.locator('input[name="q9"][value="0"]').check(force=True)
    page.get_by_role("button", name="Save to the record").click()
    page.get_by_role("alert").wait_for()


def turned_sheet(page: Page, site: Site) -> None:
    """A sheet turned to the client: the sheet, and nothing else of the record."""
    page.goto(f"{site.address}/courses/{site.course}/fill/communication-analysis/?fresh=1")
    page.get_by_role("button", name="Turn it to the client").click()
    page.locator("body.client").wait_for()


def signed_out_sheet(page: Page, site: Site) -> None:
    """The sign-in ran out while somebody typed."""
    page.goto(f"{site.address}/courses/{site.course}/fill/pattern-log/?fresh=1")
    page.context.clear_cookies(name="openipt")
    page.get_by_role("button", name="Save to the record").click()
    page.get_by_role("heading", name="sign in").wait_for()


def begin_course(page: Page, site: Site) -> str:
    """Begin a course and return its label; the page shows its story."""
    page.goto(f"{site.address}/courses/new/")
    page.get_by_label("What shall the client be called here?").fill("Robin")
    page.get_by_label("Age", exact=True).fill("34")
    page.locator('input[name="manual"][value="ipt-classic"]').check()
    page.get_by_role("button", name="Go on: is it the right one?").click()
    page.get_by_role("button", name="Begin the course").click()
    page.wait_for_url("**/courses/*/")
    return page.url.split("/courses/")[1].split("/")[0]


SCENES: dict[str, Scene] = {
    "422, a sheet": refused_sheet,
    "422, a new client": refused_client,
    "found by name": found_by_name,
    "409, both kept": kept_both,
    "turned sheet": turned_sheet,
}
AT_LAST: dict[str, Scene] = {"sign in again": signed_out_sheet}  # nobody is signed in afterwards
OF_AN_EMPTY_COURSE = ("", "agreed/", "people/", "people/circle/", "measures/", "care/", "safety/", "ending/", "flags/")
ON_PAPER = ("note", "safety plan", "keeping well", "entry, a talk")
