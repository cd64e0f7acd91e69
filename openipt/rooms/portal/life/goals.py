"""Doors to the client's goals and limits: how far one is, a new goal, and how a limit went, on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.queries.own import Own
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.things import begun
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.filling.wrong import by_name
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.noting import fields_by_name, save
from openipt.rooms.portal.hall.taking import EMPTY, Sheet, answered, before_sending, marks, sent_id, show
from openipt.rooms.portal.worksheets.desk import page_words
from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry

FORM = "goals-and-boundaries"
ASKED = ("statement", "scope", "why", "baseline", "target")
SELF = "self"
SHEET = Sheet(FORM, "life/goals", tab="mine", stood=[("scope", SELF)])
LONGEST = 4000
NO_GOAL = "Write what you would like to be able to do."
TOLD = {
    "kept": "Kept. Your therapist sees it, too.",
    "again": "This was kept before. It is there once.",
    "rated": "Noted. Thank you.",
}
TEN = frozenset(str(n) for n in range(11))


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it was made with the therapist. Whether it is safe to say is asked alone, and stands on no phone."""

    fine: tuple[str, ...]
    not_fine: tuple[str, ...]
    words: str
    then: str
    went: tuple[tuple[str, str, str], ...]  # day, how far it was kept, what happened


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal as it stands."""

    id: str
    statement: str
    whom: str
    why: str
    start: str
    now: str
    target: str
    limit: Limit | None


@own_door("goals_homework", "write")
def goals(request: HttpRequest, own: Own) -> HttpResponse:
    """Show the client's goals, and take in a new one."""
    said = answered(request, own, SHEET, partial(_show, request, own), ASKED, {"statement": NO_GOAL})
    if isinstance(said, HttpResponse):
        return said
    scope = said.answers.get("scope")
    answers = {**said.answers, "scope": scope if scope in own.names else SELF}
    about = begun(own.actor, own.at, own.label, open_form(FORM), answers, said.made)
    saved = save(request, own, FORM, answers, said.made, about=about)
    return saved if isinstance(saved, HttpResponse) else _on("kept" if saved.made else "again")


def _show(
    request: HttpRequest, own: Own, typed: Pairs | None = None, *, status: int = 200, wrong: Any = (), notice: str = ""
) -> HttpResponse:
    named = by_name(wrong)
    fields = fields_by_name(own, FORM, typed or [], named)
    return page(
        request,
        own,
        "life/goals",
        status=status,
        tab="mine",
        goals=[_goal(own, thing.id) for thing in own.record.goals if own.record.newest(FORM, thing.id)],
        steps=range(11),
        field=fields,
        scope=dict(typed or []).get("scope", SELF),
        wrong=named,
        told=TOLD.get(request.GET.get("told", "")),
        other_id=uuid4(),
        **marks(request, own, SHEET, typed or [], notice),
        **page_words(),
    )


def _goal(own: Own, goal: str) -> Goal:
    said = own.record.says(FORM, goal) if own.reads else {}
    scope = str(said.get("scope") or SELF)
    ratings = said.get("ratings") or ()
    return Goal(
        id=goal,
        statement=str(said.get("statement") or "A goal of yours"),
        whom="" if scope == SELF else own.names.get(scope, scope),
        why=str(said.get("why") or ""),
        start=_number(said.get("baseline")),
        now=_number(ratings[-1].get("value") if ratings else None),
        target=_number(said.get("target")),
        limit=_limit(said.get("boundary") or {}),
    )


def _number(value: Any) -> str:
    return "" if value is None else f"{value:g}"


def _limit(said: Mapping[str, Any]) -> Limit | None:
    if not (said.get("not_ok") or said.get("how_i_say_it")):
        return None
    rows = said.get("log") or ()
    return Limit(
        fine=tuple(str(row.get("text") or "") for row in said.get("what_is_ok") or ()),
        not_fine=tuple(str(row.get("text") or "") for row in said.get("not_ok") or ()),
        words=str(said.get("how_i_say_it") or ""),
        then=str(said.get("if_crossed") or ""),
        went=tuple((str(row.get("date") or ""), _number(row.get("kept")), str(row.get("note") or "")) for row in rows),
    )


def _on(told: str) -> HttpResponse:
    return redirect(f"{reverse('portal-goals')}?told={told}")


def _stands(own: Own, goal: str) -> Entry:
    """Return the sheet of a goal as it stands; nothing for a goal of somebody else."""
    known = {thing.id for thing in own.record.goals}
    found = own.record.newest(FORM, goal) if goal in known else None
    if found is None:
        raise Http404
    return found


@own_door("goals_homework", "write")
def rate(request: HttpRequest, own: Own, goal_id: str) -> HttpResponse:
    """Take in where the client is with a goal: one tap. It counts for the session that was held last."""
    stands, typed = _stands(own, goal_id), typed_in(request)
    value, made = dict(typed).get("now", ""), id_of(typed)
    if request.method != "POST" or made is None or value not in TEN:
        return redirect("portal-goals")
    session = max((one.number or 0 for one in own.record.held()), default=0) or 1
    before = [row for row in stands.answers.get("ratings") or () if row.get("session") != session]
    answers = {**stands.answers, "ratings": [*before, {"session": session, "value": int(value)}]}
    return _newer(request, own, goal_id, stands, answers, made)


@own_door("goals_homework", "write")
def went(request: HttpRequest, own: Own, goal_id: str) -> HttpResponse:
    """Take in how a limit went: how far it was kept, and what happened."""
    stands = _stands(own, goal_id)
    limit = stands.answers.get("boundary") or {}
    if not limit:
        return redirect("portal-goals")
    about_it = {"goal": _goal(own, goal_id), "steps": range(11)}
    sheet = Sheet(FORM, "life/limit", tab="mine", about=goal_id, more=about_it)
    answer = before_sending(request, own, sheet, partial(show, request, own, sheet))
    if answer is not None:
        return answer
    typed = typed_in(request)
    kept, words = (dict(typed).get(name, "").replace("\0", "").strip()[:LONGEST] for name in ("kept", "note"))
    if not (kept in TEN or words):
        return show(request, own, sheet, typed, status=422, wrong=[Wrong("_empty", EMPTY)])
    row: dict[str, Any] = {"date": own.today.isoformat()}
    row |= {"kept": int(kept)} if kept in TEN else {}
    row |= {"note": words} if words else {}
    answers = {**stands.answers, "boundary": {**limit, "log": [*(limit.get("log") or ()), row]}}
    return _newer(request, own, goal_id, stands, answers, sent_id(typed))


def _newer(
    request: HttpRequest, own: Own, goal: str, stands: Entry, answers: dict[str, Any], made: UUID
) -> HttpResponse:
    """Write a newer version of a goal's sheet; tapped twice, it is one."""
    if stands.id == str(made):
        return _on("again")
    saved = save(request, own, FORM, answers, made, about=goal, replaces=UUID(stands.id), visibility=stands.visibility)
    return saved if isinstance(saved, HttpResponse) else _on("rated" if saved.made else "again")
