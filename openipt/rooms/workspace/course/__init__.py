"""The story of a course on one page, and what stands behind each of its pictures."""
