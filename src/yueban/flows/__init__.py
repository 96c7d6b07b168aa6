"""One readable file per promise: what several apps do together, in one transaction."""
