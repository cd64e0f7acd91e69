"""Addresses of medication and other care."""

from django.urls import path

from openipt.rooms.workspace.caring import views

urlpatterns = [
    path("courses/<slug:course_id>/care/", views.care, name="care"),
    path("courses/<slug:course_id>/care/medicine/", views.medicine, name="care-medicine"),
    path("courses/<slug:course_id>/care/other/", views.other, name="care-other"),
]
