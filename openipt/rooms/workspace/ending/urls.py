"""Addresses of ending, going on, missed sessions, and handing over."""

from django.urls import path

from openipt.rooms.workspace.ending import ending, going_on, handing_over, leave, letter, missed

urlpatterns = [
    path("leave/", leave.leave, name="leave"),
    path("courses/<slug:course_id>/ending/", ending.ending, name="ending"),
    path("courses/<slug:course_id>/ending/letter/", letter.letter, name="gains-letter"),
    path("courses/<slug:course_id>/keeping-well/", letter.plan, name="keeping-well"),
    path("courses/<slug:course_id>/going-on/", going_on.going_on, name="going-on"),
    path("courses/<slug:course_id>/missed/", missed.missed, name="missed-plan"),
    path("courses/<slug:course_id>/handing-over/", handing_over.handing_over, name="handing-over"),
]
