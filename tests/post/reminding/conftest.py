"""A client who may be written to, in a service of real people; whatever is mailed is counted."""

from __future__ import annotations

import pytest
from post.reminding.counted import Course, Post, a_course

from openipt.post.reminding import sending


@pytest.fixture
def post(monkeypatch) -> Post:
    one = Post()
    monkeypatch.setattr(sending, "write_to", one.write_to)
    return one


@pytest.fixture
def course(db, post, settings) -> Course:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return a_course(post)
