"""Addresses about young people and their caregivers."""

from django.urls import path

from openipt.rooms.workspace.young import views

urlpatterns = [path("courses/<slug:course_id>/young/", views.young, name="young")]
