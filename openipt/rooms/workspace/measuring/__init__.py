"""Measures: typed from paper in seconds, and what became of them, symptoms and life with people as equals."""
