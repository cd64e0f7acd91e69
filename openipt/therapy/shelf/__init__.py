"""The bookshelf as seen by the mind: where definitions stand, and how they are read strictly."""

from openipt.therapy.shelf.kept import also_ask, remembered
from openipt.therapy.shelf.known_pages import know_from
from openipt.therapy.shelf.places import (
    added,
    as_set,
    find,
    ids,
    read,
    read_definition,
    read_page,
    read_text,
    setting,
    settle,
    shelves,
    stands,
)
from openipt.therapy.shelf.reading import Page, Problem, Refused, to_model
from openipt.therapy.shelf.recordings import Recording, Spoken, is_audio_folder, problems_of_recordings, spoken

__all__ = [
    "Page",
    "Problem",
    "Recording",
    "Refused",
    "Spoken",
    "added",
    "also_ask",
    "as_set",
    "find",
    "ids",
    "is_audio_folder",
    "know_from",
    "problems_of_recordings",
    "read",
    "read_definition",
    "read_page",
    "read_text",
    "remembered",
    "setting",
    "settle",
    "shelves",
    "spoken",
    "stands",
    "to_model",
]
