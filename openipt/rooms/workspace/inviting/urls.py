"""Addresses of the client's way in."""

from django.urls import path

from openipt.rooms.workspace.inviting import slip

urlpatterns = [
    path("courses/<slug:course_id>/invite/", slip.invitation, name="invite"),
]
