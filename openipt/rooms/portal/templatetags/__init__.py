"""Template filters of the client's own material."""
