"""A service takes ten slips a minute from one address, and all phones of a journey come from one."""

from __future__ import annotations

import time
from collections import deque

MINUTE, AT_MOST = 61, 9
_handed_in: deque[float] = deque(maxlen=AT_MOST)


def wait_for_a_place() -> None:
    """Wait until one more slip may be handed in."""
    if len(_handed_in) == AT_MOST:
        time.sleep(max(0.0, _handed_in[0] + MINUTE - time.monotonic()))
    _handed_in.append(time.monotonic())
