"""The client's way in: how they can be reached safely, and the slip with which they come in."""
