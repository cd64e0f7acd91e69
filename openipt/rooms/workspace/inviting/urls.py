"""Addresses of the client's way in."""

from django.urls import path

from openipt.rooms.workspace.inviting import reminded, slip

urlpatterns = [
    path("courses/<slug:course_id>/invite/", slip.invitation, name="invite"),
    path("courses/<slug:course_id>/reminders/", reminded.reminded, name="reminded"),
]
