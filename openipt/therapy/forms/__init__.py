"""Forms: anything that is filled in. A definition from the shelf, the checking of answers, and the scores."""

from openipt.therapy.forms.behind import behind
from openipt.therapy.forms.definition import Change, Form, Item, Rights
from openipt.therapy.forms.opening import form_ids, has_form, open_form, open_forms, read_form
from openipt.therapy.forms.result import Missing, Result, Trouble
from openipt.therapy.forms.scoring import score

__all__ = [
    "Change",
    "Form",
    "Item",
    "Missing",
    "Result",
    "Rights",
    "Trouble",
    "behind",
    "form_ids",
    "has_form",
    "open_form",
    "open_forms",
    "read_form",
    "score",
]
