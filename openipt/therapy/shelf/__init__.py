"""The bookshelf as seen by the mind: where definitions stand, and how they are read strictly."""

from openipt.therapy.shelf.kept import also_ask, remembered
from openipt.therapy.shelf.places import find, ids, read, shelves, stands
from openipt.therapy.shelf.reading import Page, Problem, Refused, read_page, read_text, to_model

__all__ = [
    "Page",
    "Problem",
    "Refused",
    "also_ask",
    "find",
    "ids",
    "read",
    "read_page",
    "read_text",
    "remembered",
    "shelves",
    "stands",
    "to_model",
]
