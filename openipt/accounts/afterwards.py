"""Work done after the answer has left: a mail takes its time, and how long it took would tell that one was sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

logger = logging.getLogger(__name__)
_ONE_AFTER_THE_OTHER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="afterwards")


def run_later(work: Callable[[], None]) -> None:
    """Do some work after the answer has left. If it fails, the log says of which kind the failure was, and no more."""
    _ONE_AFTER_THE_OTHER.submit(_quietly, work)


def _quietly(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as problem:  # what a mail server says repeats the address, so only the kind is kept
        logger.error("work after an answer failed: %s", type(problem).__name__)
    finally:
        connections.close_all()
