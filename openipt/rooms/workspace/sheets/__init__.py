"""The sheets of the middle phase, laid out by hand over the same definitions and the same checker (RULINGS 20)."""
