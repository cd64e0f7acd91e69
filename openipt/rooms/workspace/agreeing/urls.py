"""Addresses of the first phase. No name and no word of a client ever stands in one."""

from django.urls import path

from openipt.rooms.workspace.agreeing import views
from openipt.rooms.workspace.agreeing.steps import STEPS

urlpatterns = [
    path("", views.agreed, name="agreed"),
    *(path(f"{step.id}/", views.page_of(step), name=f"agreed-{step.id}") for step in STEPS.values()),
    path("goal/<slug:goal_id>/", views.goal, name="agreed-one-goal"),
]
