"""Data elements, code lists and canonical materials: the words that forms, rules and profiles share."""
