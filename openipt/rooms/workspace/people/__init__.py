"""The people of the client's life: who they are, where they stand, what binds them to each other, what moved."""
