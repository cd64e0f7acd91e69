"""Manuals: a form of treatment as data: phases, tasks, gates, decision points, eligibility, endings, evidence."""

from openipt.therapy.manuals.add_ons import AddOn, add_ons
from openipt.therapy.manuals.definition import Area, DecisionPoint, Manual, Meeting, Offer, Phase
from openipt.therapy.manuals.differing import differences
from openipt.therapy.manuals.opening import bare_manual, manual_ids, open_manual, read_manual
from openipt.therapy.manuals.tasks import Task, open_task, sheets_of, task_ids
from openipt.therapy.manuals.techniques import Technique, open_technique, technique_ids

__all__ = [
    "AddOn",
    "Area",
    "DecisionPoint",
    "Manual",
    "Meeting",
    "Offer",
    "Phase",
    "Task",
    "Technique",
    "add_ons",
    "bare_manual",
    "differences",
    "manual_ids",
    "open_manual",
    "open_task",
    "open_technique",
    "read_manual",
    "sheets_of",
    "task_ids",
    "technique_ids",
]
