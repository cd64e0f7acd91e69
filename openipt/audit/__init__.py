"""Who did and who saw what: append-only events in one hash chain per client."""

from openipt.audit.canonical import digest

__all__ = ["digest"]
