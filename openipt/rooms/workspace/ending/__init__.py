"""Ending: how a course ends, goes on, changes hands, and what follows a missed session."""
