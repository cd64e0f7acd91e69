"""Which worksheets stand on the client's shelf: what is begun, what suits this point of the course, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.own import Own
from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.course import agenda
from openipt.therapy.forms import Form, open_form, open_forms
from openipt.therapy.manuals import Manual, open_task, sheets_of
from openipt.therapy.vocabulary import vocabulary

# Each of these has a page of its own in the client's room, or belongs to one.
OWN_PAGES = frozenset(
    {
        "appointment-answer",
        "between-session-step",
        "check-in",
        "closeness-circle",
        "goals-and-boundaries",
        "interpersonal-inventory",
        "lesson-read",
        "mood-diary",
        "portal-pause",
        "reminders",
        "safe-contact",
        "safety-plan",  # made with the therapist, and shown under Help
        "talk-about",
        "tell-therapist",
        "ties",
        "timeline",
        "way-back",
        "went-well",
    }
)
# These prepare words for somebody, or rest on what was agreed: looked at together first.
WITH_THERAPIST = frozenset({"assertive-message", "rhythm-diary", "role-play", "time-to-recover", "use-and-people"})
TALK = "communication-analysis"
STEP = "between-session-step"
PARTS = (
    ("Feelings", ("emotion-identification", "overwhelm-signs", "reminder-plan", "calm-practice")),
    ("Talking and listening", (TALK, "active-listening", "assertive-message", "role-play", "nonverbal-practice")),
    ("Finding a way", ("decision-analysis", "support-plan", "roles-card", "pattern-log")),
    ("Looking after myself", ("self-care", "relapse-plan", "rhythm-diary", "time-to-recover", "use-and-people")),
)
MORE = "More"


@dataclass(frozen=True, slots=True)
class Offer:
    """One sheet on the shelf."""

    key: str
    form: Form
    begun: bool = False
    times: int = 0  # how often it was sent

    @property
    def long(self) -> str:
        """How long it takes, in words."""
        minutes = max(1, round(self.form.minutes or 5))
        return "One minute" if minutes == 1 else f"About {minutes} minutes"


@cache
def keys() -> Mapping[str, str]:
    """Return the worksheets that a client can fill in, by what stands for them in an address."""
    found = (one for one in open_forms() if one.kind == "worksheet" and "client" in one.filled_by and one.may_ship)
    return {key_of(one.id): one.id for one in found if one.id not in OWN_PAGES}


def suits_now(own: Own) -> tuple[str, ...]:
    """Return the sheets of what the manual offers for the next session, and those an open step names.

    A task that raises a hard talk is never among them: the therapist gives its sheet, or nobody does.
    """
    manual = manual_of(own.known)
    tasks = [item.task for item in agenda(manual, own.known, own.today).offered] if not own.ended else []
    offered = _forms(manual, (task for task in tasks if not open_task(task).raises_conflict))
    can = set(keys().values())
    return tuple(name for name in dict.fromkeys([*given(own), *offered]) if name in can)


def given(own: Own) -> Iterator[str]:
    """Yield the sheets that the newest steps name: the therapist and the client agreed on them."""
    by_words = {word: one.id for one in open_forms() for word in (one.id, one.title.lower(), one.name.lower())}
    for thing in reversed(own.record.steps[-3:]):
        named = str(own.record.says(STEP, thing.id).get("sheet") or "").strip().lower()
        if named in by_words:
            yield by_words[named]


def _forms(manual: Manual, tasks: Iterable[str]) -> list[str]:
    folders = vocabulary()["worksheet_aliases"]
    return [folders[code] for task in tasks for code in sheets_of(manual, task) if code in folders]


def of_areas(manual: Manual) -> frozenset[str]:
    """Return the sheets that serve the steps of problem areas and nothing else: the therapist begins with them."""
    steps = {task for area in manual.areas for task in area.steps}
    others = {offer.task for offer in manual.offers} - steps
    return frozenset(_forms(manual, steps)) - frozenset(_forms(manual, others))


def may_open(own: Own, name: str) -> bool:
    """Whether a sheet can be opened here: it waits for nothing, suits now, or was worked on before.

    Args:
        own: Whose course.
        name: The form.
    """
    waits = name in WITH_THERAPIST or name in of_areas(manual_of(own.known))
    return not waits or bool(own.record.of(name)) or name in suits_now(own)


def shelf(own: Own, begun: Iterable[str]) -> dict[str, Any]:
    """Lay the shelf out: what is begun, what suits now, and all that can be opened, part by part.

    Args:
        own: Whose course.
        begun: The forms that wait unsent.
    """
    waiting = [name for name in dict.fromkeys(begun) if name in set(keys().values())]
    now = suits_now(own)
    away = (WITH_THERAPIST | of_areas(manual_of(own.known))) - set(now)
    every = [name for name in keys().values() if name not in away or own.record.of(name)]

    def offer(name: str) -> Offer:
        return Offer(key_of(name), open_form(name), name in waiting, len(own.record.of(name)))

    known = {name for _, names in PARTS for name in names}
    parts = [*PARTS, (MORE, tuple(name for name in every if name not in known))]
    return {
        "begun": [offer(name) for name in waiting],
        "now": [offer(name) for name in now if name not in waiting],
        "parts": [(words, [offer(one) for one in names if one in every]) for words, names in parts],
    }
