"""The rooms: where people meet the course. Views and templates; no rules and no records of their own."""
