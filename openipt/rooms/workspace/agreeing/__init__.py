"""The first phase in the therapist's room: what it still needs and why, what stands, and a short page for each step."""
