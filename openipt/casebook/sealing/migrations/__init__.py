"""How the key store came to be as it is."""
