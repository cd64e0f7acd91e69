"""Addresses of the therapist's room. No name and no word of a client ever stands in one."""

from django.urls import include, path

from openipt.rooms.workspace import views
from openipt.rooms.workspace.beginning import start, starting
from openipt.rooms.workspace.caseload import finding
from openipt.rooms.workspace.course import giving, own_scores, switching
from openipt.rooms.workspace.risk import flags, outcome_kept
from openipt.rooms.workspace.sessions import after, looking_ahead, notes

urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("find/", finding.find, name="find-client"),
    path("courses/new/", starting.new_client, name="new-client"),
    path("courses/<slug:course_id>/", views.course, name="course"),
    path("courses/<slug:course_id>/treatment/", views.treatment, name="treatment"),
    path("courses/<slug:course_id>/people/", include("openipt.rooms.workspace.people.urls")),
    path("courses/<slug:course_id>/insight/", giving.insight, name="insight"),
    path("courses/<slug:course_id>/insight/give/", giving.release, name="insight-release"),
    path("courses/<slug:course_id>/insight/take-back/", giving.withdraw, name="insight-withdraw"),
    path("courses/<slug:course_id>/move/", starting.move, name="move"),
    path("courses/<slug:course_id>/sessions/ahead/", looking_ahead.look_ahead, name="look-ahead"),
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
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note/draft/", notes.draft, name="note-draft"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note/drop/", notes.drop, name="note-drop"),
    path("courses/<slug:course_id>/meetings/<slug:session_id>/note.txt", notes.plain, name="plain-note"),
    path("courses/<slug:course_id>/flags/", flags.flags, name="flags"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/", flags.flag, name="flag"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/outcome/", flags.outcome, name="flag-outcome"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/draft/", outcome_kept.draft, name="flag-draft"),
    path("courses/<slug:course_id>/flags/<slug:flag_id>/hand-over/", flags.hand_over, name="flag-hand-over"),
    path("courses/<slug:course_id>/agreed/", include("openipt.rooms.workspace.agreeing.urls")),
    path("courses/<slug:course_id>/entries/<slug:entry_id>/", views.entry, name="entry"),
    path("courses/<slug:course_id>/fill/<slug:form_id>/", views.fill, name="fill"),
    path("service/insight/", switching.insight, name="switch-insight"),
    path("service/scores/", own_scores.own_scores, name="switch-scores"),
    path("", include("openipt.rooms.workspace.measuring.urls")),
    path("", include("openipt.rooms.workspace.caring.urls")),
    path("", include("openipt.rooms.workspace.risk.urls")),
    path("", include("openipt.rooms.workspace.inviting.urls")),
    path("manuals/", views.manuals, name="manuals"),
    path("manuals/<slug:manual_id>/", views.manual, name="manual"),
    path("", include("openipt.rooms.workspace.deciding.urls")),
    path("", include("openipt.rooms.workspace.ending.urls")),
    path("", include("openipt.rooms.workspace.young.urls")),
]
