"""Which page each task of an agenda leads to: a sheet's own short page where there is one, else the sheet itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from openipt.rooms.filling.called import field_name
from openipt.rooms.workspace.agreeing.steps import STEPS
from openipt.rooms.workspace.sheets.beside_session import of_session
from openipt.rooms.workspace.standing_in import COURSE, SESSION
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual, sheets_of
from openipt.therapy.shelf import added
from openipt.therapy.vocabulary import vocabulary

# The page of a form that has one of its own; the plain sheet of each stays under its own address.
OWN_PAGES = {
    "consent": "agreed-consent",
    "intake": "agreed-intake",
    "safety-conversation": "agreed-safety",
    "medical-review": "agreed-medical",
    "violence-check": "agreed-alone",
    "time-to-recover": "agreed-recover",
    "timeline": "agreed-timeline",
    "formulation": "agreed-formulation",
    "contract": "agreed-contract",
    "interpersonal-inventory": "people",
    "closeness-circle": "circle",
    "ties": "ties",
}
GOALS = "goals-and-boundaries"
TITLES = {"people": "People of this life", "circle": "The circle", "ties": "Lines between people"}
# What a task needs besides the sheets that the vocabulary gives it: the name of the page, what it says.
FIRST_OF_TASK = {
    "INI.14": ("agreed-consent", STEPS["consent"].title),
    "INI.02": ("agreed-intake", STEPS["intake"].title),
    "INI.09": ("agreed-focus", STEPS["focus"].title),
    "MID.10": ("review", "Look back together"),
    "END.09": ("ending", "The ending"),
}
OF_TASK = "of_task"  # in the address of a sheet: the task it was opened from
SCORED = ("INI.02", "MID.02")  # a questionnaire is looked at together: the outcome measure can be typed from paper


@dataclass(frozen=True, slots=True)
class Opens:
    """A page that a task leads to. `form`: the sheet of the shelf that whoever may not write is shown instead."""

    title: str
    address: str
    form: str = ""


def pages_of(manual: Manual, task: str, *, in_session: bool = False, measure: str = "") -> tuple[Opens, ...]:
    """Return the pages that a task leads to, its own first; `COURSE` and `SESSION` stand in their addresses.

    Args:
        manual: The manual.
        task: The task.
        in_session: It is done in a session, and leads back there; else one only looks ahead.
        measure: The form of the outcome measure.
    """
    return _pages(added(), task, sheets_of(manual, task), SESSION if in_session else "", measure)


@lru_cache(maxsize=2048)  # the same in every course; an agenda has thirty
def _pages(_shelves: str, task: str, sheets: tuple[str, ...], session: str, measure: str) -> tuple[Opens, ...]:
    return tuple(_led_to(task, sheets, session, measure))


def _led_to(task: str, sheets: tuple[str, ...], session: str, measure: str) -> Iterator[Opens]:
    if task in FIRST_OF_TASK:
        page, title = FIRST_OF_TASK[task]
        yield Opens(title, _address(page, session))
    if task in SCORED and measure:
        name = open_form(measure).name
        yield Opens(f"{name} from paper", _address("paper-sheet", session, measure), measure)
    folders = vocabulary()["worksheet_aliases"]
    for code in sheets:
        if code in folders:
            yield _of_form(folders[code], task, session)


def _of_form(form: str, task: str, session: str) -> Opens:
    title = field_name(open_form(form))
    if form == GOALS:  # at first a goal is found; from then on those that stand are looked at
        found = _address("agreed-goal", session)
        return Opens(title, found if task == "INI.12" else f"{reverse('agreed', args=[COURSE])}#goal", form)
    if page := OWN_PAGES.get(form):
        return Opens(TITLES.get(page, title), _address(page, session), form)
    address = _address("fill", session, form)
    return Opens(title, f"{address}&{OF_TASK}={task}" if session else address, form)


def _address(page: str, session: str, *more: str) -> str:
    """Return where a page stands; opened in a session it is about that, and leads back there."""
    step = STEPS.get(page.removeprefix("agreed-"))
    form = more[0] if page == "fill" else step.form if step else ""
    asked = of_session(form, session) if form else f"back={session}"
    return reverse(page, args=[COURSE, *more]) + (f"?{asked}" if session else "")
