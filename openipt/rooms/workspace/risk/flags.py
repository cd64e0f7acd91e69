"""Doors to flags: what was answered, whose task it is, until when; an outcome in words, or another person's task."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openipt.casebook.operations.flagging import (
    NotKnown,
    Outcome,
    WrittenAlready,
    answer_flag,
    hand_over_flag,
    is_reason,
    see_flag,
)
from openipt.casebook.queries.flags import FlagTold, colleagues, flag_told, flags_told, may_answer
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.deciding.kept import DROP, settle
from openipt.rooms.workspace.deciding.opening import lasting
from openipt.rooms.workspace.risk import passed_on
from openipt.rooms.workspace.risk.answered import (
    asked_in,
    asks_for,
    by_client,
    came_late,
    known_until,
    open_ones,
    seen_first,
    why_of,
)
from openipt.rooms.workspace.risk.outcome_kept import left
from openipt.rooms.workspace.risk.promised import in_words, promise_of, told_closed
from openipt.rooms.workspace.risk.talked import talked, why_not_alone
from openipt.rooms.workspace.said import ID, Said
from openipt.therapy.course.conversations import was_spoken_about
from openipt.therapy.course.flags import PLAN_HOLDS, SELF_HARM_RULES, plan_is_current
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import say

LONGEST_COVER = timedelta(days=7)  # beyond its new time, for whoever takes a flag of a course that is not theirs
HAND_WITHIN = timedelta(hours=2)  # proposed where the flag's own time has passed
LONGEST_DUE = timedelta(days=3)  # the longest span a rule of the vocabulary gives
WHAT_WAS_DONE = "Write in a sentence or two what was said and what was done."
WHY_NONE = (
    "Write in a sentence why there was no safety conversation. Or leave it empty: then what you wrote is kept, "
    "and it stays open."
)
KNOWN_TAKES = {  # what the operation asks for -> the field of the page, and what to do
    "rule": ("what", "Only thoughts of death and self-harm can be known with a plan. Close it, or leave it open."),
    "plan": (
        "what",
        "No safety plan on record holds today. Make it, or look at it together, and then write this. "
        "Until then the flag can stay open.",
    ),
    "assessed": ("assessed", "Known takes a conversation that was recorded: speak about it alone, then tick the box."),
    "review_by": ("review_by", "Until when does it hold? Four weeks at most."),
}


@door("risk_flags", "read")
@require_safe
def flags(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the flags of a course: those that wait first."""
    one, now = find_course(request, course_id), timezone.now()
    found = flags_told(who(request), course_id, now)
    waits = [flag for flag in found if flag.waits]
    if "waits" in request.GET and len(waits) == 1:  # the only one: no page of one line before it
        return redirect("flag", course_id, waits[0].id)
    told = [(flag, why_of(one.manual, one.record, flag, now), flag.is_overdue(now)) for flag in found]
    page = {"here": "caseload", "tab": "flags", "all": one, "flags": told, "zone": zone_of(who(request).organisation)}
    return render(request, "workspace/flags.html", page)


@door("risk_flags", "read")
@require_safe
def flag(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Show one flag. Whoever's task it is has seen it from now on."""
    now, actor = timezone.now(), who(request)
    if not _may_answer(request, course_id, now):
        with suppress(NotVisible, NotAllowed):  # it may have been passed on to them: a supervisor, whoever leads
            return passed_on.page(request, course_id, flag_id, now)
    found = flag_told(actor, course_id, flag_id, now)
    if found.waits and str(found.owner) == actor.id and not _saw(found):
        see_flag(by=actor, at=now, flag=found.row)
        found = flag_told(actor, course_id, flag_id, now)
    return _page(request, course_id, found, now)


def _saw(found: FlagTold) -> bool:
    """Whether whose task it is has seen it already."""
    return any(step.kind == "seen" and step.by == found.owner_name for step in found.steps)


def _may_answer(request: HttpRequest, course_id: str, now: datetime) -> bool:
    try:
        return may_answer(who(request), course_id, now)
    except (NotVisible, NotAllowed):
        return False


@lasting("risk_flags", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Take in what was done: it is closed, known from now on, or still open in the same hands."""
    if request.method != "POST":
        return _come_back(request, course_id, flag_id)
    now, actor = timezone.now(), who(request)
    found = flag_told(actor, course_id, flag_id, now)
    said = Said.of(request)
    if said.typed.get("_do") == DROP:
        settle(actor, said)
        return redirect("flag", course_id, flag_id)
    words = said.text("words", WHAT_WAS_DONE)
    offered = ("closed", "known", "open") if found.waits else ("closed", "known")
    what = said.one_of("what", offered, "Say how it stands now: settled, known, or still open.")
    more = _more(said, now, actor.organisation)
    if what == "known":
        more |= _review(said, now, actor.organisation)
    more |= _spoken(request, course_id, found, said, what)
    if said.wrong:
        return _page(request, course_id, found, now, said, status=422)
    try:
        stands = _write(actor, now, found, what, words, said, more)
    except WrittenAlready:
        return _again(request, course_id, flag_id, said)
    except NotKnown as refused:
        said.wrong |= {field: words for name, (field, words) in KNOWN_TAKES.items() if name in refused.lacks}
        return _page(request, course_id, found, now, said, status=422)
    settle(actor, said)
    stays = "?stays" if what == "closed" and stands == "open" else ""
    return redirect(reverse("flag", args=[course_id, flag_id]) + stays)


def _spoken(request: HttpRequest, course_id: str, found: FlagTold, said: Said, what: str) -> dict[str, Any]:
    """Read what is said about a safety conversation: that there was one stands only where its sheet is there."""
    since = found.answered_at.astimezone(ZoneInfo(zone_of(who(request).organisation))).date()
    known = find_course(request, course_id, str(found.row)).record
    spoken = was_spoken_about(known, since)
    why_none = said.text("no_conversation", most=1000)
    not_alone = why_not_alone(known, since) if said.ticked("assessed") else None
    if not_alone:
        said.wrong["assessed"] = not_alone
    if what == "closed" and why_none and not spoken and not is_reason(why_none):
        said.wrong.setdefault("no_conversation", WHY_NONE)
    keeps_reason = what == "closed" and why_none and not spoken
    return {"assessed": said.ticked("assessed")} | ({"no_conversation": why_none} if keeps_reason else {})


def _write(
    actor: Actor, now: datetime, found: FlagTold, what: str, words: str, said: Said, more: dict[str, Any]
) -> Outcome:
    made = said.id()
    if what == "open":
        due = found.due_at or now + LONGEST_DUE
        to = found.owner or UUID(actor.id)
        hand_over_flag(by=actor, at=now, flag=found.row, to=to, words=words, due_at=due, id=made, **more)
        return "open"
    return answer_flag(by=actor, at=now, flag=found.row, words=words, closes=what == "closed", id=made, **more)


def _again(request: HttpRequest, course_id: str, flag_id: str, said: Said) -> HttpResponse:
    """Show what a page that was used already has written, with what was typed now below it."""
    now = timezone.now()
    said.typed.pop(ID, None)
    said.wrong["words"] = (
        "This page had written something already; it stands above. Is this to be added? Then save again."
    )
    return _page(request, course_id, flag_told(who(request), course_id, flag_id, now), now, said, status=409)


@lasting("risk_flags", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Hand a flag to a colleague, with words and a new time."""
    if request.method != "POST":
        return _come_back(request, course_id, flag_id)
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


def _come_back(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Show the flag with what was typed before the sign-in ran out; else as it stands."""
    find_enrolment(who(request), course_id, "risk_flags", "write", timezone.now())
    typed = come_back(request, who(request).id)
    if typed is None:
        return redirect("flag", course_id, flag_id)
    now = timezone.now()
    found = flag_told(who(request), course_id, flag_id, now)
    return forget(request, _page(request, course_id, found, now, Said(dict(typed))))


def _more(said: Said, now: datetime, organisation: str) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(zone_of(organisation))).date()
    contact = said.day("next_contact", first=today, last=today + timedelta(days=90))
    more: dict[str, Any] = {"supervisor_informed": said.ticked("supervisor")}
    return more | ({"next_contact": contact.isoformat()} if contact else {})


def _review(said: Said, now: datetime, organisation: str) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(zone_of(organisation))).date()
    needed = "Until when does it hold? Four weeks at most."
    review = said.day("review_by", needed, first=today, last=today + PLAN_HOLDS)
    return {"review_by": review.isoformat()} if review else {}


def _page(
    request: HttpRequest, course_id: str, found: FlagTold, now: datetime, said: Said | None = None, status: int = 200
) -> HttpResponse:
    actor = who(request)
    one = find_course(request, course_id, str(found.row))
    may = may_answer(actor, course_id, now)
    kept = left(actor, course_id, found.id, now) if may and said is None else None
    zone = zone_of(actor.organisation)
    today = now.astimezone(ZoneInfo(zone)).date()
    typed = said or Said(kept.typed if kept else None)
    hands = "hand_words" in typed.typed
    handing = hands or "hand" in request.GET  # who could take it is looked up once somebody asks
    due = (found.due_at if found.due_at and found.due_at > now else now + HAND_WITHIN).astimezone(ZoneInfo(zone))
    given = promise_of(find_enrolment(actor, course_id, "risk_flags", "read", now).enrolment.organisation)
    page: Mapping[str, Any] = {
        "here": "caseload",
        "tab": "flags",
        "all": one,
        "flag": found,
        "why": why_of(one.manual, one.record, found, now),
        "asked": asked_in(one.record, found),
        "does": asks_for(found.rule),
        "due_words": say(f"flag_due.{vocabulary()['flag_rules'][found.rule]['deadline'].lower()}"),
        "overdue": found.is_overdue(now),
        "mine": str(found.owner) == actor.id,
        "can_be_known": found.rule in SELF_HARM_RULES,
        "plan_holds": plan_is_current(one.record, today),
        "plan_until": today + PLAN_HOLDS,
        "may_answer": may,
        "kept_at": kept.at if kept else None,
        "keeps_at": reverse("flag-draft", args=[course_id, found.id]),
        "colleagues": colleagues(actor, course_id, now) if handing else (),
        "handing": handing,
        "typed": typed.typed,
        "wrong": typed.wrong,
        "seen": seen_first(found),
        "late": came_late(found),
        "known_until": known_until(found),
        "review_passed": (known_until(found) or today) < today,
        "promise": in_words(given),
        "told_closed": told_closed(given, found.received_at) if by_client(one.record, found) else None,
        **talked(one, found, found.answered_at.astimezone(ZoneInfo(zone)).date()),
        "told": "told" in request.GET,
        "others": [other for other in open_ones(one.manual, one.record, (), now) if other.id != found.id],
        "stays": "stays" in request.GET and found.waits,
        "zone": zone,
        "for_outcome": made_for(actor.id, reverse("flag-outcome", args=[course_id, found.id])),
        "for_hand": made_for(actor.id, reverse("flag-hand-over", args=[course_id, found.id])),
        "new_id": str(uuid4()) if hands else str(typed.id()),
        "hand_id": str(typed.id()) if hands else str(uuid4()),
        "due_day": typed.typed.get("due_day", f"{due:%Y-%m-%d}"),
        "due_time": typed.typed.get("due_time", f"{due:%H:%M}"),
    }
    return render(request, "workspace/flag.html", page, status=status)
