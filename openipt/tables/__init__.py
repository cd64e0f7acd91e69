"""Asking and writing tables quickly. Knows nothing of what is in them."""
