"""`openipt serve`: the pages, on this machine only."""

from __future__ import annotations

import os
import socket
import sys
from typing import Annotated, Any

import typer

HOST = "127.0.0.1"


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8000,
) -> None:
    """Show the worked courses in a browser: read-only, invented people, this machine only."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openipt.site.settings")
    try:
        from openipt.site.wsgi import application
    except ModuleNotFoundError as missing:
        raise _refused(
            f"the pages need {missing.name}", "the web extra (pip install 'openipt[web]', or make run)"
        ) from missing
    if _taken(port):
        raise _refused(f"port {port} is taken on this machine", f"a free one (make run PORT={port + 1})")
    typer.echo(f"OpenIPT shows the worked courses at http://{HOST}:{port}/ (all invented; Ctrl-C stops it)")
    sys.stdout.flush()
    if sys.platform == "win32":
        _plain(application, port)
    else:
        _gunicorn(application, port)


def _refused(wrong: str, expected: str) -> typer.Exit:
    from openipt.cli.ending import refused
    from openipt.therapy.shelf import Problem, Refused

    return refused(Refused(Problem("serve", 0, "", wrong, expected)))


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((HOST, port)) == 0


def _gunicorn(application: Any, port: int) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {
                "bind": f"{HOST}:{port}",
                "workers": 1,
                "threads": 4,
                "loglevel": "warning",
                "control_socket_disable": True,
            }.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    sys.argv = ["openipt"]  # gunicorn would read our own options as its own
    Server().run()


def _plain(application: Any, port: int) -> None:
    from wsgiref.simple_server import make_server

    with make_server(HOST, port, application) as server:
        server.serve_forever()
