"""From a question to the subjects and pieces it may be about."""
