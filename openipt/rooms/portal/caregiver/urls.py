"""Addresses of a young person's own say, and of the one page of a caregiver."""

from django.urls import path

from openipt.rooms.portal.caregiver import near, young

urlpatterns = [
    path("near/", near.near, name="near"),
    path("my/agree/", young.agree, name="portal-agree"),
    path("my/seen/", young.seen, name="portal-seen"),
]
