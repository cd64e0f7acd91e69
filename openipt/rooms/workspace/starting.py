"""Doors to a course: a new client, with the manual's own questions asked first; and moving to another manual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.admitting import admit
from openipt.casebook.operations.beginning import move_course
from openipt.casebook.operations.saving import Invalid
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, door, may
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import Suitability, eligibility
from openipt.therapy.manuals import Manual, differences, manual_ids, open_manual
from openipt.therapy.record import Record

PRONOUNS = ("she/her", "he/him", "they/them")
ANSWERS = (("yes", "Yes"), ("no", "No"), ("unsure", "Not sure"))
KINDS = (  # in the order they are asked
    ("exclude", "Not this treatment now, if"),
    ("elsewhere", "Another treatment is the first choice, if"),
    ("caution", "With caution, if"),
)
PARTS = {"safety": "Safety", "gates": "Gates", "forbid": "Not done in this treatment"}


@door("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def new_client(request: HttpRequest) -> HttpResponse:
    """Begin a course: who, which manual, then the manual's questions, then it begins."""
    _ask_may_begin(who(request))
    today = timezone.now().astimezone(ZoneInfo(zone_of(who(request).organisation))).date()
    if request.method != "POST":
        return _who_page(request, Said({"began_on": today.isoformat()}))
    said = Said.of(request)
    facts = _facts(said)
    if said.wrong or said.typed.get("_do") == "back":
        return _who_page(request, said, status=422 if said.wrong else 200)
    manual = open_manual(facts["manual"])
    if said.typed.get("_do") != "begin":
        return _questions(request, said, manual)
    check = _check(said, manual)
    if said.wrong:
        return _questions(request, said, manual, status=422)
    staff = str(getattr(request.user, "name", "")) or None
    try:
        made = admit(by=who(request), at=timezone.now(), id=said.id(), check=check, staff=staff, **facts)
    except Invalid:
        said.wrong["chosen_because"] = "One of the answers cannot be kept as it stands."
        return _questions(request, said, manual, status=422)
    return redirect("course", made.label)


@door("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, course_id: str) -> HttpResponse:
    """Move a course to another manual, or to the version on the shelf: what changes is shown, the reason is kept."""
    now = timezone.now()
    find_enrolment(who(request), course_id, "session_records", "write", now)
    one = find_course(request, course_id)
    said = Said.of(request) if request.method == "POST" else Said({"to": request.GET.get("to", "")})
    name = said.one_of("to", manual_ids(), "Choose a manual." if request.method == "POST" else "")
    then = open_manual(name) if name else None
    same = then is not None and (then.id, then.version) == (one.record.manual, one.record.manual_version)
    if request.method == "POST":
        why = said.text("why", "Write why the course moves: the reason stays with it.")
        if not said.wrong and same:  # sent twice, or nothing to move to
            return redirect("course", course_id)
        if not said.wrong:
            move_course(by=who(request), at=now, enrolment=course_id, manual=name, why=why)
            return redirect("course", course_id)
    page = {
        "here": "caseload",
        "tab": "move",
        "all": one,
        "manuals": [open_manual(each) for each in manual_ids()],
        "then": then,
        "same": same,
        "parts": list(_differing(one.manual, then)) if then and not same else [],
        "typed": said.typed,
        "wrong": said.wrong,
    }
    return render(request, "workspace/move.html", page, status=422 if said.wrong else 200)


def _differing(before: Manual, after: Manual) -> Iterator[tuple[str, list[str]]]:
    for part, lines in differences(before, after):
        yield PARTS.get(part, part.replace("_", " ").capitalize()), lines


def _ask_may_begin(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not begin a course: a reader gets no page to write on."""
    charge = "group" if "facilitator" in actor.roles and "therapist" not in actor.roles else "assigned"
    ruling = may(actor, {charge}, "session_records", "write", facts=("group_course",) if charge == "group" else ())
    if not ruling.allowed:
        raise NotAllowed(ruling)


def _facts(said: Said) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "called": said.text("called", "Write what the client is called here.", most=60),
        "manual": said.one_of("manual", manual_ids(), "Choose a treatment."),
        "began_on": said.day("began_on", "Write the first day."),
        "age": said.whole("age", 5, 120),
        "pronouns": said.text("pronouns", most=40) or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _check(said: Said, manual: Manual) -> dict[str, Any] | None:
    """Read the manual's questions as far as they were answered; that another is the first choice is said before."""
    rules = {rule.id: kind for kind, rule in manual.rules() if kind != "include"}
    given = {name: said.one_of(f"rule_{name}", [value for value, _ in ANSWERS]) for name in rules}
    because = said.text("chosen_because")
    speaks_against = any(answer == "yes" and rules[name] in ("exclude", "elsewhere") for name, answer in given.items())
    elsewhere = any(answer == "yes" and rules[name] == "elsewhere" for name, answer in given.items())
    if elsewhere and not said.ticked("told_elsewhere"):
        said.wrong["told_elsewhere"] = "Say it to the client first: another treatment is the first choice."
    if speaks_against and not because:
        said.wrong["chosen_because"] = "Something speaks against this treatment. Write why it begins all the same."
    rows = [{"rule": name, "answer": answer} for name, answer in given.items() if answer]
    if not rows:
        return None
    check: dict[str, Any] = {"manual": manual.id, "answers": rows}
    if elsewhere:
        check["told_elsewhere"] = said.ticked("told_elsewhere")
    return check | ({"chosen_because": because} if because else {})


def _who_page(request: HttpRequest, said: Said, status: int = 200) -> HttpResponse:
    page = {
        "here": "caseload",
        "step": "who",
        "made_id": str(said.id()),
        "manuals": [open_manual(name) for name in manual_ids()],
        "pronouns": PRONOUNS,
        "typed": said.typed,
        "wrong": said.wrong,
    }
    return render(request, "workspace/new_course.html", page, status=status)


def _questions(request: HttpRequest, said: Said, manual: Manual, status: int = 200) -> HttpResponse:
    said.id()
    stands = _nothing_known(manual)
    groups = [
        (
            kind,
            heading,
            [(met.rule, said.typed.get(f"rule_{met.rule.id}", "")) for met in stands.rules if met.kind == kind],
        )
        for kind, heading in KINDS
    ]
    page = {
        "here": "caseload",
        "step": "questions",
        "manual": manual,
        "groups": [group for group in groups if group[2]],
        "fits": [met.rule for met in stands.rules if met.kind == "include"],
        "answers": ANSWERS,
        "carried": [
            (name, said.typed.get(name, "")) for name in ("_id", "called", "manual", "began_on", "age", "pronouns")
        ],
        "typed": said.typed,
        "wrong": said.wrong,
    }
    return render(request, "workspace/new_course.html", page, status=status)


def _nothing_known(manual: Manual) -> Suitability:
    """Return how a manual stands before anything is known: every rule of it is still a question."""
    nobody = Record(enrolment="", client="", manual=manual.id, manual_version=manual.version)
    return eligibility(manual, nobody, timezone.localdate())
