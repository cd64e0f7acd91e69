"""The bookshelf as seen by the mind: where definitions stand, and how they are read strictly."""

from openipt.therapy.shelf.places import find, ids, read, shelves, stands
from openipt.therapy.shelf.reading import Page, Problem, Refused, read_page, read_text, to_model

__all__ = [
    "Page",
    "Problem",
    "Refused",
    "find",
    "ids",
    "read",
    "read_page",
    "read_text",
    "shelves",
    "stands",
    "to_model",
]
