"""The key-encryption key is changed while the service runs; interrupted anywhere, everything stays readable."""

from __future__ import annotations

import json
import stat
from uuid import UUID

import pytest
from sealing_home import run

from openipt.casebook import sealing
from openipt.casebook.sealing import rotation, scopes
from openipt.casebook.sealing.key_file import changing
from openipt.casebook.sealing.models import ScopeKey

PLACE = ("entry", "body", "row")


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def sealed(key_file, at) -> dict[UUID, bytes]:
    made = [sealing.new_scope("client", at) for _ in range(12)]
    return {scope: sealing.seal(scope, PLACE, scope.bytes) for scope in made}


def readable(sealed: dict[UUID, bytes]) -> int:
    """How many scopes can be read by somebody who just came and holds no key in memory."""
    scopes.held.empty()
    return sum(sealing.unseal(scope, PLACE, blob) == scope.bytes for scope, blob in sealed.items())


@pytest.mark.django_db(databases=["default", "keys"])
class TestInOnePiece:
    def test_all_keys_are_wrapped_anew_and_the_old_one_leaves_the_file(self, sealed, key_file, at):
        old = sealing.read_key_file(key_file).newest
        done = sealing.rotate(at.replace(year=2027))
        ring = sealing.read_key_file(key_file)

        assert done == sealing.Rotation(ring.newest.id, 12, (old.id,), ())
        assert [(key.id == old.id, key.made.year) for key in ring.keys] == [(False, 2027)]
        assert set(ScopeKey.objects.values_list("kek_id", flat=True)) == {ring.newest.id}
        assert readable(sealed) == 12

    def test_the_file_stays_its_owners_alone_and_leaves_nothing_beside_it(self, sealed, key_file, at):
        (key_file.parent / "openipt.key.new").write_text("what an interrupted change left behind")
        sealing.rotate(at)

        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        assert sorted(path.name for path in key_file.parent.iterdir()) == ["openipt.key", "openipt.key.lock"]

    def test_an_empty_store_can_change_its_key_too(self, key_file, at):
        before = sealing.read_key_file(key_file).newest

        assert sealing.rotate(at).rewrapped == 0
        assert before not in sealing.read_key_file(key_file).keys

    def test_a_backup_of_the_store_from_before_needs_the_key_from_before(self, sealed, key_file, at):
        scope, blob = next(iter(sealed.items()))
        old_row = ScopeKey.objects.get(pk=scope)
        old_file = key_file.read_text()
        sealing.rotate(at)
        ScopeKey.objects.filter(pk=scope).update(wrapped=old_row.wrapped, kek_id=old_row.kek_id)
        scopes.held.empty()

        with pytest.raises(sealing.KeyFileProblem, match=f"uses key {old_row.kek_id}, which .* does not hold"):
            sealing.unseal(scope, PLACE, blob)
        key_file.write_text(old_file)
        assert sealing.unseal(scope, PLACE, blob) == scope.bytes

    def test_two_changes_at_once_are_refused(self, sealed, key_file, at):
        with (
            changing(key_file),
            pytest.raises(sealing.KeyFileProblem, match="is being changed by another process"),
        ):
            sealing.rotate(at)

        assert sealing.rotate(at).rewrapped == 12


@pytest.mark.django_db(databases=["default", "keys"])
class TestInterrupted:
    @pytest.mark.parametrize(
        ("where", "call"),
        [
            ("replace_key_file", 0),
            ("_rewrap", 0),
            ("_rewrap", 1),
            ("_rewrap", 2),
            ("_drop_unused", 0),
            ("replace_key_file", 1),
        ],
    )
    def test_a_change_stopped_anywhere_leaves_all_readable_and_is_ended_by_the_next(
        self, sealed, key_file, at, monkeypatch, where, call
    ):
        calls, act = iter(range(call)), getattr(rotation, where)

        def stopping(*words):
            if next(calls, None) is None:
                raise Killed
            return act(*words)

        with monkeypatch.context() as patched:
            patched.setattr(rotation, where, stopping)
            with pytest.raises(Killed):
                sealing.rotate(at, batch=5)

        assert readable(sealed) == 12
        begun = sealing.read_key_file(key_file)
        done = sealing.rotate(at, batch=5)
        assert len(begun.keys) == 1 or done.newest == begun.newest.id
        assert [key.id for key in sealing.read_key_file(key_file).keys] == [done.newest]
        assert readable(sealed) == 12

    def test_the_check_would_notice_a_key_that_leaves_the_file_too_early(self, sealed, at, monkeypatch):
        def too_early(path, ring):
            rotation.replace_key_file(path, sealing.Keyring((ring.newest,)))
            return ()

        monkeypatch.setattr(rotation, "_drop_unused", too_early)
        monkeypatch.setattr(rotation, "_rewrap", lambda *_words: (0, []))
        sealing.rotate(at)

        with pytest.raises(sealing.KeyFileProblem):
            readable(sealed)

    def test_a_damaged_key_keeps_the_old_key_in_the_file_and_stops_nothing_else(self, sealed, key_file, at):
        damaged = list(sealed)[4]
        good = ScopeKey.objects.get(pk=damaged).wrapped
        ScopeKey.objects.filter(pk=damaged).update(wrapped=b"\1damaged")
        done = sealing.rotate(at, batch=5)

        assert (done.rewrapped, done.dropped, done.damaged) == (11, (), (damaged,))
        ScopeKey.objects.filter(pk=damaged).update(wrapped=good)
        assert readable(sealed) == 12
        assert sealing.rotate(at).newest == done.newest
        assert readable(sealed) == 12
        assert len(sealing.read_key_file(key_file).keys) == 1


@pytest.mark.django_db(databases=["default", "keys"])
class TestWhileTheServiceRuns:
    def test_between_any_two_batches_everything_is_readable(self, sealed, at, monkeypatch):
        seen, act = [], rotation._rewrap

        def watched(*words):
            seen.append(readable(sealed))
            done = act(*words)
            seen.append(readable(sealed))
            return done

        monkeypatch.setattr(rotation, "_rewrap", watched)
        sealing.rotate(at, batch=5)

        assert seen == [12] * 6

    def test_a_row_or_a_file_that_was_read_before_the_change_still_opens_after_it(self, sealed, at):
        old_row, old_keys = ScopeKey.objects.get(pk=next(iter(sealed))), scopes.ring()
        sealing.rotate(at)
        new_row, new_keys = ScopeKey.objects.get(pk=old_row.pk), scopes.ring()

        for row, keys in ((old_row, old_keys), (new_row, old_keys), (new_row, new_keys), (old_row, new_keys)):
            assert scopes._open(row, keys).unseal(PLACE, sealed[row.pk]) == row.pk.bytes

    def test_a_scope_made_while_the_key_was_changed_does_not_keep_the_dropped_key(self, key_file, at, monkeypatch):
        before, changes = sealing.read_key_file(key_file).newest.id, []

        def meanwhile(*words, wrap=scopes.wrap):
            if not changes:
                changes.append(sealing.rotate(at))
            return wrap(*words)

        with monkeypatch.context() as patched:
            patched.setattr(scopes, "wrap", meanwhile)
            scope = sealing.new_scope("client", at)

        assert changes[0].dropped == (before,)
        assert ScopeKey.objects.get(pk=scope).kek_id == sealing.read_key_file(key_file).newest.id
        assert readable({scope: sealing.seal(scope, PLACE, scope.bytes)}) == 1

    def test_a_scope_erased_while_its_key_is_wrapped_anew_stays_erased(self, sealed, at, monkeypatch):
        gone, *others = sealed

        def meanwhile(key, scope, kind, secret, wrap=rotation.wrap):
            sealing.erase(gone, at)
            return wrap(key, scope, kind, secret)

        monkeypatch.setattr(rotation, "wrap", meanwhile)
        done = sealing.rotate(at)

        assert done.rewrapped == 11
        assert ScopeKey.objects.get(pk=gone).wrapped is None
        assert readable({scope: sealed[scope] for scope in others}) == 11


class TestInProcessesOfTheirOwn:
    @pytest.mark.parametrize(("where", "call"), [("wrap", 25), ("_drop_unused", 0)])
    def test_a_change_killed_on_the_way_is_ended_by_the_next_process(self, tmp_path, where, call):
        assert run(tmp_path, "fill", "60").returncode == 0

        killed = run(tmp_path, "rotate", where, str(call))
        between = run(tmp_path, "read")
        ended = run(tmp_path, "rotate")
        after = run(tmp_path, "read")

        assert (killed.returncode, ended.returncode) == (-9, 0), killed.stderr + ended.stderr
        assert json.loads(between.stdout) == [60, 60, 2], between.stderr
        assert json.loads(after.stdout) == [60, 60, 1], after.stderr

    def test_five_threads_read_and_make_scopes_while_the_key_is_changed_five_times(self, tmp_path):
        assert run(tmp_path, "fill", "60").returncode == 0

        readings, made, wrong = json.loads(run(tmp_path, "busy", "5").stdout)

        assert wrong == []
        assert readings > 60
        assert made > 5
        assert json.loads(run(tmp_path, "read").stdout) == [60, 60, 1]
