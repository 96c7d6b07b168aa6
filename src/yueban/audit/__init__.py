"""Append-only events, chained by hash for each object and anchored once a day."""
