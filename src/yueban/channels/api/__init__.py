"""The API for other systems: catalogue and verification, no personal data."""
