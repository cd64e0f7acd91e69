"""The room of whoever runs a service: who works here, what is promised, whom to ring. No client is in it."""
