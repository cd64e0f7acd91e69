"""The rows of the clinical record. Nothing clinical is overwritten."""

from openipt.casebook.models.definition import Definition
from openipt.casebook.models.entry import Draft, Entry, Mark, Score
from openipt.casebook.models.expected import ExpectedCourse
from openipt.casebook.models.fit import Fit
from openipt.casebook.models.flag import Flag, FlagStep
from openipt.casebook.models.standing import Standing
from openipt.casebook.models.thing import Thing
from openipt.casebook.models.whose import Client, Enrolment, Group, Tie, TieEnd

APPEND_ONLY = (
    *(Definition, Client, Group, Enrolment, Tie, TieEnd),
    *(Entry, Score, Mark, Thing, Flag, FlagStep, ExpectedCourse),
)

__all__ = [
    "APPEND_ONLY",
    "Client",
    "Definition",
    "Draft",
    "Enrolment",
    "Entry",
    "ExpectedCourse",
    "Fit",
    "Flag",
    "FlagStep",
    "Group",
    "Mark",
    "Score",
    "Standing",
    "Thing",
    "Tie",
    "TieEnd",
]
