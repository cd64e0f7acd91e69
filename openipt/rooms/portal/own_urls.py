"""Addresses of the client's own material: sheets, people, lessons, goals, what helps. A key says nothing of a sheet."""

from django.urls import path

from openipt.rooms.portal.life import goals as my_goals
from openipt.rooms.portal.life import people as my_people
from openipt.rooms.portal.life import person as my_person
from openipt.rooms.portal.life import timeline as my_life
from openipt.rooms.portal.well import lessons, staying_well
from openipt.rooms.portal.worksheets import walking, written

urlpatterns = [
    path("my/sheets/", written.sheets, name="portal-sheets"),
    path("my/sheets/<slug:key>/", walking.begin, name="portal-sheet"),
    path("my/sheets/<slug:key>/<int:number>/", walking.step, name="portal-walk"),
    path("my/sheets/<slug:key>/all/", walking.look_over, name="portal-look"),
    path("my/people/", my_people.people, name="portal-people"),
    path("my/people/add/", my_people.add, name="portal-add-person"),
    path("my/people/lines/", my_people.tie, name="portal-tie"),
    path("my/people/<slug:person_id>/", my_person.person, name="portal-person"),
    path("my/people/<slug:person_id>/place/", my_person.place, name="portal-place"),
    path("my/people/<slug:person_id>/between/", my_person.content, name="portal-content"),
    path("my/read/", lessons.shelf_of_lessons, name="portal-lessons"),
    path("my/read/<slug:key>/", lessons.lesson, name="portal-lesson"),
    path("my/life/", my_life.life, name="portal-life"),
    path("my/goals/", my_goals.goals, name="portal-goals"),
    path("my/goals/<slug:goal_id>/now/", my_goals.rate, name="portal-rate"),
    path("my/goals/<slug:goal_id>/went/", my_goals.went, name="portal-limit"),
    path("my/well/", staying_well.well, name="portal-well"),
    path("my/well/now/", staying_well.again, name="portal-again"),
    path("my/day/", staying_well.bad_day, name="portal-bad-day"),
    path("my/kept/<slug:entry_id>/", written.kept, name="portal-kept"),
    path("my/written/<slug:entry_id>/", written.written, name="portal-written"),
    path("my/written/<slug:entry_id>/words/", written.script, name="portal-script"),
]
