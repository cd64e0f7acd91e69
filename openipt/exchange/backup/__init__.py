"""Backup and restore of a service in SQLite: the record and the keys, as two encrypted files made at one moment."""
