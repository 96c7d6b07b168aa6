"""The embedded search index of the consultation: words and meaning, files of its own, no database (decision 22)."""
