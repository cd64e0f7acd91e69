"""The door to the notes that remind: how many a week, when, by whose clock, and whether one leads straight on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openipt.casebook.queries.own import Own
from openipt.post.reminding.reaching import SAME, WISHES
from openipt.rooms.portal.hall.doors import own_door
from openipt.rooms.portal.hall.taking import Sheet, show, take
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of

USUAL = {"a_week": "two", "earliest": "09:00", "latest": "20:00", "zone": SAME, "link": "no"}


@own_door("identity", "write")
def reminders(request: HttpRequest, own: Own) -> HttpResponse:
    """Choose how a note may come. It never says what it is about, so what was chosen may stand here."""
    before = own.record.newest(WISHES)
    sheet = Sheet(
        WISHES,
        "reminders",
        tab="mine",
        more={"a_week": _choices("a_week"), "cities": _choices("zone")},
        kept=False,
        replaces=before,
    )
    if request.method == "POST":
        return take(request, own, sheet)
    said = {name: _typed(one) for name, one in (before.answers if before else {}).items()}
    return show(request, own, sheet, [*{**USUAL, **said}.items()])


def _typed(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _choices(item_id: str) -> list[tuple[str, str]]:
    form = open_form(WISHES)
    item = next(one for one in form.items if one.id == item_id)
    return [(str(value), words) for value, words in choices_of(form, item)]  # type: ignore[arg-type]
