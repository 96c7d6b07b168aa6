"""Encryption of personal data at rest, blind indexes to find it by, and the log of unmasking."""
