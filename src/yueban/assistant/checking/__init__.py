"""Whether what is said stands in what is cited, and what of a question may be seen by a model or a log."""
