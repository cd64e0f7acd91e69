"""Template filters of the room of whoever runs a service."""
