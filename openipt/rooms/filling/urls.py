"""Addresses of the shelf of forms."""

from django.urls import path

from openipt.rooms.filling import views

urlpatterns = [
    path("forms/", views.forms, name="forms"),
    path("forms/<slug:form_id>/", views.form, name="form"),
    path("forms/<slug:form_id>.pdf", views.pdf, name="form-pdf"),
]
