"""The page on which a course ends: a proper ending, or another; what is wanting is said, and holds nothing back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.ending import close_if_ready, end_course, to_settle
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.sheet import Sheet
from openipt.rooms.workspace.course.relations import ratings_of
from openipt.rooms.workspace.deciding.kept import Place, settle
from openipt.rooms.workspace.deciding.opening import FASTER, USED, Desk, lasting, lines_of, open_desk, says_more
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import closing, outcome_form
from openipt.therapy.record import Record, done_tasks
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import vocabulary, words_of

ENDING, TALK, PLAN = "ending", "ending-talk", "relapse-plan"
MONTHS = (1, 3, 6, 12)
MONTH = timedelta(days=30)
WHO = ("The family doctor", "The contact person, as agreed", "The supervisor", "Nobody else")
WAY_BACK = (
    "Ring or write when it suits you."  # no promise; said only where somebody stopped coming, to keep it at three taps
)
HELP = {
    "finished": "What changed, the feelings about stopping, the plan for keeping well.",
    "stopped_coming": "Three taps; answers that asked for a person come first.",
    "referred": "Stays on the list until the client has arrived there.",
    "moved": "What comes next, and the way back.",
    "died": "The day. Nothing else is asked.",
}
TASKS = ("END.08", "END.07")


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show how a course can end, and take in how it did. What happened is always written down."""
    how = request.GET.get("how", "")
    desk = open_desk(request, course_id, place=Place(ENDING, how) if how in HELP else None)
    if request.method != "POST":
        return _page(desk, desk.typed(_given(desk, how)), how)
    said = Said.of(request)
    if desk.dropped(said):
        return redirect(request.get_full_path())
    if said.typed.get("_do") == "close":
        close_if_ready(by=desk.actor, at=desk.now, enrolment=course_id)
        return redirect("ending", course_id)
    how = said.one_of("how", words_of("endings"), "Say how it ended.")
    answers = _answers(desk, said, how)
    if said.wrong:
        return _page(desk, said, how, 422)
    return _write(desk, said, how, answers)


def _write(desk: Desk, said: Said, how: str, answers: dict[str, Any]) -> HttpResponse:
    stands = desk.course.record.newest(ENDING)
    replaces = UUID(stands.id) if stands and said.typed.get("_replaces") == stands.id else None
    beside = _beside(desk, said) if how == "finished" else []
    if says_more(desk, [Sheet(ENDING, answers, desk.now, said.id()), *beside]):
        return _came_second(desk, said, how, USED)
    try:
        end_course(
            by=desk.actor,
            at=desk.now,
            enrolment=desk.course.id,
            answers=answers,
            id=said.id(),
            replaces=replaces,
            beside=beside,
            tasks=[task for task in TASKS if said.ticked(task)],
            settled=said.text("settled"),
        )
    except Invalid as refused:
        said.wrong["on"] = f"This cannot be kept as it stands: {refused}."
        return _page(desk, said, how, 422)
    except (Replaced, SameIdOtherBody) as late:
        return _came_second(desk, said, how, FASTER if isinstance(late, Replaced) else USED)
    settle(desk.actor, said)
    return redirect("ending", desk.course.id)


def _came_second(desk: Desk, said: Said, how: str, notice: str) -> HttpResponse:
    said.typed.pop("_id", None)
    again = desk.again()
    now = again.course.record.newest(ENDING)
    said.typed["_replaces"] = now.id if now else ""
    return _page(again, said, how, 409, notice)


# ---- what was typed ----


def _answers(desk: Desk, said: Said, how: str) -> dict[str, Any]:
    first = desk.course.record.began_on or date(1900, 1, 1)
    on = said.day("on", "Write the day.", first=first, last=desk.today)
    answers: dict[str, Any] = {"ending": how, "on": on.isoformat() if on else None}
    if how == "died":
        return {name: one for name, one in answers.items() if one}
    answers |= {name: said.text(name) for name in ("next_step", "no_measure_reason", "way_back")}
    if how == "stopped_coming":
        told = [one for one in WHO if said.ticked(f"told_{WHO.index(one)}")]
        own = said.text("told_own", most=400)
        answers["who_was_told"] = "; ".join([*told, *([own] if own else [])])
    if how == "referred":
        answers["referred_to"] = said.text("referred_to", "Write where the client was referred to.", most=400)
        answers["arrived"] = said.ticked("arrived")
        answers.pop("way_back")
    return {name: one for name, one in answers.items() if one not in ("", None)}


def _beside(desk: Desk, said: Said) -> list[Sheet]:
    """The talk about the ending, and the plan for keeping well: written where something of them is on the page."""
    made = said.id()
    talk: dict[str, Any] = {
        "feelings": [name for name, _ in feelings() if said.ticked(f"feels_{name}")],
        **{name: said.text(name) for name in ("feelings_words", "own_part", "still_hard")},
        "gains": [{"text": line} for line in lines_of(said.text("gains"))],
        "sadness_named": said.ticked("sadness_named") or None,
        "way_back_named": said.ticked("way_back_named") or None,
    }
    talk = {name: one for name, one in talk.items() if one}
    sheets = []
    older = desk.course.record.newest(TALK)
    if talk and (older is None or dict(older.answers) != talk):
        replaces = UUID(older.id) if older else None
        sheets.append(Sheet(TALK, talk, desk.now, uuid5(made, TALK), replaces=replaces))
    plan = desk.course.record.newest(PLAN)
    said_of = _plan(dict(plan.answers) if plan else {}, said)
    if said_of and (plan is None or dict(plan.answers) != said_of):
        replaces = UUID(plan.id) if plan else None
        visibility = plan.visibility if plan else None
        sheets.append(Sheet(PLAN, said_of, desk.now, uuid5(made, PLAN), replaces=replaces, visibility=visibility))
    return sheets


def _plan(before: dict[str, Any], said: Said) -> dict[str, Any]:
    """The plan as it was, with what the page says now; a sign that stood there keeps all that was said of it."""
    plan = dict(before)
    for name, field in (("my_early_signs", "signs"), ("what_worked", "worked")):
        known = {row.get("text"): row for row in before.get(name) or ()}
        rows = [known.get(line, {"text": line}) for line in lines_of(said.text(field))]
        if rows:
            plan[name] = rows
    if back := said.text("way_back"):
        plan["come_back_route"] = back
    days = [said.day(f"check_{n}") for n in MONTHS if said.ticked(f"keep_{n}")]
    if any(days):
        plan["check_in_dates"] = [{"date": day.isoformat()} for day in days if day]
    return plan


def _given(desk: Desk, how: str) -> dict[str, str]:
    """What is on the page before anybody typed: what the record knows already."""
    record = desk.course.record
    stands, talk, plan = record.says(ENDING), record.says(TALK), record.says(PLAN)
    last = record.held()[-1].day if record.held() and how != "stopped_coming" else desk.today
    on = day_of(stands.get("on")) or (last if how == "finished" else desk.today)
    given = {
        name: str(stands.get(name) or "") for name in ("next_step", "no_measure_reason", "referred_to", "way_back")
    }
    given |= {name: str(talk.get(name) or "") for name in ("feelings_words", "own_part", "still_hard")}
    given |= {f"feels_{name}": "1" for name in talk.get("feelings") or ()}
    given |= {name: "1" for name in ("sadness_named", "way_back_named") if talk.get(name)}
    given["gains"] = _joined(talk.get("gains"))
    given["signs"], given["worked"] = _joined(plan.get("my_early_signs")), _joined(plan.get("what_worked"))
    usual = WAY_BACK if how == "stopped_coming" else ""
    given["way_back"] = given["way_back"] or str(plan.get("come_back_route") or "") or usual
    given |= {"how": how, "on": on.isoformat(), "arrived": "1" if stands.get("arrived") else ""}
    given["told_own"] = str(stands.get("who_was_told") or "")
    ending = record.newest(ENDING)
    return given | _check_ins(plan, on) | {"_replaces": ending.id if ending else ""}


def _joined(rows: Any) -> str:
    return "\n".join(str(row.get("text") or "") for row in rows or ())


def _goals(record: Record) -> list[dict[str, Any]]:
    """The goals as they were last looked at: to read beside the talk, never written for the client."""
    found = []
    for thing in record.goals:
        said = record.says("goals-and-boundaries", thing.id)
        values = ratings_of(said)
        if said.get("statement") and said.get("ratings") and values:
            found.append({"words": said["statement"], "now": values[-1], "start": said.get("baseline")})
    return found


def _check_ins(plan: dict[str, Any], on: date) -> dict[str, str]:
    """Follow-up at 1, 3, 6 and 12 months: ticked only where it was agreed; the days are there to be agreed on."""
    agreed = [str(row.get("date")) for row in plan.get("check_in_dates") or () if row.get("date")]
    days = [*agreed, *("" for _ in MONTHS)]
    found = {f"check_{n}": day or (on + MONTH * n).isoformat() for n, day in zip(MONTHS, days, strict=False)}
    return found | {f"keep_{n}": "1" for n, day in zip(MONTHS, days, strict=False) if day}


def feelings() -> list[tuple[str, str]]:
    """Return one feeling of each family, the first."""
    families = vocabulary()["feelings"].values()
    return [next(iter(family["words"].items())) for family in families]


# ---- the page ----


def _page(desk: Desk, said: Said, how: str, status: int = 200, notice: str = "") -> HttpResponse:
    manual, record = desk.course.manual, desk.course.record
    told = closing(manual, record, desk.today)
    stands = record.newest(ENDING)
    done = done_tasks(record)
    if said.typed.get("how", how) not in HELP:
        how = ""
    return desk.show(
        "workspace/ending/ending.html",
        said,
        status,
        how=how,
        hows=[(name, words, HELP[name]) for name, words in words_of("endings").items() if name in HELP],
        told=told,
        stands=stands,
        closed=record.ended_on,
        flags=to_settle(record, desk.today) if how != "died" else (),
        feels=[(f"feels_{name}", words, bool(said.typed.get(f"feels_{name}"))) for name, words in feelings()],
        who=[(f"told_{n}", words, bool(said.typed.get(f"told_{n}"))) for n, words in enumerate(WHO)],
        checks=[
            (n, f"keep_{n}", f"check_{n}", said.typed.get(f"check_{n}", ""), said.typed.get(f"keep_{n}"))
            for n in MONTHS
        ],
        goals=_goals(record),
        measure=outcome_form(manual, record),
        not_enough="END.07" not in done and any(one.id == "closing.no_blame" for one in told.wanting),
        undecided="END.08" not in done,
        talk=record.newest(TALK),
        plan=record.newest(PLAN),
        letter=record.newest("gains-letter"),
        notice=notice,
        back=reverse("course", args=[desk.course.id]),
    )
