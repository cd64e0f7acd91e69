"""Our SQLite backend: durable settings in code, and a fair lock for writers."""
