"""The worked cases, each read and replayed once."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from openipt.exchange.cases import Case, as_json, case_files, read_case, replay
from openipt.exchange.cases.replay import Replay
from openipt.therapy.shelf import Page, read_page


class Worked(NamedTuple):
    """A case as its file says it, as it was read, and as it was told."""

    page: Page
    case: Case
    told: Replay
    json: dict


@pytest.fixture(scope="session")
def worked() -> dict[str, Worked]:
    found = {}
    for path in case_files():
        page = read_page(path, path.name)
        case = read_case(page)
        told = replay(case)
        found[case.id] = Worked(page, case, told, as_json(told))
    return found
