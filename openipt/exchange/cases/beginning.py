"""Read what a course begins with: intake, consent, violence checks, first scores, timeline, people, circles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openipt.exchange.cases.clock import AFTER, ASKED, DOOR, MEETING, latest, on
from openipt.exchange.cases.course import Course
from openipt.exchange.cases.sessions import session_id
from openipt.exchange.cases.taking import Tree, texts


def _intake(course: Course) -> None:
    client = course.tree.into("client")
    referral, diagnosis, medication = client.into("referral"), client.into("diagnosis"), client.into("medication")
    told = client.some("alias", "occupation", "household", "language")
    told |= {
        "age": client.data["age"],
        "pronouns": client.data["pronouns"],
        "referral": referral.some("from", "date", "reason"),
        "diagnosis": diagnosis.take("label"),
        **diagnosis.some("assessed_by", "onset_approx"),
    }
    course.book.write("intake", told, on(referral.data["date"], DOOR), name="intake-1")
    risk, substances = client.into("risk_at_intake"), client.into("substances")
    first = course.at(course.first, ASKED)
    for short in [key for key in substances.data if key not in ("screen", "note")]:
        total = substances.take(short)
        course.book.measure(short, Tree({"total": total}), course.at(course.first, DOOR), "intake")
    asked = {
        **told,
        **client.some("medical", "informed_choice"),
        "medication": medication.some("status", "offered", "decision"),
        "substances": substances.some("screen", "note"),
        "risk": {
            **risk.some("suicidal_thoughts", "self_harm", "violence", "online_harm", "action", "safety_plan"),
            **({"protective": texts(risk.take("protective"))} if "protective" in risk else {}),
        },
        "strengths": texts(client.take("strengths")),
    }
    contacts = course.tree.into("measures_baseline").take("contacts")
    if contacts:
        asked["baseline_contacts"] = [{"what": what, "n": n} for what, n in contacts.items()]
    course.book.write("intake", {key: value for key, value in asked.items() if value}, first, name="intake-2")
    for n, change in enumerate(medication.rows("changes"), 1):
        said = change.some("date", "drug", "action", "dose_mg", "prescriber", "reason")
        course.book.write("medication", said, on(said["date"], DOOR), name=f"medication-{n}")


def _consent(course: Course) -> None:
    consent = course.tree.into("consent")
    if not consent.data:
        return
    assent, school = consent.into("assent"), consent.into("school_contact")
    agreed = {
        "caregivers": consent.take("caregiver_consent"),
        "assent_on": assent.take("date"),
        "assent_words": assent.take("words"),
        "caregivers_see": texts(consent.take("caregivers_see")),
    }
    course.book.write("consent", agreed, on(agreed["assent_on"], ASKED), name="consent-1")
    if school.data:
        said = school.some("person", "scope", "consented_by", "date")
        course.book.write("consent", {**agreed, "school": said}, on(said["date"], ASKED), name="consent-2")


def _violence(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("violence_checks"), 1):
        course.book.write("violence-check", violence_answers(row), on(row.data["date"], ASKED), name=f"violence-{n}")


def violence_answers(row: Tree) -> dict[str, Any]:
    """Answers of one violence check."""
    about = row.take("about")
    said = row.some("date", "session", "asked_alone", "result", "safe_to_raise", "source", "by", "note")
    return {**said, "about": [about] if isinstance(about, str) else about}


def _baseline(course: Course) -> None:
    measures = course.tree.into("measures_baseline")
    day = measures.take("date")
    for short in [key for key in measures.data if key not in ("date", "contacts")]:
        course.book.measure(short, measures.into(short), on(day, DOOR), "baseline")


def _timeline(course: Course) -> None:
    timeline = course.tree.into("timeline")
    begun = course.session_with("WS_TIMELINE", "INI.06") or course.first
    for row in timeline.rows("events"):
        event = row.take("id")
        said = row.some("date", "precision", "type", "text", "valence", "people", "suspected_onset_link")
        at = _known_from(course, said["date"], begun)
        course.book.thing("events", event, at)
        course.book.write("timeline", {"mark": "event", **said}, at, name=f"event-{event}", about=event)
    for n, row in enumerate(timeline.rows("symptom_points"), 1):
        said = row.some("date", "severity")
        at = _known_from(course, said["date"], begun)
        course.book.write("timeline", {"mark": "symptom_level", **said}, at, name=f"level-{n}")


def _known_from(course: Course, text: str, begun: int) -> datetime:
    """A mark enters the record when the timeline was drawn, or once it has happened."""
    happened = min(latest(text), course.days[course.last])
    return max(course.at(begun), on(happened, AFTER))


def _people(course: Course) -> None:
    drawn = course.session_with("WS_INVENTORY", "INI.07") or course.first
    focus = course.tree.data["formulation"]["session"]
    for row in course.tree.rows("inventory"):
        person = row.take("id")
        named = row.some("alias", "relation", "relation_words", "status")
        more = row.some(
            "date_of_death",
            "age_band",
            "lives_with",
            "contact_per_week",
            "modes",
            "closeness",
            "ring",
            "wished_closeness",
            "expects_of_them",
            "they_expect_of_me",
            "met",
            "satisfying",
            "unsatisfying",
            "conflict",
            "conflict_open",
            "role_in_onset",
            "knows_about_condition",
            "safety",
        )
        early = course.at(course.first, MEETING)
        course.book.thing("people", person, early)
        course.book.write("interpersonal-inventory", named, early, name=f"person-{person}-1", about=person)
        course.book.write(
            "interpersonal-inventory", named | more, course.at(drawn), name=f"person-{person}-2", about=person
        )
        if "in_focus" in row:
            said = named | more | row.some("in_focus")
            at = max(course.at(focus), course.at(drawn))
            course.book.write("interpersonal-inventory", said, at, name=f"person-{person}-3", about=person)


def _circles(course: Course) -> None:
    for row in course.tree.rows("closeness_snapshots"):
        number = row.take("session")
        places = [{"person": person, "ring": ring} for person, ring in row.take("rings").items()]
        said = {"places": places, **row.some("lost_or_out")}
        course.book.write(
            "closeness-circle", said, course.at(number), name=f"circle-s{number}", about=session_id(number)
        )


BEGINNING = (_intake, _consent, _violence, _baseline, _timeline, _people, _circles)
