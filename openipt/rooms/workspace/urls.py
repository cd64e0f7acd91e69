"""Addresses of the therapist's room. No name and no word of a client ever stands in one."""

from django.urls import path

from openipt.rooms.workspace import views

urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("courses/<slug:course_id>/", views.course, name="course"),
    path("courses/<slug:course_id>/treatment/", views.treatment, name="treatment"),
    path("courses/<slug:course_id>/people/", views.people, name="people"),
    path("courses/<slug:course_id>/sessions/<int:number>/", views.session, name="session"),
    path("courses/<slug:course_id>/entries/<slug:entry_id>/", views.entry, name="entry"),
    path("manuals/", views.manuals, name="manuals"),
    path("manuals/<slug:manual_id>/", views.manual, name="manual"),
]
