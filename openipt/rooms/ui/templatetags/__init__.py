"""Template filters of the shared components."""
