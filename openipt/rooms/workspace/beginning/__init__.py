"""A course begins, a session begins, or nobody came."""
