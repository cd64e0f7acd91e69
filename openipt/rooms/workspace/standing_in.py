"""Words that stand in addresses for a course and a session until it is known which: what holds them is set once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

COURSE, SESSION = "the-course-it-is-in", "the-session-it-is-in"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a session of a course, or none where one only looks ahead."""

    course: str
    session: str = ""

    def put_in(self, text: str) -> str:
        """Put a course and its session into addresses, or into a text that holds some."""
        return text.replace(COURSE, quote(self.course, safe="")).replace(SESSION, quote(self.session, safe=""))
