"""Doors to a worksheet, one step a screen: what is written waits on the way, and nothing has to be complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from openipt.casebook.operations.drafting import drop_drafts, may_wait
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.own import Own
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import AGAIN, DO, id_of
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.filling.talk import SHOWN, talk_of
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.writing import left_over, pairs_of
from openipt.rooms.portal.hall.doors import leave, own_door, page
from openipt.rooms.portal.hall.taking import BACK, EMPTY, LEAVE, Sheet, open_sheet, take
from openipt.rooms.portal.worksheets.desk import Desk, Walk, keep, page_words, walk_of, with_rows
from openipt.rooms.portal.worksheets.screens import Screen, mine, screens_of
from openipt.rooms.portal.worksheets.shelf import TALK, keys, may_open
from openipt.rooms.portal.worksheets.talking import AGAIN_SAID, LINES, TalkDesk
from openipt.therapy.forms import Form, open_form, score
from openipt.therapy.forms.layout import lay_out
from openipt.therapy.record import Entry
from openipt.therapy.words import catalogue

PRIVATE = "client_private"
ONLY_ME = "_only_me"
MISSING = "Something here cannot be read. Please look at this step again."


def form_of(own: Own, key: str) -> Form:
    """Return a worksheet of the shelf that may be opened in this course."""
    name = keys().get(key)
    if name is None or not may_open(own, name):
        raise Http404
    return open_form(name)


@own_door("goals_homework", "write")
def begin(request: HttpRequest, own: Own, key: str) -> HttpResponse:
    """Go on where it was left, begin at the first step, or ask what to do with one that was sent before."""
    form = form_of(own, key)
    if not may_wait(form):
        return _at_once(request, own, form)
    walk = walk_of(own, form)
    sent = [one for one in reversed(own.record.of(form.id)) if one.kind == "answers"]
    if request.method == "POST" and not walk.kept:
        older = next((one for one in sent if one.id == request.POST.get("from")), None)
        if older is None or not own.reads:
            raise Http404
        pairs = pairs_of(form, older.answers, own.names)
        keep(own, Walk(form, id_of(typed_in(request)) or uuid4(), pairs, older.id))
        return redirect("portal-walk", key, 1)
    if walk.kept or not sent or not own.reads or "new" in request.GET:
        return redirect("portal-walk", key, _next(own, walk))
    written = [(one.id, catalogue().spell(one.happened_at.date()), one.visibility == PRIVATE) for one in sent]
    return page(request, own, "walk/before", tab="mine", form=form, key=key, written=written, made_id=uuid4())


def _at_once(request: HttpRequest, own: Own, form: Form) -> HttpResponse:
    """Show a worksheet whose answers may need a person as one page: none of it waits on the way."""
    typed = typed_in(request)
    screens = screens_of(form, typed, own.names)
    sheet = Sheet(form.id, "walk/whole", tab="mine", more={"screens": screens, **page_words()}, kept=False)
    act, _, name = dict(typed).get(DO, "").partition(":")
    if request.method == "POST" and act in ("add", "remove"):
        pairs, fresh = with_rows(act, name, typed)
        sheet = replace(sheet, more={"screens": screens_of(form, pairs, own.names, fresh=fresh), **page_words()})
        return page(
            request,
            own,
            sheet.template,
            tab="mine",
            form=form,
            made_id=id_of(typed) or uuid4(),
            made_for=made_for(own.actor.id, request.path),
            **sheet.more,
        )
    return (
        take(request, own, sheet, done="portal-sent") if request.method == "POST" else open_sheet(request, own, sheet)
    )


def _next(own: Own, walk: Walk) -> int:
    """Return the first step that holds nothing yet; the last one where all do."""
    screens = screens_of(walk.form, walk.pairs, own.names)
    return next((n for n, one in enumerate(screens, 1) if not one.filled), len(screens))


@own_door("goals_homework", "write")
def step(request: HttpRequest, own: Own, key: str, number: int) -> HttpResponse:
    """Show one step; keep what is written on it and go on."""
    form = form_of(own, key)
    if not may_wait(form):
        return redirect("portal-sheet", key)
    pairs = typed_in(request)
    walk = walk_of(own, form, id_of(pairs))
    screens = screens_of(form, walk.pairs, own.names)
    if not 1 <= number <= len(screens):
        return redirect("portal-sheet", key)
    desk = _desk(form, screens[number - 1])(request, own, key, walk, number, screens)
    if request.method != "POST":
        back = come_back(request, own.actor.id)
        return desk.show() if back is None else forget(request, desk.show(mine(screens[number - 1], back), notice=BACK))
    return desk.take(pairs)


def _desk(form: Form, screen: Screen) -> type[Desk]:
    """Return what serves a step: the lines of a talk have pages made by hand."""
    return TalkDesk if form.id == TALK and screen.one.name in (LINES, AGAIN_SAID) else Desk


@own_door("goals_homework", "write")
def look_over(request: HttpRequest, own: Own, key: str) -> HttpResponse:
    """Show all that was written before it is sent, and send it; the client says who sees it."""
    form = form_of(own, key)
    pairs = typed_in(request)
    walk = walk_of(own, form)
    if request.method == "POST":
        return _send(request, own, key, walk, pairs)
    return _over(request, own, key, walk) if walk.kept else redirect("portal-sheet", key)


def _over(request: HttpRequest, own: Own, key: str, walk: Walk, wrong: str = "") -> HttpResponse:
    screens = screens_of(walk.form, walk.pairs, own.names)
    answers = read(walk.form, plant(walk.pairs)[0]).answers
    older = _older(own, walk)
    items = lay_out(walk.form, answers, False, own.names) if own.reads else []
    talk = talk_of(walk.form, answers, own.names) if own.reads else []
    return page(
        request,
        own,
        "walk/over",
        status=422 if wrong else 200,
        tab="mine",
        form=walk.form,
        key=key,
        made_id=walk.id,
        made_for=made_for(own.actor.id, request.path),
        steps=[(n, one) for n, one in enumerate(screens, 1)],
        talk=talk,
        items=[one for one in items if not talk or one.id not in SHOWN],
        hints=[one.say for one in score(walk.form, answers).hints][:2] if own.reads else (),
        only_me=older is not None and older.visibility == PRIVATE,
        wrong=wrong,
    )


def _older(own: Own, walk: Walk) -> Entry | None:
    return next((one for one in own.record.entries if one.id == walk.replaces), None)


def _send(request: HttpRequest, own: Own, key: str, walk: Walk, pairs: Pairs) -> HttpResponse:
    """Send a worksheet as it waits. A page from before leads to what was sent by it."""
    act, made = dict(pairs).get(DO, ""), id_of(pairs)
    if act == LEAVE:
        return leave(request)
    if made != walk.id or not walk.kept:
        known = next((one for one in own.record.entries if made is not None and one.id == str(made)), None)
        return redirect("portal-kept", made) if known else redirect("portal-sheet", key)
    if act == AGAIN:
        return _over(request, own, key, walk)
    root, _ = plant(walk.pairs)
    found = read(walk.form, root)
    if not found.answers:
        return _over(request, own, key, walk, wrong=EMPTY)
    if found.wrong:
        return _over(request, own, key, walk, wrong=MISSING)
    older = _older(own, walk)
    more: dict[str, Any] = {"replaces": UUID(older.id), "about": older.about} if older else {}
    more |= {"visibility": PRIVATE} if dict(pairs).get(ONLY_ME) else {}
    try:
        saved = save_entry(
            by=own.actor,
            at=own.at,
            enrolment=own.label,
            form=walk.form.id,
            answers={**_unseen(walk.form, older), **found.answers},
            id=walk.id,
            zone=str(own.zone),
            **more,
        )
    except Invalid:
        return _over(request, own, key, walk, wrong=MISSING)
    except (SameIdOtherBody, Replaced) as both:
        drop_drafts(own.actor, [walk.id])
        return page(request, own, "both", status=409, tab="mine", stored=both.entry)
    drop_drafts(own.actor, [walk.id])
    return redirect("portal-kept", saved.id)


def _unseen(form: Form, older: Entry | None) -> Mapping[str, Any]:
    """Return what a new version takes along although nobody is asked for it here: questions for staff, older ones."""
    if older is None:
        return {}
    kept = {item.id for item in form.items if item.staff_only} | set(left_over(form, older.answers))
    return {name: value for name, value in older.answers.items() if name in kept}
