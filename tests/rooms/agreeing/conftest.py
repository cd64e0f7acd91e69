"""One course, and whoever writes in it."""

from rooms.agreeing.desk import browser, course, service

__all__ = ["browser", "course", "service"]
