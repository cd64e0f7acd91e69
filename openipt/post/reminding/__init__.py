"""Reminders to clients: planned from the record, sent once or given up with a reason, and followed to their answer."""
