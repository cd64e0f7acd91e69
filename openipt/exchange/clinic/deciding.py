"""Decision points of a made-up course: what was seen, what the client says, what was decided, what followed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openipt.exchange.cases.clock import DOOR, on
from openipt.exchange.clinic.beginning import medicate
from openipt.exchange.clinic.chance import likely, weighted
from openipt.exchange.clinic.rows import texts
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.wording import page
from openipt.therapy.course import State, outcome, outcome_form, points_fallen, recorded_decision, state
from openipt.therapy.manuals import DecisionPoint
from openipt.therapy.progress import half_up_pct, is_clinical
from openipt.therapy.record import Record

# what is decided, by where the course stands; only what the manual offers at the point is drawn
LEANING: dict[str, dict[str, float]] = {
    "worse": {"adjust": 2, "augment": 3, "switch_or_refer": 1, "plan_before_ending": 2},
    "off_track": {"adjust": 4, "augment": 3, "continue_with_reason": 2, "plan_before_ending": 4},
    "ask": {"adjust": 2, "continue_with_reason": 1, "none": 1},
    "on_track": {"none": 1},
    "early": {"none": 1},
    "steady": {"none": 1},
}


def decide(story: Story, known: Record, at: datetime, number: int, path: str, *, last: bool) -> None:
    """Write a decision record for every point that has fallen due, or falls due with this session."""
    fallen = {one.point.id for one in points_fallen(story.manual, known, at.date())}
    due = [point for point in story.manual.decision_points if _is_due(point, fallen, number, last)]
    due = [point for point in due if recorded_decision(known, point.id) is None]
    if not due:
        return
    here = story.known(at)  # with this session, as everybody who reads the decision later will see it
    now = state(story.manual, here, at.date())
    for point in due:
        ending = point.due.session == "last"
        action = _at_the_end(story, here, point, at) if ending else _action(story, point, now)
        story.write("decision-record", _record(story, point, now, action, number), at, f"{path}/{point.id}")
        _follow(story, point, action, at)


def _is_due(point: DecisionPoint, fallen: set[str], number: int, last: bool) -> bool:
    if point.due.session == "last":
        return last
    return point.id in fallen or (point.due.session == number and not point.raised_if)


def _action(story: Story, point: DecisionPoint, now: State) -> str:
    if point.raised_if:
        shared = story.newest("formulation")
        return "revise_formulation" if shared.get("client_fit", 10) < 6 else "engage"
    table = {action: share for action, share in LEANING[now.id].items() if action in point.actions}
    return weighted(story.chance.of("decision", point.id), table) if table else point.actions[0]


def _at_the_end(story: Story, known: Record, point: DecisionPoint, at: datetime) -> str:
    if story.calendar.ending == "referred":
        wished = ["switch_or_refer"]
    elif story.calendar.extension and story.calendar.total > story.calendar.agreed:
        wished = ["maintenance", "check_ins"]
    else:
        made = outcome(story.manual, known, at.date())
        change = outcome_form(story.manual, known).change
        well = made is not None and is_clinical(made.last, change) is False
        wished = ["check_ins"] if well else ["maintenance", "refer_group", "switch_or_refer", "augment"]
        story.chance.of("end action").shuffle(wished)
    return next((action for action in wished if action in point.actions), point.actions[0])


def _record(story: Story, point: DecisionPoint, now: State, action: str, number: int) -> dict[str, Any]:
    low = point.raised_if is not None
    said: dict[str, Any] = {
        "point": point.id,
        "session": number,
        "state": now.id,
        "reduction_pct": None if now.fall_pct is None else max(-200, half_up_pct(now.fall_pct)),
        "rule": None if point.fall_pct is None else f"fall of {point.fall_pct:g} %",
        "client_says": story.words.phrase("says.low_fit" if low else f"says.{now.id}"),
        "action": action,
        "review_with": story.supervisor if now.id in ("worse", "off_track") else None,
    }
    if now.id in ("off_track", "worse") or action == "continue_with_reason" or low:
        said["reason"] = story.words.phrase(
            f"reasons.{action}" if action in page("talk")["reasons"] else "reasons.none"
        )
    if action in page("talk")["changes"]:
        said["changes"] = texts([story.words.phrase(f"changes.{action}")])
    if point.id == "DP8" and action == "continue_with_reason":
        said["signed_off_by"] = story.supervisor
    if now.id == "worse":
        said["confirmed_worse"] = True
    return said


def _follow(story: Story, point: DecisionPoint, action: str, at: datetime) -> None:
    """After a decision to add something, medication begins or is raised for most, within two weeks."""
    stream = story.chance.of("medication", point.id)
    if action == "augment" and likely(stream, 0.7):
        medicate(story, on(at.date() + timedelta(days=stream.randint(3, 12)), DOOR), point.label)
