"""What runs in a process of its own: fill a key store, read it, change its key and be killed, erase, use threads."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from openipt.casebook import sealing  # noqa: E402
from openipt.casebook.sealing import rotation  # noqa: E402
from openipt.casebook.sealing.held import held  # noqa: E402
from openipt.casebook.sealing.models import ScopeKey  # noqa: E402

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
SEALED = Path(settings.HOME) / "sealed.json"


def place(scope: UUID) -> tuple[str, str, str]:
    return ("entry", "body", scope.hex)


def fill(count: str) -> None:
    """Make a key file and scopes; seal the id of each with its own key."""
    call_command("migrate", database="keys", verbosity=0)
    sealing.make_key_file(settings.KEY_FILE, AT)
    scopes = [sealing.new_scope("client", AT) for _ in range(int(count))]
    SEALED.write_text(json.dumps({s.hex: sealing.seal(s, place(s), s.bytes).hex() for s in scopes}))


def read() -> None:
    """Print how many sealed texts there are, how many can be read, and how many keys the file holds."""
    sealed = {UUID(scope): bytes.fromhex(blob) for scope, blob in json.loads(SEALED.read_text()).items()}
    good = sum(sealing.unseal(scope, place(scope), blob) == scope.bytes for scope, blob in sealed.items())
    print(json.dumps([len(sealed), good, len(sealing.read_key_file(settings.KEY_FILE).keys)]))


def rotate(name: str = "", call: str = "0") -> None:
    """Change the key in batches of ten; die by SIGKILL at the nth call of a function of the module, if one is named."""
    if name:
        setattr(rotation, name, dying(getattr(rotation, name), int(call)))
    done = sealing.rotate(AT, batch=10)
    print(json.dumps([done.rewrapped, len(done.dropped), len(done.damaged)]))


def dying(act: Callable[..., Any], call: int) -> Callable[..., Any]:
    calls = iter(range(call))

    def wrapped(*words: Any) -> Any:
        if next(calls, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*words)

    return wrapped


def erase_one() -> None:
    """Erase the first scope; print the bytes of its wrapped key as they were before."""
    row = ScopeKey.objects.order_by("pk")[0]
    print(bytes(row.wrapped or b"").hex())
    sealing.erase(row.pk, AT)
    os.kill(os.getpid(), signal.SIGKILL)  # so that no tidy closing cleans up behind the erasing


def busy(changes: str) -> None:
    """Read and make scopes in six threads while the key is changed; print readings, new scopes, and what went wrong."""
    sealed = {UUID(scope): bytes.fromhex(blob) for scope, blob in json.loads(SEALED.read_text()).items()}
    counts, wrong, ended = [0, 0], [], threading.Event()

    def reading() -> None:
        while not ended.is_set():
            for scope, blob in sealed.items():
                held.empty()
                if sealing.unseal(scope, place(scope), blob) != scope.bytes:
                    wrong.append("another text")
                counts[0] += 1

    def making() -> None:
        while not ended.is_set():
            scope = sealing.new_scope("client", AT)
            blob = sealing.seal(scope, place(scope), b"made meanwhile")
            held.empty()
            sealing.unseal(scope, place(scope), blob)
            counts[1] += 1

    def caught(act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=caught, args=(act,)) for act in (reading, reading, reading, making, making)]
    for thread in threads:
        thread.start()
    for _ in range(int(changes)):
        sealing.rotate(AT, batch=10)
    ended.set()
    for thread in threads:
        thread.join()
    print(json.dumps([*counts, wrong]))


if __name__ == "__main__":
    {"fill": fill, "read": read, "rotate": rotate, "erase": erase_one, "busy": busy}[sys.argv[1]](*sys.argv[2:])
