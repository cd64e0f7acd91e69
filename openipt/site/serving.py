"""Serving pages from a few processes, each of which works one request at a time.

Threads of one process have one interpreter between them: pages worked at once take turns in the middle, and whoever
holds the lock of all who write waits for those who do not. A process for each core, a connection for each request (so
the next one goes to whoever is free) is quicker for everybody. What would keep such a process waiting is kept away: a
browser that has connected and says nothing is not noticed before it does, and one that falls silent is hung up on.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.sync import SyncWorker

from openipt.site.large_pages import use_large_pages
from openipt.site.room import with_room

WORKERS = 2  # at most, and one a core: a page waits for none of them, and each takes its own memory
SILENCE = 3.0  # seconds a browser may fall silent in the middle of a request; what it typed is still on its page
LONGEST = 120  # seconds a request may take before its process is thought dead: the longest is a pack of paper
UNSAID = 60  # seconds the system keeps a connection on which nothing was said
WARM = 100  # requests after which a worker has made what it keeps
IN_TURN = 0.05  # seconds; where there are threads, one request is worked to its end


class OneByOne(SyncWorker):  # type: ignore[misc]
    """A worker that waits for nobody who falls silent."""

    def handle(self, listener: Any, client: socket.socket, address: Any) -> None:
        """Answer one request."""
        client.settimeout(SILENCE)
        super().handle(listener, client, address)
        if self.nr == WARM:
            use_large_pages()


class Served(BaseApplication):  # type: ignore[misc]
    """The pages as gunicorn serves them."""

    def __init__(self, application: Any, host: str, port: int) -> None:
        self._application = application
        self._bind = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn has to know; a setting that its version does not have is left out."""
        for name, value in {
            "bind": self._bind,
            "workers": min(WORKERS, os.cpu_count() or 1),
            **_way(),
            "timeout": LONGEST,
            "post_worker_init": _settle,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the pages."""
        return with_room(self._application)


def serve_pages(application: Any, host: str, port: int) -> None:
    """Serve the pages until somebody stops them."""
    sys.argv = ["openipt"]  # gunicorn would read our own options as its own
    _read_ahead()
    Served(application, host, port).run()


def _way() -> dict[str, Any]:
    """Return how requests are worked: one by one where the system can wait for the first word of a connection."""
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        return {"worker_class": OneByOne, "when_ready": _wait_for_the_first_word}
    return {"threads": 4}  # or two browsers that connect ahead would keep everybody waiting


def _wait_for_the_first_word(server: Any) -> None:
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, UNSAID)


def _read_ahead() -> None:
    """Read what nearly every page asks for before the workers part: they share it, and no first page waits for it.

    It is left out of every later search for garbage, which would also make each worker a copy of its own.
    """
    from django.urls import get_resolver

    from openipt.rooms.workspace.sessions.came_in import unseen
    from openipt.therapy.shelf import settle

    settle()
    _ = get_resolver().url_patterns
    unseen()  # what waits to be looked at: every form of the shelf is opened for it
    gc.collect()
    gc.freeze()


def _settle(_worker: Any) -> None:
    """Make a worker ready."""
    sys.setswitchinterval(IN_TURN)
    gc.set_threshold(20_000, 20, 20)
    use_large_pages()
