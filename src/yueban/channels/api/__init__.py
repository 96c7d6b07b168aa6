"""The API for other systems: catalogue and verification for all, the rest with a key."""
