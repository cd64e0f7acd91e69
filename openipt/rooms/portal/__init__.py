"""The client's room: on a cheap phone, on a bad day, perhaps with somebody looking over the shoulder."""
