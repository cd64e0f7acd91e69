"""The sheets of a session: which can be opened by a key, which were filled in, and the way back from each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from openipt.rooms.filling.called import field_name
from openipt.rooms.filling.face import WayBack
from openipt.rooms.filling.things import BEGINS
from openipt.rooms.workspace.risk.talked import back_to_flag
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual, sheets_of
from openipt.therapy.record import Entry, Record, Session, focus
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import catalogue

if TYPE_CHECKING:
    from openipt.rooms.workspace.courses import Course

# A key stays with its sheet in every course: hands remember places, not lists.
KEYS = {
    "communication-analysis": "c",
    "decision-analysis": "d",
    "role-play": "r",
    "dispute-map": "m",
    "role-transition": "t",
    "grief-reconstruction": "g",
    "isolation": "i",
    "pattern-log": "l",
    "emotion-identification": "e",
    "active-listening": "a",
    "goals-and-boundaries": "b",
    "support-plan": "s",
    "interpersonal-inventory": "p",
    "timeline": "v",
}
# Sheets made for the work on one area; a manual may use one in other areas too. Any other sheet is of no area.
OF_AREA = {
    "dispute-map": "PA_DISPUTE",
    "role-transition": "PA_TRANSITION",
    "grief-reconstruction": "PA_GRIEF",
    "isolation": "PA_DEFICIT",
}
_ANY = "any-form"  # asked of the resolver once, not once a sheet
# What the page of a session tells in other places.
ELSEWHERE = ("session-record", "session-note", "session-sheet", "between-session-step")


@dataclass(frozen=True, slots=True)
class Keyed:
    """A sheet that a key opens. `elsewhere`: it was made for an area that is not in focus."""

    form: str
    title: str
    key: str
    address: str
    elsewhere: bool = False


def address_of_session(course: str, session: Session) -> str:
    """Return where a session stands: under its number, or under its label where it has none."""
    if session.number:
        return reverse("session", args=[course, session.number])
    return reverse("meeting", args=[course, session.id])


def of_session(form: str, session: str) -> str:
    """Return what the address of a sheet says of the session it is opened in, and comes back to.

    A person, an event, a goal is what its own sheet is about; any other sheet is about the session.
    """
    return f"back={session}" if form in BEGINS else f"session={session}&back={session}"


def keyed(course: Course, session: Session) -> tuple[Keyed, ...]:
    """Return the sheets that a key opens in this course: none that its manual leaves out."""
    folders = vocabulary()["worksheet_aliases"]
    place = reverse("fill", args=[course.id, _ANY])
    left_out = {folders[code] for code in course.manual.forbid if code in folders}
    others = sheets_of_other_areas(course.manual, focus(course.record))
    return tuple(
        Keyed(form, _name(form), key, f"{place.replace(_ANY, form)}?{of_session(form, session.id)}", form in others)
        for form, key in KEYS.items()
        if form not in left_out
    )


def sheets_of_other_areas(manual: Manual, areas: tuple[str, ...]) -> frozenset[str]:
    """Return the sheets made for areas that are not in focus; none before a focus is chosen.

    A sheet that a step of an area in focus uses is of that area too, whatever it was made for.
    """
    if not areas:
        return frozenset()
    folders = vocabulary()["worksheet_aliases"]
    steps = [step for area in areas if (found := manual.area(area)) for step in found.steps]
    used = {folders.get(code) for step in steps for code in sheets_of(manual, step)}
    return frozenset(form for form, area in OF_AREA.items() if area not in areas and form not in used)


def _name(form: str) -> str:
    return field_name(open_form(form))


def way_back(course: str, record: Record, session: str | None) -> WayBack | None:
    """Return the way back to a session that an address names; None where the course has none of that label."""
    found = next((one for one in record.sessions if one.id == session), None) if session else None
    if found is None:
        return back_to_flag(course, record, session)
    words = f"Back to session {found.number}" if found.number else "Back to the session"
    address = address_of_session(course, found)
    return WayBack(address, words, found.id, onward=f"{address}#h-after", onward_words="Go on to After the session")


def filled_in(record: Record, session: Session) -> tuple[tuple[str, Entry], ...]:
    """Return the sheets of a session under their titles: those about it, those of its day, and what was made of them.

    A sheet that a newer one replaced, or that was taken back, is not among them.
    """
    replaced = {one.replaces for one in record.entries if one.replaces and not one.retracted_at}
    standing = [one for one in record.entries if one.id not in replaced and not one.retracted_at]
    told = [one for one in standing if one.kind == "answers" and one.form not in ELSEWHERE]
    here = {one.id for one in told if one.about == session.id}
    shown = [one for one in told if one.id in here or one.about in here or one.happened_at.date() == session.day]
    return tuple((_title(one), one) for one in _in_order(shown))


def _in_order(entries: list[Entry]) -> Iterator[Entry]:
    yield from sorted(entries, key=lambda one: (one.recorded_at, one.id))


def _title(entry: Entry) -> str:
    title = field_name(open_form(entry.form))
    said = {
        "interpersonal-inventory": entry.answers.get("alias"),
        "timeline": entry.answers.get("text") or _level(entry),
        "pattern-log": entry.answers.get("trigger"),
        "goals-and-boundaries": entry.answers.get("statement"),
    }.get(entry.form)
    return f"{title}: {str(said)[:60]}" if said else title


def _level(entry: Entry) -> str:
    """Say of which time an entry of the timeline tells how bad it was."""
    when, is_level = entry.answers.get("date"), entry.answers.get("mark") == "symptom_level"
    return f"how bad it was, {catalogue().as_far_as_known(when)}" if is_level and when else ""
