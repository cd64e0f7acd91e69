"""The mind: what Interpersonal Psychotherapy says about a case. Plain Python, no database, clock or network."""
