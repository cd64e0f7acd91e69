"""One course, and whoever writes in it."""

from rooms.writing.desk import browser, course, flag, service

__all__ = ["browser", "course", "flag", "service"]
