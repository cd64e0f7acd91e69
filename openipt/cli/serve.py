"""`openipt serve`: the pages. Without a service of its own it shows the demonstration clinic, on this machine only."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openipt.policy import open_door

if TYPE_CHECKING:
    from openipt.site.home import Home

HOST = "127.0.0.1"
READY = "ready"  # stands in the folder of a demonstration clinic that was built to its end, and says from what


@open_door("Starts the pages, which ask everybody who comes.")
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8000,
) -> None:
    """Show the pages: the service in OPENIPT_HOME, or else a demonstration clinic of invented people."""
    try:
        from openipt.site.home import VARIABLE, home
    except ModuleNotFoundError as missing:
        raise _no_web(missing) from missing
    if _taken(port):
        raise _refused(f"port {port} is taken on this machine", f"a free one (make run PORT={port + 1})")
    demo = not os.environ.get(VARIABLE)
    if demo:
        os.environ[VARIABLE] = str(_of_today(home().path))
        os.environ["OPENIPT_LOOPBACK"] = "1"
    try:
        application = _demo(home()) if demo else _service()
    except ModuleNotFoundError as missing:
        raise _no_web(missing) from missing
    from django.db import connections

    connections.close_all()  # the server's workers come from this process by a fork; each opens its own
    shown = "a demonstration clinic, all invented" if demo else "your service"
    typer.echo(f"OpenIPT shows {shown} at http://{HOST}:{port}/ (Ctrl-C stops it)")
    sys.stdout.flush()
    if sys.platform == "win32":
        _plain(application, port)
    else:
        from openipt.site.serving import serve_pages

        serve_pages(application, HOST, port)


def _of_today(place: Path) -> Path:
    """Return the folder of today's clinic; those of other days, or of an OpenIPT before this one, are thrown away."""
    today = place / datetime.now(UTC).date().isoformat()
    for old in place.glob("*-*-*"):
        if old != today or _built_from(old) != _made_of():
            shutil.rmtree(old, ignore_errors=True)
    return today


def _built_from(place: Path) -> str:
    mark = place / READY
    return mark.read_text(encoding="utf-8") if mark.is_file() else ""


@cache
def _made_of() -> str:
    """Return what a clinic is made of: the tables of this version, and its shelf. Either may differ after an update."""
    package = Path(__file__).resolve().parents[1]
    parts = [*package.glob("*/migrations/*.py"), *(package / "library").rglob("*.*")]
    told = "\n".join(sorted(f"{part.relative_to(package)} {part.stat().st_size}" for part in parts))
    return sha256(told.encode()).hexdigest()


def _demo(home: Home) -> Any:
    """Return the pages of the demonstration clinic, built first where today's is not there yet."""
    from openipt.site.making import make_home

    now = datetime.now(UTC)
    make_home(home, now)
    application = _application()
    if not (home.path / READY).exists():
        from openipt.site.demo import build
        from openipt.site.demo_numbers import write_demo_numbers
        from openipt.site.making import make_tables

        make_tables()
        with _progress() as told:
            build(now, told)
        write_demo_numbers(home, now.date())
        (home.path / READY).write_text(_made_of(), encoding="utf-8")
    return application


def _service() -> Any:
    from openipt.site.checks import refuse_unsafe_start

    application = _application()
    refuse_unsafe_start()
    return application


def _application() -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openipt.site.settings")
    from openipt.site.wsgi import application

    return application


def _progress() -> Any:
    """Return a context that shows how many courses are there; nothing where nobody watches."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def shown() -> Any:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Building the demonstration clinic", total=None)
            yield lambda n, of: bar.update(task, completed=n, total=of)

    return shown()


def _no_web(missing: ModuleNotFoundError) -> typer.Exit:
    return _refused(f"the pages need {missing.name}", "the web extra (pip install 'openipt[web]', or make run)")


def _refused(wrong: str, expected: str) -> typer.Exit:
    from openipt.cli.ending import refused
    from openipt.therapy.shelf import Problem, Refused

    return refused(Refused(Problem("serve", 0, "", wrong, expected)))


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((HOST, port)) == 0


def _plain(application: Any, port: int) -> None:
    from wsgiref.simple_server import make_server

    with make_server(HOST, port, application) as server:
        server.serve_forever()
