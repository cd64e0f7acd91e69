"""A key store in files, in processes of their own: what a test that kills, erases or runs many threads works on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def run(home: Path, act: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Do one act of keys_process.py in a process of its own, always on SQLite files in `home`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KEYS_URL")}
    root = HERE.parents[2]
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "keys_alone",
        "KEYS_ALONE_HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(HERE), str(root)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-W", "error", str(HERE / "keys_process.py"), act, *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=False)
