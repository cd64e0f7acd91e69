"""Pages that belong to no room: the gallery of components, and what is shown when an address leads nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openipt.policy import open_door
from openipt.rooms.ui.gallery import examples


@open_door("Components are shown with invented examples.")
def components(request: HttpRequest) -> HttpResponse:
    """Show every shared component with its examples."""
    return render(request, "ui/gallery.html", {"components": examples()})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in plain words that an address leads nowhere."""
    _look_up_who_asks(request)
    said = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "ui/missing.html", {"why": said}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's form
    """Say in plain words that an address cannot be read."""
    _look_up_who_asks(request)
    return render(request, "ui/refused.html", {"why": "The address could not be read."}, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong here; nothing was changed."""
    return render(request, "ui/broken.html", status=500)


def _look_up_who_asks(request: HttpRequest) -> None:
    """Look up who asks before the page is written: its frame depends on it, and a template asks no database."""
    bool(getattr(request, "actor", None))
