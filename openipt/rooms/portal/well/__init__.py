"""What keeps well: lessons, early signs, the bad day; what is the client's, and who looked."""
