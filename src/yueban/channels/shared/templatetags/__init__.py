"""Template filters of all channels."""
