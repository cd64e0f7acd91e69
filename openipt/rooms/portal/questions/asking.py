"""The doors to a questionnaire: one question a screen, each answer its own button, help at once where it is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.started import Begun, begun, hand_in, keep_answers
from openipt.casebook.queries.own import Own, answered_by, begun_sheets, own_entry
from openipt.rooms.filling.asking import Page, field_for
from openipt.rooms.filling.conditions import conditions_of
from openipt.rooms.filling.laying import id_of as id_of_field
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import DO, id_of
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.filling.spoken import heard_in_form
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.helping import help_now
from openipt.rooms.portal.hall.promised import when_seen
from openipt.rooms.portal.questions.curve import curve_of, danger_today
from openipt.therapy.course.danger import danger
from openipt.therapy.forms import Form, open_form, open_forms
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.record import Entry

BUTTONS = ("choose", "across")  # ways in which an answer is one tap
LONG = 50  # letters; a longer question is set smaller, so that its answers stand on the screen
UNREADABLE = "This cannot be read. Please answer it again."
# On a phone that only sends: how long the page after a sheet says that a person was called. It is found again later in
# the list of pages that were opened, by whoever looks there.
JUST_SENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Screen:
    """One question: which it is, of how many, and what was answered before."""

    form: Form
    item: Any
    number: int
    of: int
    sheet: Begun

    @property
    def last(self) -> bool:
        """Whether its answer sends the questionnaire."""
        return self.number == self.of


def key_of(form_id: str) -> str:
    """Return what stands for a questionnaire in an address: it tells nobody which one it is."""
    return hashlib.sha256(form_id.encode()).hexdigest()[:8]


@cache
def _askable() -> Mapping[str, str]:
    """Return the questionnaires that can be asked question by question, by their keys."""
    found = open_forms()
    return {key_of(one.id): one.id for one in found if _can_be_asked(one)}


def _can_be_asked(form: Form) -> bool:
    asks = form.kind == "questionnaire" and form.may_ship and "client" in form.filled_by
    return asks and not any(isinstance(item, GroupItem) or item.staff_only for item in form.items)


def asked_of(own: Own) -> list[Form]:
    """Return the questionnaires that are due now, and can be asked here."""
    can = set(_askable().values())
    return [open_form(name) for name in own.due if name in can]


def _form(own: Own, key: str) -> Form:
    """Return a questionnaire that is asked of this client, or was."""
    name = _askable().get(key)
    if name is None or (name not in own.due and not own.record.of(name)):
        raise Http404
    return open_form(name)


@own_door("questionnaires", "read")
def begin(request: HttpRequest, own: Own, key: str) -> HttpResponse:  # noqa: ARG001 - the shape of a door
    """Lead to the first question that was not looked at yet."""
    form = _form(own, key)
    return redirect("portal-question", key, _next(form, _sheet(own, form, None)))


def _next(form: Form, sheet: Begun) -> int:
    """Return the number of the first question that was not looked at yet."""
    asked = asked_now(form, sheet.answers)
    seen = {*sheet.answers, *sheet.passed}
    return next((n for n, item in enumerate(asked, 1) if item.id not in seen), len(asked))


def at_question(own: Own, form: Form) -> int | None:
    """Return the number of the question at which a begun questionnaire goes on; None where it was not begun."""
    if form.id not in {one.form for one in begun_sheets(own)}:
        return None
    known = begun(by=own.actor, at=own.at, enrolment=own.label, form=form.id)
    return _next(form, known) if known else None


@own_door("questionnaires", "write")
def question(request: HttpRequest, own: Own, key: str, number: int) -> HttpResponse:
    """Show one question; take its answer, and go on to the next. The last answer sends it."""
    form, pairs = _form(own, key), typed_in(request)
    sheet = _sheet(own, form, id_of(pairs))
    asked = asked_now(form, sheet.answers)
    if not 1 <= number <= len(asked):
        return redirect("portal-begin", key)
    screen = Screen(form, asked[number - 1], number, len(asked), sheet)
    if request.method != "POST":
        back = come_back(request, own.actor.id)
        shown = _show(request, own, key, screen, back or [], back=back is not None)
        return forget(request, shown) if back is not None else shown
    if dict(pairs).get(DO) == "again" or id_of(pairs) is None:
        return _show(request, own, key, screen, pairs)
    return _take(request, own, key, screen, pairs)


def asked_now(form: Form, answers: Mapping[str, Any]) -> list[Any]:
    """Return the questions that apply, by the answers so far."""
    applies = conditions_of(form)
    return [one for one in form.items if not isinstance(one, NoteItem) and applies.holds(one.id, answers, ())]


def _sheet(own: Own, form: Form, made: UUID | None) -> Begun:
    """Return the questionnaire as it was left; a new one under the id of the page where nothing was begun."""
    known = begun(by=own.actor, at=own.at, enrolment=own.label, form=form.id)
    return known or Begun(made or uuid4())


def _show(
    request: HttpRequest, own: Own, key: str, screen: Screen, pairs: Pairs, *, back: bool = False, wrong: str = ""
) -> HttpResponse:
    said = screen.sheet.answers.get(screen.item.id) if own.reads else None
    answered = pairs_of(screen.form, {screen.item.id: said}, own.names)
    root, _ = plant([one for one in pairs if not one[0].startswith("_")] or answered)
    item = screen.item
    layout = Page(screen.form, root, read(screen.form, root), own.names, {}, staff=False)
    heard = heard_in_form(screen.form)
    common = {"name": item.id, "id": id_of_field(item.id), "asked": item.label or item.topic, "help": item.help}
    common["sound"] = heard.addresses.get(item.id, "") if heard else ""
    return page(
        request,
        own,
        "question",
        status=422 if wrong else 200,
        tab="today",
        key=key,
        heard_here=heard,
        screen=screen,
        one=field_for(layout, item, root.at(item.id), common),
        buttons=BUTTONS,
        before=screen.number - 1,
        is_long=len(common["asked"] or "") > LONG,
        ring=round(100 * screen.number / screen.of),
        passed=own.reads and item.id in screen.sheet.passed,
        came_back=back,
        wrong=wrong,
        made_for=made_for(own.actor.id, request.path),
    )


def _take(request: HttpRequest, own: Own, key: str, screen: Screen, pairs: Pairs) -> HttpResponse:
    """Take one answer: keep it, or send the whole where it was the last; help at once where it speaks of danger."""
    name, said = screen.item.id, dict(pairs)
    root, _ = plant([one for one in pairs if one[0].partition(".")[0] == name])
    found = read(screen.form, root)
    if found.wrong:
        return _show(request, own, key, screen, pairs, wrong=found.wrong[0].words)
    stood = None if own.reads else screen.sheet.answers.get(name)  # it was not shown, so it was not taken away
    sheet = with_answer(screen.sheet, name, None if said.get(DO) == "pass" else found.answers.get(name, stood))
    how: dict[str, Any] = {"by": own.actor, "at": own.at, "enrolment": own.label, "form": screen.form.id}
    if sheet.id == id_of(pairs) and (sent_before := _sent(own, sheet.id)) is not None:
        if sent_before.answers.get(name) == sheet.answers.get(name):  # tapped twice, or a page from before
            return redirect(f"{reverse('portal-sent', args=[sheet.id])}?told=again")
        sheet = with_answer(Begun(sheet.id, sent_before.answers), name, sheet.answers.get(name))
    try:
        if _is_last(screen, sheet):
            hand_in(**how, sheet=sheet, zone=str(own.zone))
            return redirect("portal-sent", sheet.id)
        kept = keep_answers(**how, sheet=sheet, zone=str(own.zone))
    except Invalid:
        return _show(request, own, key, screen, pairs, wrong=UNREADABLE)
    except (SameIdOtherBody, Replaced) as both:
        return page(request, own, "both", status=409, tab="today", stored=both.entry)
    if kept.replaces is not None and name in kept.told:
        return redirect("portal-sent", kept.replaces)
    return redirect("portal-question", key, screen.number + 1)


def _sent(own: Own, sheet: UUID) -> Entry | None:
    """Return what was sent under the id of a page; None where it was not sent yet."""
    return next((one for one in own.record.entries if one.id == str(sheet)), None)


def with_answer(sheet: Begun, name: str, value: Any) -> Begun:
    """Return a questionnaire with one answer more; a question that was left is remembered as left."""
    answers = {key: one for key, one in sheet.answers.items() if key != name}
    passed = tuple(one for one in sheet.passed if one != name)
    if value is None:
        return replace(sheet, answers=answers, passed=(*passed, name))
    return replace(sheet, answers={**answers, name: value}, passed=passed)


def _is_last(screen: Screen, sheet: Begun) -> bool:
    asked = asked_now(screen.form, sheet.answers)
    return bool(asked[-1].id == screen.item.id)


@own_door("questionnaires", "read", on_paper=True)
def sent(request: HttpRequest, own: Own, entry_id: str) -> HttpResponse:
    """Say what became of a sheet: thanks; where it speaks of danger, help now and when a person will see it."""
    row = own_entry(own, entry_id)
    entry = next((one for one in own.record.entries if row and one.id == str(row.id)), None)
    if row is None or entry is None:
        raise Http404
    form = open_form(entry.form, entry.version)
    told = own.reads or own.at - row.recorded_at <= JUST_SENT
    grave = told and bool(danger(form, entry.answers))
    due = answered_by(own, row.id) if told else None
    left, rest = _rest(own, form)
    return page(
        request,
        own,
        "sent",
        tab="today",
        grave=grave,
        closed=grave and left is None and _said_before(own, form, entry),
        seen=when_seen(own, due) if grave or due else (),
        rest=rest if grave and left and left.replaces == row.id else 0,
        key=key_of(form.id),
        curve=() if grave or not own.reads or danger_today(own) else curve_of(own, form, entry),
        again=request.GET.get("told") == "again",
        **(help_now(own) if grave else {}),
    )


def _rest(own: Own, form: Form) -> tuple[Begun | None, int]:
    """Return what is still begun of a questionnaire, and how many of its questions are left."""
    if form.kind != "questionnaire":
        return None, 0
    left = begun(by=own.actor, at=own.at, enrolment=own.label, form=form.id)
    return left, len(asked_now(form, left.answers)) - len(left.answers) - len(left.passed) if left else 0


def _said_before(own: Own, form: Form, entry: Entry) -> bool:
    """Whether the same about danger stood in the version before: the client was thanked for it already."""
    older = next((one for one in own.record.entries if one.id == entry.replaces), None)
    return older is not None and danger(form, older.answers) == danger(form, entry.answers)
