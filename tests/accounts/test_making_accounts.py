"""Accounts are made by an administrator, in one act each, and each act is in the audit."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from signing import NOON, PASSWORD, a_client_with_a_slip, a_service, somebody

from openipt.accounts.closing import close_account, take_off_second_factor
from openipt.accounts.making import NameTakenError, give_slip, make_client_access, make_staff
from openipt.accounts.models import Account, MarkedForGoodError, Membership, Organisation
from openipt.accounts.names import NameRefusedError
from openipt.accounts.own_secret import WeakSecretError
from openipt.accounts.roles import RoleRefusedError, end_role, give_role
from openipt.accounts.second_factor import is_set_up
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
BOSS = "0192f0c1-0000-7000-8000-000000000001"


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("act", flat=True))


def test_staff_get_a_name_a_role_and_no_more_and_the_audit_says_so(service):
    made = somebody(service, "M.Okoye", "therapist", "supervisor")

    assert made.username == "m.okoye"
    assert made.check_password(PASSWORD)
    assert set(made.memberships.values_list("role", "since", "until")) == {
        ("therapist", NOON, None),
        ("supervisor", NOON, None),
    }
    event = AuditEvent.objects.get(act="account.make")
    assert (event.by, event.client, len(event.rows)) == ("service", "", 2)


def test_staff_made_without_a_password_cannot_sign_in_until_they_chose_one(service):
    assert not somebody(service, password=None).has_usable_password()


@pytest.mark.parametrize("typed", ["", "  ", "mira okoye!", "måns", "-mira", "a" * 65, "m..o"])
def test_a_sign_in_name_of_staff_is_plain(service, typed):
    with pytest.raises(NameRefusedError, match="plain letters"):
        somebody(service, typed)


def test_a_name_is_taken_once_however_it_is_written(service):
    somebody(service, "m.okoye")

    with pytest.raises(NameTakenError):
        somebody(service, " M.OKOYE ")


def test_the_database_itself_refuses_the_same_name_in_other_letters(service):
    somebody(service, "m.okoye")

    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(username="M.OKOYE", organisation=service, created_at=NOON)


@pytest.mark.parametrize("password", ["short", "password1234", "dr mira okoye", "m.okoye12345"])
def test_a_first_password_that_others_would_guess_is_refused(service, password):
    with pytest.raises(WeakSecretError):
        somebody(service, password=password)

    assert not Account.objects.exists()


def test_there_is_no_such_role_as_superuser(service):
    with pytest.raises(RoleRefusedError, match="is no role; expected one of"):
        somebody(service, "m.okoye", "superuser")

    assert not Account.objects.exists()


def test_staff_cannot_be_made_a_client_nor_a_client_staff(service):
    with pytest.raises(RoleRefusedError):
        somebody(service, "m.okoye", "client")
    with pytest.raises(RoleRefusedError):
        give_role(account=a_client_with_a_slip(service).account, role="therapist", by=BOSS, at=NOON)


def test_a_clients_account_holds_nothing_that_says_who_they_are(service):
    access = a_client_with_a_slip(service)

    assert (access.account.name, access.account.email) == ("", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=access.account.pk).update(name="Hanna")


def test_a_clients_account_is_made_once_and_noted_in_the_clients_own_chain(service):
    client = uuid4()
    make_client_access(client=client, organisation=service, by=BOSS, at=NOON)

    with pytest.raises(NameTakenError, match="new slip"):
        make_client_access(client=client, organisation=service, by=BOSS, at=NOON)
    event = AuditEvent.objects.get(act="client-access.make")
    assert (event.by, event.client, event.chain) == (BOSS, str(client), str(client))


def test_a_new_slip_ends_the_old_one_and_the_old_secret(service):
    first = a_client_with_a_slip(service)
    first.account.set_password("424217")
    first.account.save()

    second = give_slip(account=first.account, by=BOSS, at=NOON + timedelta(days=1))

    assert second.username == first.username
    assert second.code != first.code
    assert not Account.objects.get(pk=first.account.pk).has_usable_password()
    assert first.account.slips.filter(withdrawn_at=None).count() == 1


def test_staff_get_no_slip(service):
    with pytest.raises(ValueError, match="only clients"):
        give_slip(account=somebody(service), by=BOSS, at=NOON)


def test_a_role_ends_once_and_can_be_given_again(service):
    account = somebody(service)
    held = account.memberships.get()
    end_role(membership=held, by=BOSS, at=NOON + timedelta(hours=1), why="left")

    with pytest.raises(RoleRefusedError, match="ended already"):
        end_role(membership=held, by=BOSS, at=NOON + timedelta(hours=2))
    give_role(account=account, role="therapist", by=BOSS, at=NOON + timedelta(days=1))

    assert acts()[1:] == ["account.make", "role.end", "role.give"]


def test_a_role_is_not_held_twice_at_once(service):
    with pytest.raises(RoleRefusedError, match="held already"):
        give_role(account=somebody(service), role="therapist", by=BOSS, at=NOON)


def test_a_closed_account_keeps_its_row_and_loses_everything_it_could_do(mira):
    close_account(account=mira, by=BOSS, at=NOON + timedelta(hours=1), why="left")

    kept = Account.objects.get(pk=mira.pk)
    assert (kept.is_active, kept.has_usable_password()) == (False, False)
    assert not Membership.objects.live(NOON + timedelta(hours=1)).filter(account=mira).exists()
    assert acts()[-1] == "account.close"


def test_a_lost_telephone_is_taken_off_by_an_administrator(mira):
    take_off_second_factor(account=mira, by=BOSS, at=NOON, why="lost-telephone")

    assert not is_set_up(mira)
    assert AuditEvent.objects.get(act="second-factor.take-off").why == "lost-telephone"


def test_an_act_that_cannot_be_noted_does_not_happen(service, monkeypatch):
    def broken(**_said):
        raise OSError("the audit cannot be written")

    monkeypatch.setattr("openipt.accounts.noting.wrote", broken)

    with pytest.raises(OSError, match="audit"):
        somebody(service)
    assert not Account.objects.exists()


def test_whether_people_are_invented_is_decided_once(service):
    service.synthetic = True

    with pytest.raises(MarkedForGoodError):
        service.save()
    with pytest.raises(MarkedForGoodError):
        Organisation.objects.filter(pk=service.pk).update(synthetic=True)
    with pytest.raises(MarkedForGoodError), transaction.atomic():
        Organisation.objects.bulk_update([service], ["synthetic"])
    assert not Organisation.objects.get(pk=service.pk).synthetic


def test_other_things_about_a_service_can_change(service):
    service.name = "Mill Lane clinic"
    service.save()

    assert Organisation.objects.get().name == "Mill Lane clinic"


@pytest.mark.parametrize("first", [True, False])
def test_a_database_holds_invented_people_only_or_none(db, first):
    a_service(synthetic=first)

    with pytest.raises(MarkedForGoodError, match="another database"):
        a_service(synthetic=not first)


def test_an_address_is_not_asked_for(service):
    made = make_staff(
        username="night.desk", name="Night desk", email="", organisation=service, roles=["operator"], by=BOSS, at=NOON
    )

    assert made.email == ""
