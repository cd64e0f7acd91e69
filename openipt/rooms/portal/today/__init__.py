"""Today: one thing at a time, with the diary, the small sheets, the next session and the notes that remind."""
