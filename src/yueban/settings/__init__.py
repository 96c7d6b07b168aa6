"""Settings by purpose: base, demo, test and production."""
