"""Every page of the client's room that a phone can reach: those of the address book, and wherever their links lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import resolve
from django.urls.exceptions import Resolver404
from evidence.address_book import BOOK

ROOM = ("my/", "in/", "help/", "away/", "n/", "near/")
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
# Two steps of a sheet look alike to a phone that only wants to know how large a page is; so do two lessons.
MOST_OF_A_KIND = 12


def of_the_room() -> dict[str, str]:
    """The addresses of the client's room, as the book has them: pattern and an address of nobody's."""
    return {one.pattern: one.path for one in BOOK if one.pattern.startswith(ROOM) and "{" not in one.path}


def pattern_of(address: str) -> str:
    """The pattern that an address follows; empty where it follows none."""
    try:
        return str(resolve(address.partition("?")[0]).route)
    except Resolver404:
        return ""


def walk_about(get: Callable[[str], Any], *more: str, most: int = MOST_OF_A_KIND) -> Iterator[tuple[str, Any]]:
    """Yield each page with its answer: open those of the book and some more, and follow every link into the room.

    Args:
        get: Asks for an address.
        more: Addresses that no link of today leads to.
        most: So many pages of one pattern are opened.
    """
    waits, seen, times = [*of_the_room().values(), *more], set[str](), dict[str, int]()
    while waits:
        address = waits.pop(0)
        pattern = pattern_of(address)
        if address in seen or not pattern.startswith(ROOM) or times.get(pattern, 0) >= most:
            continue
        seen.add(address)
        times[pattern] = times.get(pattern, 0) + 1
        answer = get(address)
        yield address, answer
        if answer.status_code in (301, 302):
            waits.append(answer["Location"])
        elif "html" in answer.get("Content-Type", ""):
            waits += LINK.findall(answer.content.decode())
