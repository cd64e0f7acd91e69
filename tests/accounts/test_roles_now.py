"""Who acts is looked up for the moment, in one query, and a role that has ended opens nothing from then on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from signing import NOON, a_client_with_a_slip, a_service, browser, sign_in, somebody, words_of

from openipt.accounts.actors import actor_of
from openipt.accounts.closing import close_account
from openipt.accounts.current import CurrentActor
from openipt.accounts.models import Membership
from openipt.accounts.roles import end_role, give_role
from openipt.policy import Actor

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_actor_is_the_account_with_the_roles_of_that_moment(service):
    account = somebody(service, "m.okoye", "therapist")
    held = account.memberships.get()
    give_role(account=account, role="supervisor", by="boss", at=NOON + HOUR)
    end_role(membership=held, by="boss", at=NOON + 2 * HOUR)

    def roles(at):
        return actor_of(account, at).roles

    assert roles(NOON - HOUR) == frozenset()
    assert roles(NOON) == {"therapist"}
    assert roles(NOON + HOUR) == {"therapist", "supervisor"}
    assert roles(NOON + 2 * HOUR) == {"supervisor"}


def test_one_query_finds_the_actor_whatever_the_number_of_roles(service, django_assert_num_queries):
    account = somebody(service, "m.okoye", "therapist", "supervisor", "lead", "operator")

    with django_assert_num_queries(1):
        actor = actor_of(account, NOON)

    assert actor == Actor(
        id=str(account.id),
        organisation=str(service.id),
        roles=frozenset({"therapist", "supervisor", "lead", "operator"}),
    )


def test_a_client_acts_on_their_own_record(service):
    access = a_client_with_a_slip(service)

    actor = actor_of(access.account, NOON)

    assert (actor.roles, actor.client) == ({"client"}, str(access.account.client))


def test_a_practice_of_one_is_known_to_the_policy(db):
    organisation = a_service()
    organisation.solo = True
    organisation.save()

    assert actor_of(somebody(organisation), NOON).solo


def test_a_closed_account_acts_no_more(service):
    account = somebody(service)
    close_account(account=account, by="boss", at=NOON + HOUR, why="left")

    assert actor_of(account, NOON).roles == frozenset()


def test_a_role_in_another_service_does_not_count_here(service):
    account = somebody(service)
    other = a_service()
    Membership.objects.create(account=account, organisation=other, role="lead", since=NOON)

    assert actor_of(account, NOON).roles == {"therapist"}


def test_nobody_is_nobody_and_not_an_empty_somebody(db):
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    CurrentActor(lambda asked: asked)(request)

    assert request.actor is None


def test_the_actor_is_not_looked_up_before_somebody_asks(service, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = somebody(service)

    with django_assert_num_queries(0):
        CurrentActor(lambda asked: asked)(request)
    with django_assert_num_queries(1):
        assert request.actor.id == str(request.user.id)
        assert "therapist" not in request.actor.roles or request.actor.organisation


@pytest.fixture
def signed_in(invented):
    visitor = browser()
    account = somebody(invented, at=timezone.now() - HOUR)
    sign_in(visitor)
    assert visitor.get("/manuals/").status_code == 200
    return visitor, account


def test_a_role_that_ends_is_gone_with_the_next_request(signed_in):
    visitor, account = signed_in
    end_role(membership=account.memberships.get(), by="boss", at=timezone.now())

    refused = visitor.get("/manuals/")

    assert refused.status_code == 403
    assert "You have no role here at this time" in words_of(refused)
    assert "Interpersonal" not in words_of(refused)


def test_who_has_no_role_left_still_reaches_the_pages_of_their_own_sign_in(signed_in):
    visitor, account = signed_in
    end_role(membership=account.memberships.get(), by="boss", at=timezone.now())

    assert visitor.get("/sign-in/yours/").status_code == 200
    assert visitor.post("/sign-in/out/").status_code == 302


def test_a_closed_account_is_signed_out_with_the_next_request(signed_in):
    visitor, account = signed_in
    close_account(account=account, by="boss", at=timezone.now(), why="left")

    assert visitor.get("/sign-in/yours/").headers["Location"].startswith("/sign-in/?next=")
