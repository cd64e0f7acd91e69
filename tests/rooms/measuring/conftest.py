"""One course, and whoever comes to it."""

from one_course import browser, course, service

__all__ = ["browser", "course", "service"]
