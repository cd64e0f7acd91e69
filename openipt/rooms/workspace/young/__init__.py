"""A young person's course: consent, their own word, and what caregivers see."""
