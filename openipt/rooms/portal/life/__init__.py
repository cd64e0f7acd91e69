"""The client's own life as they tell it: people, circle, timeline, goals and limits."""
