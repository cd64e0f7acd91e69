"""Addresses of the room of whoever runs the service. No name stands in one."""

from django.urls import path

from openipt.rooms.programme import numbers, people, promise, start, terms, way_in

_PERSON = "service/people/<uuid:account_id>/"

urlpatterns = [
    path("service/", start.service, name="service"),
    path("service/people/", people.people, name="service-people"),
    path("service/people/add/", people.add, name="service-add"),
    path(_PERSON, people.person, name="service-person"),
    path(f"{_PERSON}details/", people.details, name="service-details"),
    path(f"{_PERSON}role/", terms.give, name="service-give"),
    path(f"{_PERSON}role/<uuid:role_id>/", terms.end, name="service-end"),
    path(f"{_PERSON}way-in/", way_in.way_in, name="service-way-in"),
    path(f"{_PERSON}sign-out/", people.sign_out, name="service-sign-out"),
    path(f"{_PERSON}close/", people.close_account, name="service-close"),
    path("service/promise/", promise.promise, name="service-promise"),
    path("service/alone/", promise.solo, name="service-solo"),
    path("service/numbers/", numbers.numbers, name="service-numbers"),
    path("service/changes/", start.changes, name="service-changes"),
    path("service/changes/<uuid:change_id>/", start.change, name="service-change"),
    path("sign-in/first/", way_in.first, name="sign-in-first"),
]
