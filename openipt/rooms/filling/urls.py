"""Addresses of the shelf of forms, and of drafts of sheets that are being filled in."""

from django.urls import path

from openipt.rooms.filling import drafts, views

urlpatterns = [
    path("forms/", views.forms, name="forms"),
    path("forms/<slug:form_id>/", views.form, name="form"),
    path("forms/<slug:form_id>.pdf", views.pdf, name="form-pdf"),
    path("recordings/<slug:key>/<str:name>", views.recording, name="recording"),
    path("courses/<slug:course_id>/fill/<slug:form_id>/draft", drafts.draft, name="draft"),
]
