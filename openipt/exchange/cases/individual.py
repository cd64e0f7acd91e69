"""Read the course of one client: what was known when, session by session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from openipt.exchange.cases import sheets
from openipt.exchange.cases.book import Book
from openipt.exchange.cases.case import Case, Claim
from openipt.exchange.cases.clock import AFTER, ASKED, DOOR, EVENING, MEETING, latest, on
from openipt.exchange.cases.sessions import flag_of, read_session, session_id, sheet_entry
from openipt.exchange.cases.taking import Tree, texts
from openipt.therapy.record import Flag, Record, Session

TOLD_LATER = timedelta(days=14)  # how the last step went is told after the last session


class Course:
    """What the reader of one client's course holds in hand: the file's tree, the book, the days of the sessions."""

    def __init__(self, tree: Tree, enrolment: str, therapist: str) -> None:
        self.tree = tree
        self.book = Book(enrolment, therapist)
        self.days: dict[int, date] = {row["n"]: date.fromisoformat(row["date"]) for row in tree.data["sessions"]}
        self.sheets_in: dict[int, list[str]] = {row["n"]: row["worksheets"] for row in tree.data["sessions"]}
        self.tasks_in: dict[int, list[str]] = {row["n"]: row["tasks"] for row in tree.data["sessions"]}
        self.flags: list[Flag] = []
        self.claims: list[Claim] = []

    @property
    def first(self) -> int:
        """The number of the first session."""
        return min(self.days)

    @property
    def last(self) -> int:
        """The number of the last session."""
        return max(self.days)

    def session_with(self, sheet: str, *tasks: str, newest: bool = False) -> int | None:
        """Return the first (or last) session in which a sheet was used, or one of the tasks done."""
        found = [n for n in self.days if sheet in self.sheets_in[n]] or [
            n for n in self.days if set(tasks) & set(self.tasks_in[n])
        ]
        return (max if newest else min)(found) if found else None

    def at(self, number: int, time: Any = AFTER) -> datetime:
        """Return a moment of a session by its number; of the nearest earlier one where the file has no such number."""
        known = [n for n in self.days if n <= number] or [self.first]
        return on(self.days[max(known)], time)


def read_individual(tree: Tree) -> Case:
    """Turn the tree of an individual case into records; everything taken is marked in the tree."""
    head, client, therapist = tree.into("case"), tree.into("client"), tree.into("therapist")
    course = Course(tree, head.data["id"], therapist.data["id"])
    for read in _PARTS:
        read(course)
    records = [_record(course, head, client, therapist)]
    if tree.data.get("maintenance"):
        records.append(_maintenance(course, records[0]))
    head.some("synthetic", "problem_area")
    return Case(
        id=head.take("id"),
        title=head.take("title"),
        manual=head.data["protocol"],
        teaches=tuple(head.take("teaches")),
        records=tuple(records),
        claims=(*course.claims, *course.book.claims),
        about={"therapist_role": therapist.take("role"), "simulation": tree.take("simulation_truth")},
    )


def _record(course: Course, head: Tree, client: Tree, therapist: Tree) -> Record:
    book = course.book
    sessions = tuple(read_session(course, row) for row in course.tree.rows("sessions"))
    _without_content(course)
    return Record(
        enrolment=head.data["id"],
        client=client.take("id"),
        manual=head.take("protocol"),
        manual_version=head.take("protocol_version"),
        began_on=course.days[course.first],
        age=client.take("age"),
        pronouns=client.take("pronouns"),
        staff=therapist.take("id"),
        supervisor=therapist.take("supervisor"),
        entries=tuple(sorted(book.entries, key=lambda entry: (entry.recorded_at, entry.happened_at))),
        sessions=sessions,
        flags=tuple(course.flags),
        ended_on=course.days[course.last],
        **{kind: tuple(things.values()) for kind, things in book.things.items()},
    )


def _without_content(course: Course) -> None:
    """A sheet that was worked on though the file holds nothing of it: an entry says so, and nothing is invented."""
    for number in course.days:
        for code in course.sheets_in[number]:
            sheet_entry(course, number, code)


# ---- the parts of a file, each read once ----


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


def _dispute(course: Course) -> None:
    sheet = course.tree.into("dispute_map")
    if not sheet.data:
        return
    said = sheets.dispute(sheet)
    if "unsaid_count" in sheet:
        course.claims.append(Claim("dispute_map.unsaid_count", sheet.take("unsaid_count")))
    seen: list[dict[str, Any]] = []
    stages = sheet.take("stage_history") or []
    first = course.session_with("WS_DISPUTE") or course.first
    for n, stage in enumerate(stages or [{}], 1):
        seen.append(stage)
        at = course.at(max(stage.get("session", first), first) if n == 1 else stage["session"])
        answers = {**said, "stage_history": [row for row in seen if row] or None}
        answers |= {"stage": stage.get("stage"), "stage_evidence": stage.get("evidence")}
        course.book.write("dispute-map", answers, at, name=f"dispute-{n}", about=said["person"])


def _transition(course: Course) -> None:
    sheet = course.tree.into("transition_sheet")
    if not sheet.data:
        return
    said = sheets.transition(sheet)
    begun = course.at(course.session_with("WS_TRANSITION") or course.first)
    later: list[tuple[datetime, str, dict[str, Any]]] = []
    for row in sheet.take("mastery_log", []):
        later.append((max(begun, on(row["date"])), "mastery_log", row))
    for label, row in sheet.take("balance", {}).items():
        number = int(label[1:])
        balance = {"session": number, "balance_old": row["old"], "balance_new": row["new"]}
        later.append((max(begun, course.at(number)), "balance", balance))
    course.book.write("role-transition", dict(said), begun, name="transition-1")
    for n, (at, key, row) in enumerate(sorted(later, key=lambda one: one[0]), 2):
        said = {**said, key: [*said.get(key, []), row]}
        course.book.write("role-transition", dict(said), at, name=f"transition-{n}")


def _patterns(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("pattern_log"), 1):
        said = sheets.pattern(row)
        course.book.write("pattern-log", said, on(said["date"], EVENING), name=f"pattern-{n}", about=said["person"])


def _safety_plan(course: Course) -> None:
    sheet = course.tree.into("safety_plan")
    if sheet.data:
        number = course.session_with("WS_SAFETY", newest=True) or course.first
        course.book.write(
            "safety-plan", sheets.safety_plan(sheet), course.at(number), name=f"s{number:02d}-safety-plan"
        )


def _formulation(course: Course) -> None:
    sheet = course.tree.into("formulation")
    for row in sheet.take("history", []):
        said = {key: value for key, value in row.items() if key != "session"}
        course.book.write("formulation", said, course.at(row["session"]), name=f"formulation-{row['version']}")
    number = sheet.take("session")
    said = sheets.formulation(sheet)
    course.book.write("formulation", said, course.at(number), name=f"formulation-{said['version']}")


def _contract(course: Course) -> None:
    sheet = course.tree.into("contract")
    said = sheets.contract(sheet)
    number = course.session_with("WS_CONTRACT", "INI.11") or course.tree.data["formulation"]["session"]
    course.book.write("contract", said, course.at(number), name="contract-1")
    more = sheet.into("extension")
    if more.data:
        extension = more.some("sessions", "agreed_session", "cadence", "until")
        at = course.at(extension["agreed_session"])
        course.book.write("contract", {**said, "extension": extension}, at, name="contract-2")


def _goals(course: Course) -> None:
    set_in = course.session_with("WS_GOALS", "INI.12") or course.tree.data["formulation"]["session"]
    for row in course.tree.rows("goals"):
        goal = row.take("id")
        said = {key: value for key, value in sheets.goal(row).items() if value is not None}
        course.book.thing("goals", goal, course.at(set_in))
        course.book.write("goals-and-boundaries", dict(said), course.at(set_in), name=f"goal-{goal}-1", about=goal)
        ratings: list[dict[str, Any]] = []
        for n, (label, value) in enumerate(sorted(row.take("ratings", {}).items(), key=lambda one: int(one[0][1:])), 2):
            ratings.append({"session": int(label[1:]), "value": value})
            at = max(course.at(int(label[1:])), course.at(set_in))
            course.book.write(
                "goals-and-boundaries", {**said, "ratings": list(ratings)}, at, name=f"goal-{goal}-{n}", about=goal
            )


def _decisions(course: Course) -> None:
    for row in course.tree.rows("decision_points"):
        said = row.some("session", "reduction_pct", "rule", "state", "action", "review_with", "reason", "client_says")
        said["point"] = row.take("id")
        if "changes" in row:
            said["changes"] = texts(row.take("changes"))
        course.book.write("decision-record", said, course.at(said["session"]), name=f"decision-{said['point']}")


def _fidelity(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("fidelity"), 1):
        said = row.some("session", "rater", "adherence_pct", "skill_mean", "critical_missed", "comment")
        course.book.write("fidelity-rating", said, course.at(said["session"], EVENING), name=f"fidelity-{n}")


def _markers(course: Course) -> None:
    for label, values in (course.tree.take("area_markers") or {}).items():
        number = int(label[1:])
        said = {"session": number, "markers": [{"id": marker, "value": value} for marker, value in values.items()]}
        course.book.write("area-markers", said, course.at(number), name=f"markers-{label}")


def _diary(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("diary_sample"), 1):
        said = row.some("at", "mood", "interactions", "note")
        at = datetime.fromisoformat(said["at"]).replace(tzinfo=course.at(course.first).tzinfo)
        course.book.write("mood-diary", said, at, name=f"diary-{n}", by=None)


def _relapse(course: Course) -> None:
    number = course.session_with("WS_RELAPSE", "END.05", newest=True) or course.last
    said = sheets.relapse(course.tree.into("relapse_plan"))
    course.book.write("relapse-plan", said, course.at(number), name=f"s{number:02d}-relapse-plan")


def _ending(course: Course) -> None:
    outcome = course.tree.into("outcome")
    said = {"ending": outcome.take("ending"), "on": course.days[course.last].isoformat()}
    said["reported"] = reported(outcome)
    course.claims.append(Claim("outcome", said["reported"]))
    course.book.write("ending", said, course.at(course.last), name="ending")


def reported(outcome: Tree) -> dict[str, Any]:
    """What a file reports of an outcome; scores as rows."""
    said = outcome.some(
        "sessions_attended",
        "weeks",
        "response",
        "remission",
        "recovered",
        "reliable_change",
        "reduction_pct",
        "goal_attainment_mean",
        "goal_attainment_note",
    )
    scores: dict[str, dict[str, Any]] = {}
    for key in list(outcome.data):
        measure, _, which = key.rpartition("_")
        if which in ("first", "last") and measure.isupper() or key.endswith(("_first", "_last")):
            scores.setdefault(measure, {"measure": measure})[which] = outcome.take(key)
    if scores:
        said["scores"] = list(scores.values())
    return said


def _follow_up(course: Course) -> None:
    for n, row in enumerate(course.tree.rows("follow_up"), 1):
        day = row.take("date")
        course.book.write("check-in", {"date": day, **row.some("note")}, on(day), name=f"check-in-{n}")
        for short in [key for key in row.data if key not in ("date", "note")]:
            course.book.measure(short, row.into(short), on(day, DOOR), f"check-in-{n}")


def _maintenance(course: Course, before: Record) -> Record:
    """The maintenance that follows is an enrolment of its own, in its own manual."""
    part = course.tree.into("maintenance")
    book = Book(f"{before.enrolment}-M", before.staff)
    sessions = []
    manual, cadence = part.take("protocol"), part.take("cadence")
    for number, row in enumerate(part.rows("sessions"), 1):
        label, day = row.take("n"), row.take("date")
        for short in row.data["measures"]:
            book.measure(short, row.into("measures").into(short), on(day, DOOR), label)
        row.take("measures")
        said = {"phase": "maintenance", "tasks": row.take("tasks"), "note": row.take("note")}
        book.write("session-record", said, on(day), name=label, about=label)
        sessions.append(Session(label, number, "attended", on(day, MEETING), on(day)))
    start = before.ended_on.isoformat() if before.ended_on else None
    book.write(
        "contract",
        {"sessions_n": 12, "cadence": cadence, "start": start},
        on(before.ended_on or date.min),
        name="contract",
    )
    alias = {"alias": before.says("intake").get("alias"), "diagnosis": before.says("intake").get("diagnosis")}
    book.write("intake", alias, on(before.ended_on or date.min, DOOR), name="intake")
    return Record(
        enrolment=f"{before.enrolment}-M",
        client=before.client,
        manual=manual,
        manual_version="1.0.0",
        began_on=sessions[0].day if sessions else None,
        age=before.age,
        pronouns=before.pronouns,
        staff=before.staff,
        supervisor=before.supervisor,
        entries=tuple(book.entries),
        sessions=tuple(sessions),
    )


_PARTS: tuple[Callable[[Course], None], ...] = (
    _intake, _consent, _violence, _baseline, _timeline, _people, _circles, _dispute, _transition, _patterns, _safety_plan,
    _formulation, _contract, _goals, _decisions, _fidelity, _markers, _diary, _relapse, _ending, _follow_up,
)  # fmt: skip
