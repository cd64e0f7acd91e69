"""The door of a link in a mail: the questions of one questionnaire, without a name and a secret, until it runs out.

Nothing is shown before somebody presses a button: a mail program that follows links has opened nothing.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openipt.accounts.adapter import WAIT
from openipt.casebook.operations.by_link import answer_by_link
from openipt.casebook.operations.saving import Invalid
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.sealing import KeyGone
from openipt.policy import open_door
from openipt.post.models import ANSWERED, OPENED, SENT, Reminder
from openipt.post.reminding.keeping import move
from openipt.post.reminding.mailing import reminder_of
from openipt.rooms.filling.asking import Page, field_for
from openipt.rooms.filling.laying import id_of as id_of_field
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.typed import plant
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.portal.hall.helping import numbers_at
from openipt.rooms.portal.hall.promised import said_of
from openipt.rooms.portal.questions.asking import asked_now
from openipt.therapy.course.danger import danger
from openipt.therapy.course.promise import promise
from openipt.therapy.forms import Form, open_form, score

STANDS = (SENT, OPENED)
NOTHING = "Nothing is answered yet. One answer is enough."


@open_door("Whoever holds a link that this service signed may answer its questions, and reads nothing.")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show that there are questions; on a press, the questions; and take the answers in, once."""
    if not ratelimit.consume(request, action="link"):
        return _shown(request, "over", 429, wait=WAIT)
    one = _reminder(token)
    if one is None or not one.form:
        return render(request, "portal/missing.html", status=404)
    if one.state == ANSWERED and request.POST.get("_do") != "send":
        return _shown(request, "answered")
    if one.state not in (*STANDS, ANSWERED) or timezone.now() >= one.expires_at:
        return _shown(request, "over", 410)
    form = open_form(one.form)
    if request.method != "POST":
        return _shown(request, "begin", form=form, minutes=max(1, round(form.minutes or 2)))
    move(one.id, (SENT,), OPENED, timezone.now())
    return _take(request, one, form) if request.POST.get("_do") == "send" else _ask(request, form)


def _reminder(token: str) -> Reminder | None:
    name = reminder_of(token)
    return Reminder.objects.select_related("organisation").filter(id=name).first() if name else None


def _ask(request: HttpRequest, form: Form, status: int = 200, wrong: Any = ()) -> HttpResponse:
    root, _ = plant([one for one in typed_in(request) if not one[0].startswith("_")])
    layout = Page(form, root, read(form, root), {}, {}, staff=False)
    fields = []
    for item in asked_now(form, read(form, root).answers):
        common = {"name": item.id, "id": id_of_field(item.id), "asked": item.label or item.topic, "help": item.help}
        fields.append(field_for(layout, item, root.at(item.id), {**common, "sound": ""}))
    return _shown(request, "questions", status, form=form, fields=fields, wrong=by_name(wrong))


def _take(request: HttpRequest, one: Reminder, form: Form) -> HttpResponse:
    root, _ = plant([pair for pair in typed_in(request) if not pair[0].startswith("_")])
    found = read(form, root)
    wrong = [*found.wrong, *in_words(score(form, found.answers).errors, found, root)]
    if not found.answers and not wrong:
        wrong = [Wrong("_empty", NOTHING)]
    if wrong:
        return _ask(request, form, 422, wrong)
    at = timezone.now()
    try:
        saved = answer_by_link(
            at=at, enrolment=one.enrolment, link=one.id, form=form.id, answers=found.answers, zone=one.zone
        )
    except Invalid as refused:
        return _ask(request, form, 422, in_words(refused.troubles, found, root))
    except (NotVisible, KeyGone):
        return render(request, "portal/missing.html", status=404)
    move(one.id, STANDS, ANSWERED, at)
    grave = bool(danger(form, found.answers))
    given = promise(one.organisation.promise, one.organisation.zone)
    seen = said_of(given, at, given.closes(at)) if grave else ()
    today = at.astimezone(ZoneInfo(one.organisation.zone)).date()
    help_now: dict[str, Any] = {**numbers_at(at.astimezone(given.zone)), "today": today, "staff": False}
    return _shown(request, "sent", grave=grave, seen=seen, again=not saved.made, **help_now)


def _shown(request: HttpRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, f"portal/link/{name}.html", more, status=status)
