"""Door to the crisis numbers: shown as they stand, changed all at once, rung before they are written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from openipt.accounts.governing import NUMBERS
from openipt.rooms.programme.desk import Desk, ask_leave, lasting, open_desk
from openipt.rooms.programme.numbers_page import ChangedMeanwhile, mark, plain, write
from openipt.rooms.programme.typed import Pairs, Typed
from openipt.rooms.ui.crisis_numbers import NAME, Number, Numbers, crisis_numbers, faults

FIELDS = ("name", "call", "hours", "region", "source", "checked_on")
SAYS = {
    "name": "Write who answers there.",
    "call": "Write the number as it is dialled, such as 112 or +44 20 7946 0123.",
    "hours": "Write when somebody answers, such as day and night, or 18:00 to 08:00.",
    "region": "Write for which region it is.",
    "source": "Write where the number was found.",
    "checked_on": "Write the day on which you rang it.",
}
LABELS = {
    "name": ("Who answers", ""),
    "call": ("Number", ""),
    "hours": ("When somebody answers", "Such as: day and night; or 18:00 to 08:00."),
    "region": ("For which region", ""),
    "source": ("Where the number was found", ""),
    "checked_on": ("Last rung on", ""),
}
MOST = 40
MEANWHILE = (
    "Somebody else changed the numbers since you opened this page. What stands now is at the top; what you typed is "
    "below it. Save once more where yours is right."
)
NO_ROOM = (
    "The page of numbers could not be written. Nothing was changed. Whoever runs the machine has to look at its disk."
)


@lasting("crisis_numbers", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the crisis numbers, and take in how they are to stand from now on."""
    desk = open_desk(request, NUMBERS)
    known = crisis_numbers()
    said = desk.typed(_as_typed(known))
    if request.method != "POST":
        return _page(desk, said, known)
    ask_leave(desk, NUMBERS)
    act = desk.act(said.id())
    if act.was_done:
        return redirect("service-numbers")
    after = _read(said, desk)
    if known.wrong:
        said.wrong["n0-name"] = (
            f"Some lines of {NAME} cannot be read, and would be lost. They have to be mended there first."
        )
    if said.wrong:
        return _page(desk, said, known)
    if plain(after) == plain(known.every):
        return redirect("service-numbers")
    try:
        write(act, known, after, said.said.get("seen", ""))
    except ChangedMeanwhile:
        return _page(desk, said, known, 409, MEANWHILE)
    except OSError:
        return _page(desk, said, known, 507, NO_ROOM)
    return redirect("service-numbers")


def _as_typed(known: Numbers) -> Pairs:
    pairs = [("rows", str(len(known.every)))]
    for n, one in enumerate(plain(known.every)):
        pairs += [(f"n{n}-{name}", str(value)) for name, value in one.items()]
    return pairs


def _rows(said: Typed) -> int:
    """Return how many numbers stand on the page; the line after them is for a new one."""
    text = said.said.get("rows", "0")
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _read(said: Typed, desk: Desk) -> list[Number]:
    found = (_one(said, n, desk) for n in range(_rows(said) + 1))
    return [one for one in found if one is not None]


def _one(said: Typed, n: int, desk: Desk) -> Number | None:
    """Return one line; None where it was left empty, taken away, or cannot be taken."""
    given: dict[str, Any] = {name: said.text(f"n{n}-{name}", most=200) for name in FIELDS}
    if said.ticked(f"n{n}-gone") or not any(given.values()):
        for name in FIELDS:
            said.wrong.pop(f"n{n}-{name}", None)
        return None
    given["checked_on"] = said.day(f"n{n}-checked_on", SAYS["checked_on"], last=desk.today)
    try:
        return Number.model_validate(given)
    except ValidationError as refused:
        for one in refused.errors():
            name = str(one["loc"][0])
            said.wrong.setdefault(f"n{n}-{name}", SAYS[name])
        return None


def _line(n: int, new: bool) -> dict[str, Any]:
    """Return what the page needs for one line: its name for who listens, its fields."""
    called = "another number" if new else f"number {n + 1}"
    fields = [
        {
            "name": f"n{n}-{name}",
            "label": label,
            "help": words,
            "type": "date" if name == "checked_on" else "text",
            "beside": called,
        }
        for name, (label, words) in LABELS.items()
    ]
    return {"title": called.capitalize(), "new": new, "fields": fields, "gone": f"n{n}-gone"}


def _page(desk: Desk, said: Typed, known: Numbers, status: int = 0, notice: str = "") -> HttpResponse:
    lines = range(_rows(said) + 1)
    seen = said.said.get("seen") if desk.request.method == "POST" and status != 409 else None
    return desk.show(
        "numbers",
        said,
        status,
        tab="numbers",
        known=known,
        faults=list(faults(known, desk.today)),
        lines=[_line(n, n == _rows(said)) for n in lines],
        rows=_rows(said),
        seen=seen or mark(),
        meanwhile=notice,
    )
