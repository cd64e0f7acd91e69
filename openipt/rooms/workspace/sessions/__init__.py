"""A session in its moments: looking ahead, together, after, and the note that is signed."""
