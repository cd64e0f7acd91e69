"""Addresses of measures."""

from django.urls import path

from openipt.rooms.workspace.measuring import paper, views

urlpatterns = [
    path("courses/<slug:course_id>/measures/", views.measures, name="measures"),
    path("courses/<slug:course_id>/measures/paper/", paper.stack, name="paper"),
    path("courses/<slug:course_id>/measures/paper/<slug:form_id>/", paper.sheet, name="paper-sheet"),
]
