"""Once a page is written, what it was made from is gone at once: nobody has to look for it as garbage first."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, engines


class Record:
    """Stands for the record of a course."""

    words = "I will not answer this one by text."


@pytest.fixture
def nobody_looks_for_garbage() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("request_of_it", [None, HttpRequest()])
def test_a_record_is_gone_with_its_page(nobody_looks_for_garbage: None, request_of_it: HttpRequest | None) -> None:
    record = Record()
    gone = weakref.ref(record)
    page = engines["pages"].from_string(
        "{% with one=record %}{% for _ in 'ab' %}{{ one.words }}{% endfor %}{% endwith %}"
    )

    assert page.render({"record": record}, request_of_it).count(record.words) == 2
    del record
    assert gone() is None


def test_a_template_that_is_missing_is_named() -> None:
    with pytest.raises(TemplateDoesNotExist, match="no-such-page"):
        engines["pages"].from_string('{% include "no-such-page.html" %}').render({})
    with pytest.raises(TemplateDoesNotExist, match="no-such-page"):
        engines["pages"].get_template("no-such-page.html")
