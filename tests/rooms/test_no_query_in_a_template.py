"""A template shows what it is given: while one is rendered nothing is asked of a database; and no page asks much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from casebooks import Service
from django.db import connections
from django.template import Context
from django.template.base import Template
from django.test import Client
from django.utils import timezone
from journeys.staff_pages import OF_AN_EMPTY_COURSE, PAGES

from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment
from openipt.casebook.operations.standing import rebuild_standing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MOST = 15  # DESIGN section 8
OF_A_GROUP = 20  # the record of the group beside that of its member; it does not grow with either
OUTSIDE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
STORES = ("default", "keys")


@dataclass
class Asked:
    """What was asked of the databases: every question, and those that a template asked."""

    every: list[str] = field(default_factory=list)
    by_templates: list[tuple[str, str]] = field(default_factory=list)
    rendering: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(OUTSIDE):
            self.every.append(sql)
            if self.rendering:
                self.by_templates.append((self.rendering[-1], sql))
        return execute(sql, params, many, context)


@contextmanager
def listening() -> Iterator[Asked]:
    """Listen at both stores, and know which template is being rendered."""
    asked, render = Asked(), Template.render

    def rendered(self: Template, context: Any) -> Any:
        asked.rendering.append(str(self.name))
        try:
            return render(self, context)
        finally:
            asked.rendering.pop()

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", rendered)
        for store in STORES:
            stack.enter_context(connections[store].execute_wrapper(asked))
        yield asked


def ask(browser: Client, address: str) -> Asked:
    """Open a page twice, and return what the second time asked: what a process asks once is known by then."""
    browser.get(address)
    with listening() as asked:
        assert browser.get(address).status_code in (200, 302, 400, 404), address
    return asked


@pytest.fixture
def this_morning(clinic: Service) -> None:
    """The rows of the caseload as the night makes them anew."""
    for one in Enrolment.objects.select_related("client", "group", "organisation"):
        rebuild_standing(one, timezone.now())


@pytest.mark.usefixtures("this_morning")
def test_no_template_of_a_therapists_page_asks_a_database_and_no_page_asks_much(visitor, places) -> None:
    assert len(places) > len(PAGES) - 6, sorted(PAGES.keys() - places.keys())
    told = {name: ask(visitor, path) for name, path in places.items()}

    assert {name: asked.by_templates for name, asked in told.items() if asked.by_templates} == {}
    much = {name: len(asked.every) for name, asked in told.items() if len(asked.every) > MOST}
    assert {name: n for name, n in much.items() if "group" not in name or n > OF_A_GROUP} == {}


def test_nor_does_one_of_a_course_that_has_just_begun(clinic: Service, visitor: Client) -> None:
    course = clinic.begin().label
    for tail in OF_AN_EMPTY_COURSE:
        asked = ask(visitor, f"/courses/{course}/{tail}")
        assert (asked.by_templates, len(asked.every) <= MOST) == ([], True), tail


def test_a_template_that_asks_is_caught(clinic: Service) -> None:
    with listening() as asked:
        page = Template("{{ people.count }}", name="asking.html")
        page.render(Context({"people": Account.objects}))

    assert [name for name, _ in asked.by_templates] == ["asking.html"]
