"""Addresses of the people's pages, below a course."""

from django.urls import path

from openipt.rooms.workspace.people import adding, comparing, ending, page, person, placing, tying

urlpatterns = [
    path("", page.people, name="people"),
    path("add/", adding.add, name="add-person"),
    path("circle/", placing.circle, name="circle"),
    path("compare/", comparing.compare, name="compare-circles"),
    path("ties/", tying.ties, name="ties"),
    path("<slug:person_id>/", person.person, name="person"),
    path("<slug:person_id>/end/", ending.end, name="end-person"),
]
