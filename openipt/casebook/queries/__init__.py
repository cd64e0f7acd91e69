"""One query per question, starting from what the actor may see."""
