"""Medication and other care: what is taken, what changed, and who else looks after the client."""
