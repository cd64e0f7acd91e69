"""Questionnaires, one question a screen, signed in or by a link; and the own curve in words."""
