"""Addresses of the client's room. Nothing in one tells what anybody wrote, or which questionnaire it is."""

from django.urls import path

from openipt.rooms.portal import own_urls
from openipt.rooms.portal.caregiver import urls as caregiver_urls
from openipt.rooms.portal.coming import coming_in, keys, lock
from openipt.rooms.portal.hall import helping
from openipt.rooms.portal.questions import asking, by_link
from openipt.rooms.portal.today import appointments, begun, coming_back, diary, reminding, today
from openipt.rooms.portal.today import small_sheets as sheets
from openipt.rooms.portal.well import mine

urlpatterns = [
    path("in/", coming_in.sign_in, name="portal-in"),
    path("in/first/", coming_in.first_time, name="portal-first"),
    path("in/forgotten/", coming_in.forgotten, name="portal-forgotten"),
    path("help/", helping.numbers, name="portal-numbers"),
    path("away/", coming_in.away, name="portal-away"),
    path("my/", today.today, name="portal-today"),
    path("my/pause/", today.pause, name="portal-pause"),
    path("my/leave/", coming_in.leave, name="portal-leave"),
    path("my/everywhere/", coming_in.everywhere, name="portal-everywhere"),
    path("my/help/", helping.helping, name="portal-help"),
    path("my/tell/", sheets.tell, name="portal-tell"),
    path("my/talk/", sheets.talk, name="portal-talk"),
    path("my/reach/", sheets.reach, name="portal-reach"),
    path("my/steps/<slug:step_id>/", sheets.step, name="portal-step"),
    path("my/begun/", begun.begun, name="portal-begun"),
    path("my/diary/", diary.diary, name="portal-diary"),
    path("my/q/<slug:key>/", asking.begin, name="portal-begin"),
    path("my/q/<slug:key>/<int:number>/", asking.question, name="portal-question"),
    path("my/sent/<slug:entry_id>/", asking.sent, name="portal-sent"),
    path("my/more/", mine.mine, name="portal-mine"),
    path("my/looked/", mine.looked_at, name="portal-looked"),
    *own_urls.urlpatterns,
]

# the lock, the keys, the phones and computers that are signed in
urlpatterns += [
    path("my/lock/", lock.lock, name="portal-lock"),
    path("my/keys/", keys.keys, name="portal-keys"),
    path("my/keys/pin/", keys.pin, name="portal-pin"),
    path("my/keys/secret/", keys.secret, name="portal-secret"),
    path("n/<str:token>/", by_link.by_link, name="portal-link"),
    path("my/session/", appointments.appointment, name="portal-session"),
    path("my/notes/", reminding.reminders, name="portal-reminders"),
    *caregiver_urls.urlpatterns,
    path("my/back/", coming_back.way_back, name="portal-back"),
]
