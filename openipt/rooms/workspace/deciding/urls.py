"""Addresses of deciding."""

from django.urls import path

from openipt.rooms.workspace.deciding import decision, review, signing

urlpatterns = [
    path("sign-off/", signing.queue, name="signing-queue"),
    path("courses/<slug:course_id>/decisions/<slug:point_id>/", decision.decision, name="decision"),
    path("courses/<slug:course_id>/sign-off/<uuid:decision_id>/", signing.sign, name="sign-off"),
    path("courses/<slug:course_id>/review/", review.review, name="review"),
]
