"""Shared components of every room: the page frame, the words filters, the style, and their gallery."""
