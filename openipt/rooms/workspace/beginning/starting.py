"""Doors to a course: a new client, with the manual's own questions asked first; and moving to another manual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from openipt.rooms.ui.crisis_numbers import Numbers, crisis_numbers, faults
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import Suitability, choose, eligibility
from openipt.therapy.manuals import Manual, differences, manual_ids, open_manual
from openipt.therapy.manuals.definition import Rule
from openipt.therapy.record import Record

PRONOUNS = ("she/her", "he/him", "they/them")
ANSWERS = (("yes", "Yes"), ("no", "No"), ("unsure", "Not sure"))
KINDS = (  # in the order they are asked
    ("population", "It was made for"),
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
    speaks_against = _speaks_against(said, manual, given)
    elsewhere = any(answer == "yes" and rules[name] == "elsewhere" for name, answer in given.items())
    if elsewhere and not said.ticked("told_elsewhere"):
        said.wrong["told_elsewhere"] = "Say it to the client first: another treatment is the first choice."
    if speaks_against and not because:
        named = "; ".join(f"“{when}”" for when in speaks_against)
        said.wrong["chosen_because"] = f"This speaks against it: {named}. Write why it begins all the same."
    rows = [{"rule": name, "answer": answer} for name, answer in given.items() if answer]
    if not rows:
        return None
    check: dict[str, Any] = {"manual": manual.id, "answers": rows}
    if elsewhere:
        check["told_elsewhere"] = said.ticked("told_elsewhere")
    return check | ({"chosen_because": because} if because else {})


def _speaks_against(said: Said, manual: Manual, given: Mapping[str, str]) -> list[str]:
    """Return what speaks against a treatment, in the manual's words."""
    off = {"population": "no", "exclude": "yes", "elsewhere": "yes"}
    answered = [rule.when for kind, rule in manual.rules() if kind in off and given.get(rule.id) == off[kind]]
    others = _age_known(manual, said.whole("age", 5, 120)).made_for_others
    return [*answered, *(met.rule.when for met in others)]


def _emergency(said: Said, manual: Manual) -> list[str]:
    """Return what was answered that is an emergency by the manual's own words: nobody is left alone with it."""
    return [
        rule.when
        for kind, rule in manual.rules()
        if kind in ("exclude", "elsewhere")
        and said.typed.get(f"rule_{rule.id}") == "yes"
        and "emergency" in f"{rule.then} {rule.refer_to or ''}".lower()
    ]


def _who_page(request: HttpRequest, said: Said, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    page = {
        "here": "caseload",
        "step": "who",
        "made_id": str(said.id()),
        "manuals": [one.manual for one in choose(_nobody(manual_ids()[0], said.whole("age", 5, 120)), today)],
        "pronouns": PRONOUNS,
        "typed": said.typed,
        "wrong": said.wrong,
    }
    return render(request, "workspace/new_course.html", page, status=status)


def _questions(request: HttpRequest, said: Said, manual: Manual, status: int = 200) -> HttpResponse:
    said.id()
    stands = _age_known(manual, said.whole("age", 5, 120))
    groups = [
        (
            kind,
            heading,
            [(rule, said.typed.get(f"rule_{rule.id}", "")) for rule in _to_ask(stands, kind)],
        )
        for kind, heading in KINDS
    ]
    page = {
        "here": "caseload",
        "step": "questions",
        "manual": manual,
        "groups": [group for group in groups if group[2]],
        "made_for_others": [met.rule for met in stands.made_for_others],
        "fits": [met.rule for met in stands.rules if met.kind == "include"],
        "answers": ANSWERS,
        **_to_ring(_emergency(said, manual)),
        "carried": [
            (name, said.typed.get(name, "")) for name in ("_id", "called", "manual", "began_on", "age", "pronouns")
        ],
        "typed": said.typed,
        "wrong": said.wrong,
    }
    return render(request, "workspace/new_course.html", page, status=status)


def _to_ring(emergency: list[str]) -> dict[str, Any]:
    today = timezone.localdate()
    numbers = crisis_numbers() if emergency else Numbers()
    found = list(faults(numbers, today)) if emergency else []
    return {"emergency": emergency, "numbers": numbers, "today": today, "faults": found}


def _to_ask(stands: Suitability, kind: str) -> list[Rule]:
    return [met.rule for met in stands.rules if met.kind == kind and met.answer == "unknown"]


def _age_known(manual: Manual, age: int | None) -> Suitability:
    """Return how a manual stands before anything but the age is known: every other rule of it is still a question."""
    return eligibility(manual, _nobody(manual.id, age), timezone.localdate())


def _nobody(manual: str, age: int | None) -> Record:
    """Return the record of somebody of whom nothing but the age is known."""
    return Record(enrolment="", client="", manual=manual, manual_version="", age=age)
