"""The ids of the worked cases on the shelf, for tests that run once a case."""

from __future__ import annotations

import re

from openipt.exchange.cases import case_files

CASE_IDS = tuple(
    re.search(r"^ *id: (C\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)[1] for path in case_files()
)
