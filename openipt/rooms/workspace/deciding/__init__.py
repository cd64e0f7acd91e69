"""Deciding: decision points, the second person who signs, the review half-way."""
