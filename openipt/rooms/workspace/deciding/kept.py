"""What is typed on a page of deciding or ending keeps itself, and is there again until it is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from openipt.casebook.operations.drafting import Started, drop_drafts, open_drafts
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.signing_in import MADE_FOR
from openipt.rooms.workspace.said import ID, Said

if TYPE_CHECKING:
    from openipt.policy import Actor
    from openipt.rooms.workspace.deciding.opening import Desk

DROP = "drop"  # what the button says that throws a draft away
NOT_KEPT = (ID, MADE_FOR, "_do")


@dataclass(frozen=True, slots=True)
class Place:
    """Where drafts of a page lie: under the form it writes, and what it is about.

    `about` is no label of the record: the page of a form that asks question by question never shows these drafts.
    """

    form: str
    about: str

    def address(self, course: str) -> str:
        """Return where the page keeps itself."""
        return f"{reverse('draft', args=[course, self.form])}?{urlencode({'about': self.about})}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was left: what was typed, and when it was kept."""

    typed: dict[str, str]
    at: datetime


def kept(desk: Desk, place: Place) -> Kept | None:
    """Return the page as its author left it; None where nothing was left."""
    drafts = open_drafts(by=desk.actor, at=desk.now, enrolment=desk.course.id, form=place.form, about=place.about)
    return as_left(drafts)


def as_left(drafts: tuple[Started, ...]) -> Kept | None:
    """Return the newest of some drafts, ready to be typed on."""
    if not drafts:
        return None
    newest = drafts[0]
    typed = {name: text for name, text in newest.body["pairs"] if name not in NOT_KEPT}
    return Kept({**typed, ID: str(newest.id)}, newest.saved_at)


def settle(actor: Actor, said: Said) -> None:
    """Throw away what was kept of a page: it is handed in, or not wanted any more."""
    made = id_of(list(said.typed.items()))
    drop_drafts(actor, [made] if made else [])


def on_page(found: Kept | None, address: str) -> dict[str, Any]:
    """Return what the page shows of it: where it keeps itself, and since when something is kept."""
    return {"keeps_at": address, "kept_at": found.at if found else None}
