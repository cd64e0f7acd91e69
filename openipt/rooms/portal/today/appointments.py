"""The door to the next session: coming or not, in one tap; and why one was not met, for whoever wants to say."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from openipt.casebook.queries.own import Own
from openipt.post.reminding.reaching import ANSWER, answer_to
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.promised import when_seen
from openipt.rooms.portal.hall.taking import Sheet, open_sheet, take
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.record import Entry

NOT_MET = ("no_show", "late_cancel")
LATELY = timedelta(days=14)
MISSED = "did_not_come"


@own_door("goals_homework", "write")
def appointment(request: HttpRequest, own: Own) -> HttpResponse:
    """Say whether one comes to the next session; where none is agreed, why the last one was not met."""
    missed = not_met(own)
    about = missed if missed is not None and (_is_about_missed(request) or own.next_at is None) else own.next_at
    if about is None:
        return page(request, own, "session", tab="today", missed=None)
    before = answer_to(own.record, about)
    sheet = Sheet(
        ANSWER,
        "session",
        kept=False,
        alone=True,  # a reason that was given for another answer does not stay behind this one
        replaces=before,
        more={
            "session_at": about.astimezone(own.zone),
            "missed": missed.astimezone(own.zone) if missed else None,
            "said": _words(before) if before and own.reads else "",
            "whys": _choices("why"),
            "seen": when_seen(own, None),
        },
    )
    if request.method != "POST":
        return open_sheet(request, own, sheet)
    return take(request, own, sheet, given={"session_at": f"{about:%Y-%m-%dT%H:%M}"})


def _is_about_missed(request: HttpRequest) -> bool:
    return dict(typed_in(request)).get("answer") == MISSED


def not_met(own: Own) -> datetime | None:
    """Return when the last session was to be, where it was not met lately and nobody said why."""
    last = own.record.sessions[-1] if own.record.sessions else None
    if last is None or last.kind not in NOT_MET or own.at - last.happened_at > LATELY:
        return None
    return None if answer_to(own.record, last.happened_at) else last.happened_at


def _words(entry: Entry) -> str:
    return dict(_choices("answer")).get(str(entry.answers.get("answer")), "")


def _choices(item_id: str) -> list[tuple[str, str]]:
    form = open_form(ANSWER)
    item = next(one for one in form.items if one.id == item_id)
    return [(str(value), words) for value, words in choices_of(form, item)]  # type: ignore[arg-type]
