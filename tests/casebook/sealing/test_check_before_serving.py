"""A service does not begin without a good key file, nor with that of another key store."""

from __future__ import annotations

import json

import pytest
from django.core.checks import registry, run_checks
from django.db import connections

from openipt.casebook import sealing
from openipt.casebook.sealing.checks import TAG, key_file_is_fit

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def found(**asked) -> list[tuple[str, str]]:
    """What the check finds when the server asks: ids and messages."""
    messages = run_checks(tags=[TAG], include_deployment_checks=True, **asked)
    return [(one.id, one.msg) for one in messages if one.id.startswith("sealing.")]


def test_a_good_key_file_passes(key_file, at):
    sealing.new_scope("client", at)

    assert found(databases=["keys"]) == []


def test_a_missing_key_file_is_refused_with_what_to_do(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "openipt.key"
    (problem,) = key_file_is_fit()

    assert (problem.id, problem.is_serious()) == ("sealing.E001", True)
    assert problem.msg == f"the key file {settings.KEY_FILE} is missing; expected the file that `openipt setup` made."
    assert problem.hint == "Put the right file back, or make it anew from the recovery sheet."


def test_a_weak_key_is_refused(key_file):
    data = json.loads(key_file.read_text())
    data["keys"][0]["key"] = "A" * 43 + "="
    key_file.write_text(json.dumps(data))

    ((number, message),) = found()
    assert (number, "is all zeros" in message) == ("sealing.E001", True)


def test_a_key_file_open_to_others_is_refused(key_file):
    key_file.chmod(0o644)

    ((number, message),) = found()
    assert (number, "mode 0644" in message) == ("sealing.E001", True)


def test_the_key_file_of_another_store_is_refused_when_the_store_may_be_asked(key_file, at):
    sealing.new_scope("client", at)
    used = sealing.read_key_file(key_file).newest.id
    key_file.unlink()
    sealing.make_key_file(key_file, at)

    assert found() == []
    ((number, message),) = found(databases=["keys"])
    assert (number, used in message) == ("sealing.E002", True)


def test_a_key_store_without_its_table_is_refused(key_file):
    with connections["keys"].cursor() as cursor:
        cursor.execute("ALTER TABLE sealing_scopekey RENAME TO elsewhere")

    ((number, message),) = found(databases=["keys"])
    assert (number, message.startswith("the key store 'keys' cannot be asked")) == ("sealing.E003", True)


def test_an_erased_scope_asks_for_no_key(key_file, at):
    sealing.erase(sealing.new_scope("client", at), at)
    key_file.unlink()
    sealing.make_key_file(key_file, at)

    assert found(databases=["keys"]) == []


def test_other_commands_of_django_do_not_ask_for_a_key():
    assert key_file_is_fit not in registry.registry.get_checks()
    assert key_file_is_fit in registry.registry.get_checks(include_deployment_checks=True)
