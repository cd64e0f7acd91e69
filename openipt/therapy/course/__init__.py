"""The course: a manual and a record give where we are, what is offered, what is due, what is held back and why."""

from openipt.therapy.course.agenda import Agenda, AgendaItem, agenda
from openipt.therapy.course.due import DueItem, available, due
from openipt.therapy.course.eligibility import RuleMet, Suitability, choose, eligibility
from openipt.therapy.course.endings import Closing, closing, ending_begun, outcome
from openipt.therapy.course.flags import DerivedFlag, FindingSeen, derived_flags, findings_of, open_flags
from openipt.therapy.course.focus import AreaEvidence, evidence_for_areas
from openipt.therapy.course.gates import GateState, gates
from openipt.therapy.course.left_blank import LeftBlank, left_blank
from openipt.therapy.course.points import PointDue, PointFallen, decision_points, points_fallen, recorded_decision
from openipt.therapy.course.position import Position, planned_sessions, where
from openipt.therapy.course.promise import Promise, deadline, promise
from openipt.therapy.course.standing import Attention, Standing, attention, standing
from openipt.therapy.course.state import State, outcome_form, state

__all__ = [
    "Agenda",
    "AgendaItem",
    "AreaEvidence",
    "Attention",
    "Closing",
    "DerivedFlag",
    "DueItem",
    "FindingSeen",
    "GateState",
    "LeftBlank",
    "PointDue",
    "PointFallen",
    "Position",
    "Promise",
    "RuleMet",
    "Standing",
    "State",
    "Suitability",
    "agenda",
    "attention",
    "available",
    "choose",
    "closing",
    "deadline",
    "decision_points",
    "derived_flags",
    "due",
    "eligibility",
    "ending_begun",
    "evidence_for_areas",
    "findings_of",
    "gates",
    "left_blank",
    "open_flags",
    "outcome",
    "outcome_form",
    "planned_sessions",
    "points_fallen",
    "promise",
    "recorded_decision",
    "standing",
    "state",
    "where",
]
