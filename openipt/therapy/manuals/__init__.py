"""Manuals: a form of treatment as data: phases, tasks, gates, decision points, eligibility, endings, evidence."""

from openipt.therapy.manuals.definition import Area, DecisionPoint, Manual, Offer, Phase
from openipt.therapy.manuals.opening import bare_manual, manual_ids, open_manual, read_manual
from openipt.therapy.manuals.tasks import Task, open_task, task_ids

__all__ = [
    "Area",
    "DecisionPoint",
    "Manual",
    "Offer",
    "Phase",
    "Task",
    "bare_manual",
    "manual_ids",
    "open_manual",
    "open_task",
    "read_manual",
    "task_ids",
]
