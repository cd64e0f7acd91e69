"""Django's templates, letting go of what a page was made from as soon as it is made.

A context and its own dictionaries hold one another. With them the whole record of a course would stay, decrypted,
until somebody looks for garbage: that cost a twentieth of every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context


class Page(Template):
    """A template whose context is emptied once it is written."""

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        """Write the page."""
        made = make_context(dict(context) if context else None, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(made)
        except TemplateDoesNotExist as missing:
            _with_what_was_tried(missing, self.backend)
        finally:
            made.dicts.clear()


class Pages(DjangoTemplates):
    """The backend of all templates."""

    def from_string(self, template_code: str) -> Page:
        """Read a template from a text."""
        return Page(super().from_string(template_code).template, self)

    def get_template(self, template_name: str) -> Page:
        """Read a template from its file."""
        return Page(super().get_template(template_name).template, self)


def _with_what_was_tried(missing: TemplateDoesNotExist, backend: DjangoTemplates) -> NoReturn:
    reraise(missing, backend)
    raise missing  # which Django has done already
