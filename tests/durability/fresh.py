"""Runs a harness in a Python of its own: with the settings and the home folder the test wants, and free to fork.

The one call a test makes:

    result = in_fresh_python("durability.kills:kill", home=tmp_path, settings="openipt.site.settings",
                             act="durability.plain:write", check="durability.plain:verdict", kills=40)

Functions travel as "module:name". What comes back is the harness's result as plain data. The real thing is plugged
in the same way: its own settings, a `prepare` that sets up a service in the home folder, an `act` that saves one thing
and returns its id (twice with the same numbers: once), a `check` that reads everything back.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
PLAIN_SETTINGS = "durability.settings"


def named(name: str | Callable[..., Any] | None) -> Callable[..., Any]:
    """Return the function behind "module:name"; nothing at all for None."""
    if name is None:
        return lambda: None
    if callable(name):
        return name
    module, function = name.split(":")
    return getattr(importlib.import_module(module), function)


def in_fresh_python(
    harness: str, *, home: Path, settings: str = PLAIN_SETTINGS, seconds: float = 60, **how: Any
) -> Any:
    """Call a harness with its arguments in a new process and return its result as plain data.

    Raises:
        AssertionError: With the process's last words, where it ended badly.
    """
    environment = os.environ | {
        "OPENIPT_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)]),
    }
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = subprocess.run(
        [sys.executable, "-m", "durability.fresh", harness, json.dumps(how)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def _main(harness: str, how: str) -> None:
    import django

    django.setup()
    result = named(harness)(**json.loads(how))
    print(json.dumps(dataclasses.asdict(result) if dataclasses.is_dataclass(result) else result))


if __name__ == "__main__":
    _main(*sys.argv[1:])
