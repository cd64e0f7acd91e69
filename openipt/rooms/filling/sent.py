"""What a request about a sheet brings: the form its address names, and the fields of the page."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from openipt.rooms.filling.typed import TOKEN, Pairs
from openipt.therapy.forms import Form, open_form
from openipt.therapy.shelf import Refused


def typed_in(request: HttpRequest) -> Pairs:
    """Return the fields of a page as they were sent; a file has no place on any sheet."""
    if request.method != "POST":
        return []
    texts = [(name, text) for name, several in request.POST.lists() for text in several if name != TOKEN]
    return [*texts, *((name, "(a file)") for name in request.FILES)]


def form_or_404(form_id: str) -> Form:
    """Return a form of the shelf by the name in an address."""
    try:
        return open_form(form_id)
    except Refused as problem:
        raise Http404("No such form on this shelf.") from problem
