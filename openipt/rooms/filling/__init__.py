"""Filling: shows any form on the shelf, empty for the screen and for paper, or filled as it stands in a record."""
