"""All addresses. Each room brings its own."""

from django.urls import include, path

from openipt.rooms.ui import views as ui

urlpatterns = [
    path("", include("openipt.accounts.urls")),
    path("", include("openipt.rooms.workspace.urls")),
    path("", include("openipt.rooms.portal.urls")),
    path("", include("openipt.rooms.filling.urls")),
    path("", include("openipt.rooms.programme.urls")),
    path("lessons/", include("openipt.rooms.filling.lessons")),
    path("ui/", ui.components, name="components"),
]
handler404 = ui.not_found
handler400 = "openipt.rooms.filling.refusals.bad_request"
handler500 = ui.broken
