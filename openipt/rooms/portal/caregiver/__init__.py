"""Young people and those who care for them: one's own word, who sees what, and the one page of a caregiver."""
