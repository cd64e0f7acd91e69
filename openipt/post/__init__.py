"""Messages, and the tick of due things: how a flag reaches a person."""
