"""Exchange of items: one description of their tables, read and written as national JSON and as Excel."""
