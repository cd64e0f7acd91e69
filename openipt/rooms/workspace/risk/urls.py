"""Addresses around risk that are not about one flag, and of who looked at a record."""

from django.urls import path

from openipt.rooms.workspace.risk import looks, safety

urlpatterns = [
    path("courses/<slug:course_id>/safety/", safety.safety, name="safety"),
    path("courses/<slug:course_id>/looks/", looks.looks_at, name="who-looked"),
]
