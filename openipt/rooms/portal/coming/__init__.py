"""Coming in and leaving: the slip, the lock, the keys, the phones that are signed in."""
