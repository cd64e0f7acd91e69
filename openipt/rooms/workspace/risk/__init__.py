"""Risk: the safety plan one tap away, what the service can promise, a flag that was passed on, and who looked."""
