"""Addresses of the therapist's room. No name and no word of a client ever stands in one."""

from django.urls import path

from openipt.rooms.workspace import after, flags, giving, notes, start, starting, views

urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("courses/new/", starting.new_client, name="new-client"),
    path("courses/<slug:course_id>/", views.course, name="course"),
    path("courses/<slug:course_id>/treatment/", views.treatment, name="treatment"),
    path("courses/<slug:course_id>/people/", views.people, name="people"),
    path("courses/<slug:course_id>/insight/", giving.insight, name="insight"),
    path("courses/<slug:course_id>/insight/give/", giving.release, name="insight-release"),
    path("courses/<slug:course_id>/insight/take-back/", giving.withdraw, name="insight-withdraw"),
    path("courses/<slug:course_id>/move/", starting.move, name="move"),
    path("courses/<slug:course_id>/sessions/new/", start.session, name="new-session"),
    path("courses/<slug:course_id>/sessions/missed/", start.missed, name="missed-session"),
    path("courses/<slug:course_id>/sessions/<int:number>/", views.session, name="session"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/", after.session_by_id, name="meeting"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/after/", after.close, name="close-session"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/draft/", after.draft, name="card-draft"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/drop/", after.drop, name="card-drop"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/amend/", start.amend, name="amend-session"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note/", notes.note, name="note"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note/sign/", notes.sign, name="sign-note"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note/add/", notes.add, name="add-to-note"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note.txt", notes.plain, name="plain-note"),
    path("courses/<slug:course_id>/flags/", flags.flags, name="flags"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/", flags.flag, name="flag"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/outcome/", flags.outcome, name="flag-outcome"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/hand-over/", flags.hand_over, name="flag-hand-over"),
    path("courses/<slug:course_id>/entries/<slug:entry_id>/", views.entry, name="entry"),
    path("courses/<slug:course_id>/fill/<slug:form_id>/", views.fill, name="fill"),
    path("manuals/", views.manuals, name="manuals"),
    path("manuals/<slug:manual_id>/", views.manual, name="manual"),
]
