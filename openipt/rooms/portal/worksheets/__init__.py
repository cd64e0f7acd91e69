"""Worksheets, one step a screen, and a talk as a conversation."""
