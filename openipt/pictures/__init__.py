"""Pictures: a course of therapy drawn as SVG with a finding, a description and a table. Standard library only."""

from openipt.pictures.circle import circle, circle_pair
from openipt.pictures.circle_values import Person, Tie
from openipt.pictures.faces_and_postures import DRAWN, drawn
from openipt.pictures.goals import Goal, goals
from openipt.pictures.mark import mark
from openipt.pictures.picture import Picture, Table, escaped
from openipt.pictures.ring import ring
from openipt.pictures.sparkline import sparkline
from openipt.pictures.style import on_paper, standalone, stylesheet
from openipt.pictures.timeline import timeline
from openipt.pictures.timeline_values import Event, Medication, Phase, Score, Told
from openipt.pictures.trajectory import SessionScore, trajectory
from openipt.pictures.words import ENGLISH, Words

__all__ = [
    "DRAWN",
    "ENGLISH",
    "Event",
    "Goal",
    "Medication",
    "Person",
    "Phase",
    "Picture",
    "Score",
    "SessionScore",
    "Table",
    "Tie",
    "Told",
    "Words",
    "circle",
    "circle_pair",
    "drawn",
    "escaped",
    "goals",
    "mark",
    "on_paper",
    "ring",
    "sparkline",
    "standalone",
    "stylesheet",
    "timeline",
    "trajectory",
]
