"""Doors to flags: what was answered, whose task it is, until when; an outcome in words, or another person's task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openipt.casebook.operations.flagging import WrittenAlready, answer_flag, hand_over_flag, see_flag
from openipt.casebook.queries.flags import FlagTold, colleagues, flag_told, flags_told, may_answer
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.said import ID, Said
from openipt.therapy.course import derived_flags
from openipt.therapy.course.flags import PLAN_HOLDS, SELF_HARM_RULES, plan_is_current
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.record import Entry
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, say

LONGEST_COVER = timedelta(days=7)  # beyond its new time, for whoever takes a flag of a course that is not theirs
HAND_WITHIN = timedelta(hours=2)  # proposed where the flag's own time has passed
LONGEST_DUE = timedelta(days=3)  # the longest span a rule of the vocabulary gives
WHAT_WAS_DONE = "Write in a sentence or two what was said and what was done."
NO_PLAN = (
    "No safety plan on record holds today. Make it, or look at it together, and then write this. "
    "Until then the flag can stay open."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question behind a flag and its answer, in the words of the sheet; no words where the shelf holds none."""

    form: str
    question: str | None
    answer: str | None
    entry: str
    alone: bool


@door("risk_flags", "read")
@require_safe
def flags(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the flags of a course: those that wait first."""
    one, now = find_course(request, course_id), timezone.now()
    told = [(flag, _why(one, flag, now), flag.is_overdue(now)) for flag in flags_told(who(request), course_id, now)]
    page = {"here": "caseload", "tab": "flags", "all": one, "flags": told, "zone": zone_of(who(request).organisation)}
    return render(request, "workspace/flags.html", page)


@door("risk_flags", "read")
@require_safe
def flag(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Show one flag. Whoever's task it is has seen it from now on."""
    now, actor = timezone.now(), who(request)
    found = flag_told(actor, course_id, flag_id, now)
    if found.waits and str(found.owner) == actor.id:
        see_flag(by=actor, at=now, flag=found.row)
        found = flag_told(actor, course_id, flag_id, now)
    return _page(request, course_id, found, now)


@door("risk_flags", "write")
@require_POST
def outcome(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Take in what was done: it is closed, known from now on, or still open in the same hands."""
    now, actor = timezone.now(), who(request)
    found = flag_told(actor, course_id, flag_id, now)
    said = Said.of(request)
    words = said.text("words", WHAT_WAS_DONE)
    offered = ("closed", "known", "open") if found.waits else ("closed", "known")
    what = said.one_of("what", offered, "Say how it stands now: settled, known, or still open.")
    more = _more(said, now, actor.organisation)
    if what == "known":
        more |= _plan(request, course_id, said, found, now)
    if said.wrong:
        return _page(request, course_id, found, now, said, status=422)
    try:
        _write(actor, now, found, what, words, said, more)
    except WrittenAlready:
        return _again(request, course_id, flag_id, said)
    return redirect("flag", course_id, flag_id)


def _write(
    actor: Actor, now: datetime, found: FlagTold, what: str, words: str, said: Said, more: dict[str, Any]
) -> None:
    made = said.id()
    if what == "open":
        due = found.due_at or now + LONGEST_DUE
        to = found.owner or UUID(actor.id)
        hand_over_flag(by=actor, at=now, flag=found.row, to=to, words=words, due_at=due, id=made)
        return
    more["assessed"] = said.ticked("assessed")
    answer_flag(by=actor, at=now, flag=found.row, words=words, closes=what == "closed", id=made, **more)


def _again(request: HttpRequest, course_id: str, flag_id: str, said: Said) -> HttpResponse:
    """Show what a page that was used already has written, with what was typed now below it."""
    now = timezone.now()
    said.typed.pop(ID, None)
    said.wrong["words"] = (
        "This page had written something already; it stands above. Is this to be added? Then save again."
    )
    return _page(request, course_id, flag_told(who(request), course_id, flag_id, now), now, said, status=409)


@door("risk_flags", "write")
@require_POST
def hand_over(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Hand a flag to a colleague, with words and a new time."""
    now, actor = timezone.now(), who(request)
    found = flag_told(actor, course_id, flag_id, now)
    said = Said.of(request)
    others = {str(one.id): one for one in colleagues(actor, course_id, now)}
    to = others.get(said.one_of("to", others, "Choose a colleague."))
    words = said.text("hand_words", "Write what was done so far, and what you ask for.")
    zone = zone_of(actor.organisation)
    today = now.astimezone(ZoneInfo(zone)).date()
    due = said.moment("due_day", "due_time", zone, first=today, last=today + LONGEST_DUE)
    if not found.waits:
        said.wrong["to"] = "This was answered meanwhile; what was written stands above."
    if due is not None and due <= now:
        said.wrong["due_time"] = "This time has passed. By when do you ask for an answer?"
    if said.wrong or to is None or due is None:
        return _page(request, course_id, found, now, said, status=422)
    cover = None if to.tied else due + LONGEST_COVER
    try:
        hand_over_flag(
            by=actor, at=now, flag=found.row, to=to.id, words=words, due_at=due, id=said.id(), cover_until=cover
        )
    except WrittenAlready:
        return _again(request, course_id, flag_id, said)
    return redirect("flag", course_id, flag_id)


def _more(said: Said, now: datetime, organisation: str) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(zone_of(organisation))).date()
    contact = said.day("next_contact", first=today, last=today + timedelta(days=90))
    more: dict[str, Any] = {"supervisor_informed": said.ticked("supervisor")}
    return more | ({"next_contact": contact.isoformat()} if contact else {})


def _plan(request: HttpRequest, course_id: str, said: Said, found: FlagTold, now: datetime) -> dict[str, Any]:
    """Known means: assessed, with a safety plan that holds, looked at again in four weeks at most."""
    today = now.astimezone(ZoneInfo(zone_of(who(request).organisation))).date()
    review = said.day("review_by", "Until when does it hold? Four weeks at most.", first=today, last=today + PLAN_HOLDS)
    if found.rule not in SELF_HARM_RULES:
        said.wrong["what"] = (
            "Only thoughts of death and self-harm can be known with a plan. Close it, or leave it open."
        )
    elif not plan_is_current(find_course(request, course_id).record, today):
        said.wrong["what"] = NO_PLAN
    return {"review_by": review.isoformat()} if review else {}


def _page(
    request: HttpRequest, course_id: str, found: FlagTold, now: datetime, said: Said | None = None, status: int = 200
) -> HttpResponse:
    actor = who(request)
    one = find_course(request, course_id, str(found.row))
    zone = zone_of(actor.organisation)
    today = now.astimezone(ZoneInfo(zone)).date()
    typed = said or Said()
    hands = "hand_words" in typed.typed
    due = (found.due_at if found.due_at and found.due_at > now else now + HAND_WITHIN).astimezone(ZoneInfo(zone))
    page: Mapping[str, Any] = {
        "here": "caseload",
        "tab": "flags",
        "all": one,
        "flag": found,
        "why": _why(one, found, now),
        "asked": _asked(one, found),
        "does": vocabulary()["flag_rules"][found.rule]["does"],
        "due_words": say(f"flag_due.{vocabulary()['flag_rules'][found.rule]['deadline'].lower()}"),
        "overdue": found.is_overdue(now),
        "mine": str(found.owner) == actor.id,
        "can_be_known": found.rule in SELF_HARM_RULES,
        "plan_holds": plan_is_current(one.record, today),
        "plan_until": today + PLAN_HOLDS,
        "may_answer": may_answer(actor, course_id, now),
        "colleagues": colleagues(actor, course_id, now),
        "typed": typed.typed,
        "wrong": typed.wrong,
        "spoken": any(entry.happened_at >= found.answered_at for entry in one.record.of("safety-conversation")),
        "zone": zone,
        "new_id": str(uuid4()) if hands else str(typed.id()),
        "hand_id": str(typed.id()) if hands else str(uuid4()),
        "due_day": typed.typed.get("due_day", f"{due:%Y-%m-%d}"),
        "due_time": typed.typed.get("due_time", f"{due:%H:%M}"),
    }
    return render(request, "workspace/flag.html", page, status=status)


def _why(course: Course, found: FlagTold, now: datetime) -> Sentence:
    """Say what was answered, as the rules tell it; where they no longer do, that an answer asked for a person."""
    today = now.date()
    for one in derived_flags(course.manual, course.record, today):
        if one.rule == found.rule and one.handled is not None and one.handled.id in (found.id, str(found.row)):
            return one.why
    return say("flag_page.raised")


def _asked(course: Course, found: FlagTold) -> Asked | None:
    entry = next((one for one in course.record.entries if found.entry in (one.id,)), None)
    if entry is None or not has_form(entry.form):
        return None
    form = open_form(entry.form, entry.version)
    item = next((one for one in form.items if one.id == found.item), None)
    alone = entry.visibility == "staff_asked_alone"
    return Asked(form.name, (item.label or item.topic) if item else None, _answer(form, item, entry), entry.id, alone)


def _answer(form: Any, item: Any, entry: Entry) -> str | None:
    value = entry.answers.get(item.id) if item else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(item, ChoiceItem):
        return next((words for answer, words in choices_of(form, item) if answer == value), None)
    return None if value is None else str(value)
