"""What a page about a caregiver brings: read strictly, and said again where it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.typed import Pairs
from openipt.therapy.course.young import CAREGIVER
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of

LONGEST = 60
NOBODY = "Whom it is about is empty. Write what the young person calls them."
TOO_LONG = f"The name is too long. {LONGEST} letters are enough."
NO_DAY = "“{text}” is no day. Write it as 2026-07-31, or leave it empty."
OVER = "{day} is over. Choose a later day, or leave it empty."
STRANGE = "“{text}” is not something a caregiver can be shown."


def offered() -> list[tuple[str, str]]:
    """Return what can stand on a list, with the words of the form."""
    form = open_form(CAREGIVER)
    item = next(one for one in form.items if one.id == "sees")
    return [(str(value), words) for value, words in choices_of(form, item)]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was pressed and typed."""

    act: str
    made: UUID | None
    who: str
    called: str
    sees: tuple[str, ...]
    until: date | None
    replaces: UUID | None
    wrong: tuple[Wrong, ...]


def asked(pairs: Pairs, today: date) -> Asked:
    """Read a page about a caregiver."""
    said = dict(pairs)
    called, day = said.get("called", "").strip(), said.get("until", "").strip()
    sees = tuple(dict.fromkeys(text for name, text in pairs if name == "sees"))
    act, until = said.get("_do", ""), _day(day)
    wrong = [Wrong("sees", STRANGE.format(text=one)) for one in sees if one not in dict(offered())]
    if act == "invite":
        wrong += [Wrong("called", NOBODY)] if not called else []
        wrong += [Wrong("called", TOO_LONG)] if len(called) > LONGEST else []
    if act in ("invite", "list"):
        wrong += [Wrong("until", NO_DAY.format(text=day))] if day and until is None else []
        wrong += [Wrong("until", OVER.format(day=day))] if until is not None and until < today else []
    return Asked(act, id_of(pairs), said.get("who", ""), called, sees, until, _id(said.get("replaces", "")), (*wrong,))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
