"""The therapist's room: caseload, course story, session page, manuals."""
