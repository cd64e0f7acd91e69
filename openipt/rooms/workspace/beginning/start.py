"""Doors to a session: it begins, nobody came, or its sheet was wrong. And what waits on a course's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.drafting_outcomes import OUTCOME
from openipt.casebook.operations.missing import amend_whether_met, miss_session
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.sessions import (
    MISSED,
    SHEET,
    NumberTaken,
    hold_session,
    sheet_answers,
    uses_of,
)
from openipt.casebook.queries.deadlines import Deadline, deadlines
from openipt.casebook.queries.notes import NOTE, own_drafts, unsigned
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, door, kind_of_thing
from openipt.rooms.filling.asked_for import about_in_words, may_write, names_of, zone_of
from openipt.rooms.filling.called import field_name
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.risk.answered import open_ones
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import left_blank, where
from openipt.therapy.course.meetings import meetings
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.record import Session
from openipt.therapy.vocabulary import words_of

HELD = ("attended", "joint", "double", "phone_check")
REASONS = ("Ill", "Work", "Travel or transport", "Looking after somebody", "Did not say")
OUTCOME_IN_WORDS = "What was done about an answer"
LONGEST_AGO = timedelta(days=400)
AHEAD = timedelta(days=14)  # a date that will not be kept lies ahead sometimes
NOW = "now"  # what the button says that begins a session as it usually is
NUMBER = "_number"  # the session that a page was opened for
NEWEST = 3  # notes that wait, shown one by one


# ---- doors ----


@door("appointments", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, course_id: str) -> HttpResponse:
    """Begin the next session: by one tap as it usually is, or as the page says."""
    one, now = _opened(request, course_id)
    zone = zone_of(who(request).organisation)
    usual = as_usual(one, now.astimezone(ZoneInfo(zone)))
    held_now = going_on(one, now.astimezone(ZoneInfo(zone)).date())
    if request.method != "POST":
        return _new(request, one, Said(usual), going_on=held_now)
    said = Said.of(request)
    at_once = said.typed.pop("_do", "") == NOW
    if at_once:
        said.typed |= usual
    facts = _facts(said, one, HELD, now, zone)
    if said.wrong or facts is None:
        return _new(request, one, said, status=422)
    number = next_number(one) if uses_of(facts["kind"]) else 0
    made = said.id()
    if _is_there(one, made):
        return redirect("meeting", course_id, made)
    shown = said.typed.get(NUMBER, "")
    if number and shown.isascii() and shown.isdigit() and len(shown) < 4 and int(shown) < number:
        return _new(request, one, said, status=409, taken=int(shown))  # another tab began the one this page was for
    if at_once and held_now:  # one tap begins no second session beside the one of today: that takes the whole page
        return _new(request, one, said, status=409, going_on=held_now)
    try:
        hold_session(by=who(request), at=now, enrolment=course_id, number=number, id=made, **facts)
    except NumberTaken as taken:  # somebody began a session meanwhile, or another tab did
        return _new(request, find_course(request, course_id), said, status=409, taken=taken.number)
    except (Invalid, SameIdOtherBody):
        said.wrong["kind"] = "This page was used for another session already. Nothing is lost: begin it once more."
        said.typed.pop("_id", None)
        return _new(request, one, said, status=409)
    return redirect(f"{reverse('meeting', args=[course_id, made])}?told=started")


@door("appointments", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def missed(request: HttpRequest, course_id: str) -> HttpResponse:
    """Write in three taps that nobody met: the reason, and whether it was cancelled late or nobody came."""
    one, now = _opened(request, course_id)
    zone = zone_of(who(request).organisation)
    here = now.astimezone(ZoneInfo(zone))
    if request.method != "POST":
        expected = _expected(one, here)
        return _missed(request, one, Said({"day": expected[0], "time": expected[1]}))
    said = Said.of(request)
    facts = _facts(said, one, MISSED, now, zone)
    reason = " ".join(part for part in (said.one_of("reason", REASONS), said.text("own_words", most=400)) if part)
    if said.wrong or facts is None:
        return _missed(request, one, said, status=422)
    uses = 1 if said.ticked("counts") else 0
    number = next_number(one) if uses else 0
    made = said.id()
    if _is_there(one, made):
        return redirect(f"{reverse('course', args=[course_id])}#h-sessions")
    try:
        miss_session(
            by=who(request),
            at=now,
            enrolment=course_id,
            number=number,
            id=made,
            uses=uses,
            missed_reason=reason,
            kind=facts["kind"],
            happened_at=facts["happened_at"],
        )
    except (NumberTaken, Invalid, SameIdOtherBody):
        said.wrong["day"] = "The course changed while this page was open. Nothing is lost: save once more."
        said.typed.pop("_id", None)
        return _missed(request, one, said, status=409)
    return redirect(f"{reverse('course', args=[course_id])}#h-sessions")


@door("appointments", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Write a session's sheet anew: the older one is kept."""
    one, now = _opened(request, course_id)
    met = next((known for known in one.record.sessions if known.id == session_id), None)
    if met is None:
        raise NotVisible(session_id)
    if request.method != "POST":
        return _amend(request, one, met, Said(_as_typed(met)))
    said = Said.of(request)
    facts = _facts(said, one, (*HELD, *MISSED, "pre_group"), now, zone_of(who(request).organisation))
    if said.wrong or facts is None:
        return _amend(request, one, met, said, status=422)
    happened_at = facts.pop("happened_at")
    uses = uses_of(facts["kind"]) or int(facts["kind"] in MISSED and said.ticked("counts"))
    number = met.number if uses or one.group else 0
    number = number or (next_number(one) if uses else 0)
    try:
        amend_whether_met(
            by=who(request),
            at=now,
            enrolment=course_id,
            session=session_id,
            answers=sheet_answers(number, **facts, uses=uses),
            happened_at=happened_at,
            id=said.id(),
        )
    except (Invalid, Replaced, SameIdOtherBody):
        said.wrong["kind"] = "Somebody changed this session while the page was open. Look at it again, then save."
        said.typed.pop("_id", None)
        return _amend(request, find_course(request, course_id), met, said, status=409)
    return redirect(f"{reverse('meeting', args=[course_id, session_id])}?told=amended")


# ---- what the pages need ----


def as_usual(one: Course, here: datetime) -> dict[str, str]:
    """Return what the next session is if nobody says otherwise: held now, as long as agreed, where the last one was."""
    agreed = one.record.says("contract")
    minutes = agreed.get("minutes") or one.manual.dose.minutes
    last = one.record.held()[-1] if one.record.held() else None
    usual = {"day": f"{here:%Y-%m-%d}", "time": f"{here:%H:%M}", "kind": "attended", "minutes": str(minutes)}
    return usual | {"modality": (last.modality if last else None) or agreed.get("modality") or "in_person"}


def next_number(one: Course) -> int:
    """Return the number of the session that comes next: after those used, and never one that is there already."""
    used = where(one.manual, one.record, timezone.localdate()).held
    return max([used, *(known.number for known in one.record.sessions)]) + 1


def going_on(one: Course, today: date) -> Session | None:
    """Return the session of today whose card is not written yet: the one to go on with."""
    closed = {entry.about for entry in one.record.of("session-record")}
    held = [met for met in one.record.held() if met.number and met.day == today and met.id not in closed]
    return held[-1] if held else None


def _is_there(one: Course, made: UUID) -> bool:
    """Whether this page was sent before: then there is nothing left to do."""
    return any(met.id == str(made) for met in one.record.sessions)


def _opened(request: HttpRequest, course_id: str) -> tuple[Course, datetime]:
    """Open a course for whoever may write that a session took place; a reader gets no page to write on."""
    now = timezone.now()
    find_enrolment(who(request), course_id, kind_of_thing("session"), "write", now)
    return find_course(request, course_id), now


def _facts(said: Said, one: Course, kinds: tuple[str, ...], now: datetime, zone: str) -> dict[str, Any] | None:
    kind = said.one_of("kind", kinds, "Say which kind of session it was.")
    today = now.astimezone(ZoneInfo(zone)).date()
    last = today + AHEAD if kind in MISSED else today
    at = said.moment("day", "time", zone, first=today - LONGEST_AGO, last=last)
    if at is not None and at > now and kind not in MISSED:
        said.wrong["time"] = "This time lies ahead. Begin the session when it begins."
    if at is not None and at > now and kind == "no_show":
        said.wrong["day"] = "This date lies ahead, so nobody can have stayed away yet. Was it cancelled?"
    minutes = said.whole("minutes", 0, 600)
    modality = said.one_of("modality", words_of("modalities"))
    people = names_of(one.record)
    with_people = [name for name in people if said.ticked(f"with_{name}")] if kind == "joint" else []
    if at is None or said.wrong:
        return None
    return {
        "kind": kind,
        "happened_at": at,
        "minutes": minutes,
        "modality": modality or None,
        "with_people": with_people,
    }


def _expected(one: Course, here: datetime) -> tuple[str, str]:
    """Return the date that was agreed last, if it lies near; else today, at the hour of the last session."""
    held = one.record.held()
    agreed = one.record.says("session-record", held[-1].id).get("next_date") if held else None
    if agreed and abs(datetime.fromisoformat(agreed).date() - here.date()) <= AHEAD:
        return agreed[:10], agreed[11:16]
    usual = f"{held[-1].happened_at:%H:%M}" if held else f"{here:%H:%M}"
    return f"{here:%Y-%m-%d}", min(usual, f"{here:%H:%M}")  # nobody stays away from what lies ahead


def _as_typed(met: Session) -> dict[str, str]:
    typed = {
        "day": f"{met.happened_at:%Y-%m-%d}",
        "time": f"{met.happened_at:%H:%M}",
        "kind": met.kind,
        "minutes": "" if met.minutes is None else str(met.minutes),
        "modality": met.modality or "",
        "counts": "1" if met.uses else "",
    }
    return typed | {f"with_{name}": "1" for name in met.with_people}


def _new(request: HttpRequest, one: Course, said: Said, status: int = 200, **more: Any) -> HttpResponse:
    number = next_number(one)
    page = {"what": "new", "title": f"Session {number}", "number": number, "kinds": _kinds(HELD), **more}
    return _form(request, one, said, status, **page)


def _missed(request: HttpRequest, one: Course, said: Said, status: int = 200) -> HttpResponse:
    return _form(request, one, said, status, what="missed", title="Nobody met", reasons=REASONS)


def _amend(request: HttpRequest, one: Course, met: Session, said: Said, status: int = 200) -> HttpResponse:
    kinds = _kinds((*HELD, *MISSED, *(("pre_group",) if one.group else ())))
    title = f"Change session {met.number}" if met.number else "Change this session"
    return _form(request, one, said, status, what="amend", title=title, kinds=kinds, session=met)


def _kinds(names: tuple[str, ...]) -> list[tuple[str, str, int]]:
    words = words_of("session_kinds")
    return [(name, words[name], uses_of(name)) for name in names]


def _form(request: HttpRequest, one: Course, said: Said, status: int, **more: Any) -> HttpResponse:
    people = [(f"with_{name}", words, said.ticked(f"with_{name}")) for name, words in names_of(one.record).items()]
    page = {
        "here": "caseload",
        "tab": "session",
        "all": one,
        "typed": said.typed,
        "made_id": str(said.id()),
        "wrong": said.wrong,
        "modalities": list(words_of("modalities").items()),
        "people": people,
        **more,
    }
    return render(request, "workspace/new_session.html", page, status=status)


# ---- the course page ----


@dataclass(frozen=True, slots=True)
class Begun:
    """Something not yet handed in: what it is, about what, since when, and where it goes on."""

    title: str
    about: str
    saved_at: datetime
    beside: bool
    address: str


def waiting(request: HttpRequest, one: Course) -> dict[str, Any]:
    """Return what the course page adds for whoever works on it: what to begin, what was begun, what is not signed."""
    if not one.named:
        return {}
    actor, now = who(request), timezone.now()
    may = may_write(actor, one.id, open_form(SHEET), now)
    notes = unsigned(one.record)
    return {
        "may_write": may,
        "next_number": next_number(one),
        "begin_id": uuid4(),
        "going_on": going_on(one, now.astimezone(ZoneInfo(zone_of(actor.organisation))).date()),
        "drafts": [_begun(one, draft) for draft in own_drafts(actor, one.id)] if may else [],
        "intake": _intake(one) if may else None,
        "extra_meetings": [held.why for held in meetings(one.manual, one.record, now.date())] if may else [],
        "unsigned": notes[:NEWEST],
        "unsigned_more": max(0, len(notes) - NEWEST),
        "missed_sessions": [
            (met, one.record.says("session-record", met.id).get("missed_reason") or "")
            for met in one.record.sessions
            if not met.attended
        ],
        "open_flags": open_ones(one.manual, one.record, _due(actor, one), now),
        "left_blank": left_blank(one.record, now.date()),
        "zone": zone_of(actor.organisation),
    }


def _due(actor: Actor, one: Course) -> tuple[Deadline, ...]:
    """Return the deadlines of a course; where nothing waits, nothing is asked."""
    waits = any(flag.state == "new" and not flag.outcomes for flag in one.record.flags)
    return deadlines(actor, (one.id,)).get(one.id, ()) if waits else ()


def _intake(one: Course) -> str | None:
    """Return where the intake is written while it holds no more than a name: as a newer version of that."""
    entry = one.record.newest("intake")
    if entry is not None and entry.answers.get("diagnosis"):
        return None
    older = f"?replaces={entry.id}" if entry else ""
    return reverse("fill", args=[one.id, "intake"]) + older


def _begun(one: Course, draft: Any) -> Begun:
    title = field_name(open_form(draft.form)) if has_form(draft.form) else OUTCOME_IN_WORDS
    words = about_in_words(one.record, draft.about) if draft.about and has_form(draft.form) else ""
    page = _page_of(one, draft)
    if page is not None:
        of_session = any(met.id == draft.about for met in one.record.sessions)
        return Begun(title, (words or "") if of_session else "", draft.saved_at, draft.beside, page)
    about = f"?about={draft.about}" if draft.about else ""
    address = reverse("fill", args=[one.id, draft.form]) + about
    return Begun(title, words or "", draft.saved_at, draft.beside, address)


def _page_of(one: Course, draft: Any) -> str | None:
    """Return the page that keeps this draft by itself; None where it is a sheet like any other."""
    if any(met.id == draft.about for met in one.record.sessions):
        if draft.form == "session-record":
            return reverse("meeting", args=[one.id, draft.about]) + "#h-after"
        return reverse("note", args=[one.id, draft.about]) if draft.form == NOTE else None
    if draft.form == OUTCOME:
        return reverse("flag", args=[one.id, draft.about]) + "#h-outcome"
    if draft.form == "decision-record" and any(point.id == draft.about for point in one.manual.decision_points):
        return reverse("decision", args=[one.id, draft.about])
    if draft.form == "mid-review" and draft.about == "review":
        return reverse("review", args=[one.id])
    if draft.form == "ending" and draft.about in words_of("endings"):
        return f"{reverse('ending', args=[one.id])}?how={draft.about}"
    return None
